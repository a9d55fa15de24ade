package xyz.openledger.nativekernels.strict;

/** Which two values of a head turn together. */
public enum RotaryLayout {
  /** Value i with value i + half, as Llama's checkpoints on Hugging Face. */
  HALVES,
  /** Value 2i with value 2i + 1, as GGUF files of Llama. */
  INTERLEAVED
}
