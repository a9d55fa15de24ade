package xyz.openledger.chainanchor.receipts;

/**
 * One step from the trusted start to the receipt.
 *
 * @param name a kebab-case word, such as {@code inclusion}
 * @param reason what was found, in one sentence
 */
public record Check(String name, Outcome outcome, String reason) {

  /** How a check came out. */
  public enum Outcome {
    PASSED,
    FAILED,
    /** The trusted start does not allow it; the reason says what would. */
    SKIPPED
  }
}
