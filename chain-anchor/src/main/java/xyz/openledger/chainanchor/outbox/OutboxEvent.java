package xyz.openledger.chainanchor.outbox;

import org.jspecify.annotations.Nullable;

/** What happened to the outbox. Written down before anything is done about it. */
public sealed interface OutboxEvent {

  /** A new row. */
  record Planned(String id, Intent intent) implements OutboxEvent {}

  /**
   * The one anchor that was not signed yet reaches further: while the chain is away, one row holds
   * all that waits.
   */
  record AnchorGrown(String id, long toSize, String rootHex) implements OutboxEvent {}

  /** The chain's log has another size than the unsigned anchor thought: it starts from there. */
  record AnchorShifted(String id, long fromSize) implements OutboxEvent {}

  /** A transaction was signed; it is sent only now that it is stored. */
  record Signed(String id, long nonce, Attempt attempt) implements OutboxEvent {}

  /** A node took the last attempt, or may have. */
  record Sent(String id, long atBlock) implements OutboxEvent {}

  /**
   * A transaction of it is in a block of the chain, and succeeded.
   *
   * @param cost as far as the node said it
   */
  record Mined(
      String id, String txHash, long blockNumber, String blockHash, @Nullable TransactionCost cost)
      implements OutboxEvent {}

  /** Its block is safe. */
  record Safe(String id) implements OutboxEvent {}

  /**
   * Its effect is in the chain's final state, of which this block is part. The row leaves; should
   * the block ever change, it comes back.
   */
  record Finalized(String id, long blockNumber, String blockHash) implements OutboxEvent {}

  /** Its block is no longer in the chain. */
  record Rewound(String id, String reason) implements OutboxEvent {}

  /** The chain refused the transaction, which used up its nonce. */
  record Reverted(String id, String txHash, long blockNumber) implements OutboxEvent {}

  /** Another transaction used its nonce, and none of its own was mined. */
  record NonceTaken(String id, long nonce) implements OutboxEvent {}

  /** Its effect is on the chain without it. */
  record Satisfied(String id, String detail) implements OutboxEvent {}

  /** The effect that satisfied it is gone. */
  record Unsatisfied(String id) implements OutboxEvent {}

  /** The chain contradicts it for good. */
  record Conflicted(String id, String detail) implements OutboxEvent {}

  /**
   * The chain will not have it, and its kind may be given up: the row leaves, whoever planned it is
   * told.
   */
  record Abandoned(String id, String reason) implements OutboxEvent {}

  /**
   * No transaction in flight can ever be mined, for a nonce before theirs is missing: all of them
   * are signed anew.
   */
  record Renumbered(String reason) implements OutboxEvent {}

  /** The chain lost blocks that it had called final: everything remembered is checked again. */
  record RolledBack(long blockNumber, String blockHash) implements OutboxEvent {}
}
