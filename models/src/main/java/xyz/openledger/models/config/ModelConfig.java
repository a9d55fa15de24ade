package xyz.openledger.models.config;

import java.util.List;
import java.util.Optional;
import xyz.openledger.models.files.Refused;
import xyz.openledger.nativekernels.strict.StrictAttention;

/**
 * The shape of a decoder of the Llama family.
 *
 * @param family what it calls itself: llama, mistral, qwen2, qwen3
 * @param headSize numbers per attention head
 * @param keyValueHeads heads of keys and values; query heads share them in groups
 * @param contextMax tokens of prompt and answer together
 * @param slidingWindow how many tokens a token sees, itself included; 0: all before it
 * @param queryKeyNorm whether queries and keys are normed head by head
 * @param attentionBias whether query, key and value have biases
 * @param tiedEmbeddings whether the embedding is also the last layer
 * @param endTokens what ends an answer
 */
public record ModelConfig(
    String family,
    int vocabularySize,
    int hiddenSize,
    int intermediateSize,
    int layers,
    int heads,
    int keyValueHeads,
    int headSize,
    int contextMax,
    int slidingWindow,
    double ropeTheta,
    Optional<RopeScaling> ropeScaling,
    double normEpsilon,
    boolean queryKeyNorm,
    boolean attentionBias,
    boolean tiedEmbeddings,
    List<Integer> endTokens) {
  private static final int SIZE_MAX = 1 << 20;

  /** As Llama 3.1 stretches its context. */
  public record RopeScaling(
      double factor, double lowFrequencyFactor, double highFrequencyFactor, int contextBefore) {
    /** Refuses what would divide by zero. */
    public RopeScaling {
      if (!(factor >= 1)
          || !(lowFrequencyFactor > 0)
          || !(highFrequencyFactor > lowFrequencyFactor)
          || contextBefore < 1) {
        throw Refused.because("rope_scaling", "has factors that make no sense");
      }
    }
  }

  /** Refuses sizes that no model has, and such as do not fit together. */
  public ModelConfig {
    endTokens = List.copyOf(endTokens);
    within("vocab_size", vocabularySize, 2, 1 << 22);
    within("hidden_size", hiddenSize, 1, SIZE_MAX);
    within("intermediate_size", intermediateSize, 1, SIZE_MAX);
    within("num_hidden_layers", layers, 1, 1_000);
    within("num_attention_heads", heads, 1, 4_096);
    within("num_key_value_heads", keyValueHeads, 1, heads);
    within("head_dim", headSize, 2, StrictAttention.HEAD_MAX);
    within("max_position_embeddings", contextMax, 1, 1 << 24);
    within("sliding_window", slidingWindow, 0, 1 << 24);
    if (heads % keyValueHeads != 0) {
      throw Refused.because(
          "num_key_value_heads", keyValueHeads + " does not divide " + heads + " heads");
    }
    if (headSize % 2 != 0) {
      throw Refused.because("head_dim", headSize + " is odd; rotary positions turn pairs");
    }
    if (!(ropeTheta >= 1 && ropeTheta <= 1e12)) {
      throw Refused.because("rope_theta", ropeTheta + " is not between 1 and 1e12");
    }
    if (!(normEpsilon > 0 && normEpsilon < 1)) {
      throw Refused.because("rms_norm_eps", normEpsilon + " is not between 0 and 1");
    }
    for (int token : endTokens) {
      within("eos_token_id", token, 0, vocabularySize - 1);
    }
  }

  /** Width of all query heads together. */
  public int queryWidth() {
    return heads * headSize;
  }

  /** Width of all key heads together, and of all value heads. */
  public int keyValueWidth() {
    return keyValueHeads * headSize;
  }

  /** How many numbers all weights are, the tied embedding counted once. */
  public long parameters() {
    long attention =
        (long) hiddenSize * (2L * queryWidth() + 2L * keyValueWidth())
            + (attentionBias ? queryWidth() + 2L * keyValueWidth() : 0)
            + (queryKeyNorm ? 2L * headSize : 0);
    long layer = attention + 3L * hiddenSize * intermediateSize + 2L * hiddenSize;
    long embedding = (long) vocabularySize * hiddenSize;
    return layers * layer + hiddenSize + (tiedEmbeddings ? embedding : 2 * embedding);
  }

  private static void within(String field, int value, int min, int max) {
    if (value < min || value > max) {
      throw Refused.because(field, "is %d, not between %d and %d".formatted(value, min, max));
    }
  }
}
