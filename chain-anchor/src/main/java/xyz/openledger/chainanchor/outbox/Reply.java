package xyz.openledger.chainanchor.outbox;

import org.jspecify.annotations.Nullable;

/** What comes of an {@link Action}. It may come late, twice, or never, and may be a lie. */
public sealed interface Reply {

  /** The hash of a block; empty if there is none of that number. */
  record Block(String hash) implements Reply {}

  /**
   * A transaction's receipt.
   *
   * @param cost absent where the node does not say it, or says nonsense
   */
  record Receipt(BlockRef block, boolean succeeded, @Nullable TransactionCost cost)
      implements Reply {}

  /** There is no receipt. */
  record NoReceipt() implements Reply {}

  /** How many transactions of the lane's key the latest state has. */
  record Nonce(long nonce) implements Reply {}

  /** A signed transaction. */
  record Signature(Attempt attempt) implements Reply {}

  /** What a node says of a transaction sent to it. */
  enum Sending implements Reply {
    /** Taken now. */
    ACCEPTED,
    /** Taken before. */
    KNOWN,
    /** The nonce is used up: by this transaction, an earlier attempt, or somebody else's. */
    NONCE_TOO_LOW,
    /** It pays too little, in itself or to replace the one with its nonce. */
    UNDERPRICED
  }

  /**
   * A node refuses a transaction for anything else: no funds, a full pool. It is sent again later.
   *
   * @param reason what it says, and what to do where that is known
   */
  record Refused(String reason) implements Reply {}

  /** Whether an intent's effect is on the chain, as of the block asked about. */
  sealed interface Effect extends Reply {

    /** It is there. */
    record Done(String detail) implements Effect {}

    /** It is there, and does not count yet: an epoch can be challenged before it pays. */
    record Pending(String detail) implements Effect {}

    /**
     * It is not there, and could happen.
     *
     * @param logSize for an anchor: how many leaves the chain's log has; else 0
     */
    record Absent(long logSize) implements Effect {}

    /** It is not there, and the contract would refuse it now. */
    record Blocked(String reason) implements Effect {}

    /** It can never be: something else is there in its place. */
    record Conflict(String reason) implements Effect {}
  }
}
