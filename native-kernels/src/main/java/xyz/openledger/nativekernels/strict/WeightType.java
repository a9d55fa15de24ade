package xyz.openledger.nativekernels.strict;

/** How weights lie in memory. Both expand to fp32 exactly; sums are fp32 for both. */
public enum WeightType {
  /** IEEE 754 binary32, little-endian. */
  F32(4),
  /** The upper half of a binary32, little-endian. */
  BF16(2);

  private final int bytes;

  WeightType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one weight. */
  public int bytes() {
    return bytes;
  }
}
