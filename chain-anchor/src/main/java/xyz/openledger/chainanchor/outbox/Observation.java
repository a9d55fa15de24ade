package xyz.openledger.chainanchor.outbox;

/** What was seen of the chain. */
public sealed interface Observation {

  /**
   * A new head. The follower reports every block in order where it can.
   *
   * @param safeNumber the highest block the chain calls safe
   * @param finalNumber the highest block the chain calls final
   */
  record HeadSeen(
      long number,
      String hash,
      String parentHash,
      long safeNumber,
      long finalNumber,
      long baseFeeWei)
      implements Observation {
    BlockRef ref() {
      return new BlockRef(number, hash);
    }
  }

  /** What came of an action. */
  record Answered(Action action, Reply reply) implements Observation {}
}
