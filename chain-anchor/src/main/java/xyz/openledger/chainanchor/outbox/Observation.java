package xyz.openledger.chainanchor.outbox;

/** What was seen of the chain. */
public sealed interface Observation {

  /**
   * A new head. The follower reports every block in order where it can.
   *
   * @param safeNumber the highest block the chain calls safe
   * @param finalNumber the highest block the chain calls final
   * @param suggestedTipWei the priority fee per gas that the node suggests; 0 if it suggests none
   */
  record HeadSeen(
      long number,
      String hash,
      String parentHash,
      long safeNumber,
      long finalNumber,
      long baseFeeWei,
      long suggestedTipWei)
      implements Observation {
    BlockRef ref() {
      return new BlockRef(number, hash);
    }

    /** The same with what the node suggests. */
    public HeadSeen suggesting(long tipWei) {
      return new HeadSeen(number, hash, parentHash, safeNumber, finalNumber, baseFeeWei, tipWei);
    }
  }

  /** What came of an action. */
  record Answered(Action action, Reply reply) implements Observation {}
}
