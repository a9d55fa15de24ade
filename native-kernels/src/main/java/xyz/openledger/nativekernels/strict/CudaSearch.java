package xyz.openledger.nativekernels.strict;

/** What a look for a graphics processor found. */
public sealed interface CudaSearch {
  /**
   * There is one. Whoever looked closes it.
   *
   * @param devices how many there are; the first is the one that serves
   */
  record Found(CudaDevice device, String name, int devices) implements CudaSearch {}

  /** There is none, or no library for it, and why. */
  record Absent(String why) implements CudaSearch {}
}
