package xyz.openledger.chainanchor.accounts;

import java.util.List;

/**
 * What a node earned, and where each part of it stands.
 *
 * @param payee the owner's address; empty if the node never ran anything
 * @param earnedNanoOpen waits for the next payout epoch to close
 * @param publishingNanoOpen waits for the open epoch to be final on the chain, and to pay
 * @param claimableNanoOpen was released to the owner for claiming, and not claimed yet; a claim is
 *     for all nodes of an owner, and is counted here once its block is final
 * @param withheldNanoOpen what unpaid replicas would have brought
 * @param claimedNanoOpen was claimed on the chain
 * @param lines the last {@link Earnings#LINES_MAX}, oldest first; one that was claimed in part
 *     counts as one and stands as two
 */
public record EarningsStatement(
    String nodeId,
    String payee,
    long earnedNanoOpen,
    long publishingNanoOpen,
    long claimableNanoOpen,
    long withheldNanoOpen,
    long claimedNanoOpen,
    List<Line> lines) {

  /** What was paid before the first of the lines. */
  public long earlierNanoOpen() {
    long lines =
        lines().stream()
            .filter(line -> line.standing() != Standing.WITHHELD)
            .mapToLong(Line::netNanoOpen)
            .sum();
    return earnedNanoOpen + publishingNanoOpen + claimableNanoOpen + claimedNanoOpen - lines;
  }

  /**
   * One replica.
   *
   * @param standing where its money is
   * @param epoch the payout epoch it is in; 0 while in none
   * @param reason why it is withheld; empty if it is not
   */
  public record Line(
      String jobId,
      String replicaId,
      long netNanoOpen,
      long feeNanoOpen,
      Standing standing,
      long epoch,
      String reason) {

    Line part(long net, long fee, Standing other) {
      return new Line(jobId, replicaId, net, fee, other, epoch, reason);
    }
  }

  /** Where a replica's money is, and what releases it. */
  public enum Standing {
    /** In no payout epoch yet; released by the close of the next. */
    EARNED,
    /** In an epoch; released when it is final on the chain and pays. */
    PUBLISHING,
    /** The owner may claim it. */
    CLAIMABLE,
    /** The owner has claimed it on the chain. */
    CLAIMED,
    /** Not paid. */
    WITHHELD
  }
}
