package xyz.openledger.chainanchor.accounts;

/**
 * What a payee sees of his earnings.
 *
 * @param earnedNanoOpen waits for the next payout epoch
 * @param publishingNanoOpen waits for the epoch's root to be final on the chain
 * @param claimableNanoOpen can be claimed on the chain now
 * @param cumulativeNanoOpen all that ever went into a payout epoch; cumulative − publishing −
 *     claimable was claimed
 */
public record PayeeBalance(
    long earnedNanoOpen, long publishingNanoOpen, long claimableNanoOpen, long cumulativeNanoOpen) {

  /** What was claimed so far. */
  public long claimedNanoOpen() {
    return cumulativeNanoOpen - publishingNanoOpen - claimableNanoOpen;
  }
}
