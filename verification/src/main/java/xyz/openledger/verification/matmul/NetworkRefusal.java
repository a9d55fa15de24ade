package xyz.openledger.verification.matmul;

/** Bytes that are no network, or no result of one. The only exception that reading them throws. */
public final class NetworkRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int byteOffset;
  private final String sentence;

  NetworkRefusal(int byteOffset, String sentence) {
    // An answer, not a fault: nobody reads its stack, and bad bytes come in floods.
    super("at byte " + byteOffset + ": " + sentence, null, false, false);
    this.byteOffset = byteOffset;
    this.sentence = sentence;
  }

  /** Where. */
  public int byteOffset() {
    return byteOffset;
  }

  /** What is wrong. */
  public String sentence() {
    return sentence;
  }
}
