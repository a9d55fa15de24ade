package xyz.openledger.pools.governance;

/** What the rules in force say of a job that asks to be admitted. */
public sealed interface Ruling {
  /** It may run, under these conditions. */
  record Admitted(Governed governed) implements Ruling {}

  /**
   * It may not.
   *
   * @param field of the job, with the path from its root; empty if it is about no single one
   * @param reason a sentence that names the epoch
   */
  record Refused(String field, String reason) implements Ruling {}
}
