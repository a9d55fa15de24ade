package xyz.openledger.chainanchor.outbox;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One intent on its way.
 *
 * @param id names it for whoever planned it
 * @param sequence the order in which rows were planned
 * @param nonce of its transactions; −1 while it has none
 * @param attempts its signed transactions: the one that was mined last, else the dearest
 * @param sentAtBlock the head when the last attempt was last sent; −1 if it was not
 * @param reverts how many of its transactions the chain has refused so far
 * @param block where it was mined; {@link BlockRef#NONE} if it is not
 * @param cost what that cost, if the node said it
 */
public record OutboxRow(
    String id,
    long sequence,
    Intent intent,
    State state,
    long nonce,
    List<Attempt> attempts,
    long sentAtBlock,
    int reverts,
    BlockRef block,
    @Nullable TransactionCost cost) {

  /** How far it is. */
  public enum State {
    /** To be checked against the chain, then signed. */
    PLANNED,
    /** Signed and stored, not known to be sent. */
    SIGNED,
    /** A node took it. */
    SENT,
    /** In a block of the chain. */
    MINED,
    /** In a block that the chain calls safe. */
    SAFE,
    /** Its effect is on the chain, by a transaction that is not one of these attempts. */
    SATISFIED,
    /** The chain contradicts it, or took it back; a person must look. It is never sent. */
    CONFLICTED
  }

  /** Keeps its own copy. */
  public OutboxRow {
    attempts = List.copyOf(attempts);
  }

  static OutboxRow planned(String id, long sequence, Intent intent) {
    return new OutboxRow(
        id, sequence, intent, State.PLANNED, -1, List.of(), -1, 0, BlockRef.NONE, null);
  }

  /** Whether a transaction of it may be in somebody's pool and is in no block. */
  public boolean isInFlight() {
    return state == State.SIGNED || state == State.SENT;
  }

  /** Whether a transaction of it is in a block. */
  public boolean isMined() {
    return state == State.MINED || state == State.SAFE;
  }

  boolean owns(String txHash) {
    return attempts.stream().anyMatch(attempt -> attempt.txHash().equals(txHash));
  }

  OutboxRow with(Intent changed) {
    return new OutboxRow(
        id, sequence, changed, state, nonce, attempts, sentAtBlock, reverts, block, cost);
  }

  OutboxRow signed(long atNonce, Attempt attempt) {
    var all = new ArrayList<>(attempts);
    all.add(attempt);
    State next = state == State.PLANNED ? State.SIGNED : state;
    return new OutboxRow(id, sequence, intent, next, atNonce, all, -1, reverts, block, cost);
  }

  OutboxRow sent(long atBlock) {
    State next = state == State.SIGNED ? State.SENT : state;
    return new OutboxRow(
        id, sequence, intent, next, nonce, attempts, atBlock, reverts, block, cost);
  }

  /** In a block, by the attempt that now stands last. */
  OutboxRow mined(String txHash, BlockRef at, @Nullable TransactionCost paid) {
    var all = new ArrayList<>(attempts);
    all.sort(Comparator.comparing(attempt -> attempt.txHash().equals(txHash)));
    return new OutboxRow(
        id, sequence, intent, State.MINED, nonce, all, sentAtBlock, reverts, at, paid);
  }

  /** The attempt that offers most. */
  Attempt dearest() {
    return Collections.max(attempts, Comparator.comparingLong(Attempt::tipWeiPerGas));
  }

  OutboxRow in(State changed) {
    return new OutboxRow(
        id, sequence, intent, changed, nonce, attempts, sentAtBlock, reverts, block, cost);
  }

  /** Back in the pool: its stored bytes are sent again. */
  OutboxRow rewound() {
    return new OutboxRow(
        id, sequence, intent, State.SENT, nonce, attempts, -1, reverts, BlockRef.NONE, null);
  }

  /** Back to the start, without nonce and transactions. */
  OutboxRow replanned(int moreReverts) {
    return new OutboxRow(
        id,
        sequence,
        intent,
        State.PLANNED,
        -1,
        List.of(),
        -1,
        reverts + moreReverts,
        BlockRef.NONE,
        null);
  }
}
