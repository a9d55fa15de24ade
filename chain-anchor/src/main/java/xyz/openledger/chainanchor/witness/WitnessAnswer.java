package xyz.openledger.chainanchor.witness;

/** What a witness says to a checkpoint. */
public sealed interface WitnessAnswer {

  /**
   * It follows what was seen before, and is now the last that was seen.
   *
   * @param line the signature line, ended by a newline
   */
  record Cosigned(String line) implements WitnessAnswer {}

  /** The log believes something else of what was seen than the witness knows: it saw this size. */
  record Conflict(long seenSize, String reason) implements WitnessAnswer {}

  /** The proof does not lead from what was seen to the checkpoint: this is another log. */
  record Forked(String reason) implements WitnessAnswer {}

  /** It is not signed by the log's key. */
  record Untrusted(String reason) implements WitnessAnswer {}

  /** It is of a log that this witness does not follow. */
  record Unknown(String reason) implements WitnessAnswer {}

  /** It contradicts itself. */
  record Malformed(String reason) implements WitnessAnswer {}
}
