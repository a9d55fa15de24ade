package xyz.openledger.pools;

import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

/**
 * What is left of a job's price limit. A lease reserves what its replica costs if it burns all its
 * fuel; what it did not burn comes back. So the limit holds whatever happens.
 *
 * <pre>
 *   priceMax = paid + reserved + remaining
 * </pre>
 *
 * <p>All amounts in nano-OPEN.
 */
public record Budget(long priceMaxNanoOpen, long reservedNanoOpen, long paidNanoOpen) {

  /** Checks that nothing is negative and the sum holds. */
  public Budget {
    Check.range("priceMaxNanoOpen", priceMaxNanoOpen, 0, Long.MAX_VALUE);
    Check.range("paidNanoOpen", paidNanoOpen, 0, priceMaxNanoOpen);
    Check.range("reservedNanoOpen", reservedNanoOpen, 0, priceMaxNanoOpen - paidNanoOpen);
  }

  /** The budget of a job that has not started. */
  public static Budget of(long priceMaxNanoOpen) {
    return new Budget(priceMaxNanoOpen, 0, 0);
  }

  /** What is neither paid nor reserved. */
  public long remainingNanoOpen() {
    return priceMaxNanoOpen - reservedNanoOpen - paidNanoOpen;
  }

  /**
   * The most that one further replica may cost in the worst case: an equal share of what remains,
   * so that the first replicas do not eat what the last ones need.
   *
   * @param replicas how many the job still needs at least, this one among them: for each task
   *     without a verdict, the votes that are missing
   */
  public long shareNanoOpen(int replicas) {
    return remainingNanoOpen() / Check.range("replicas", replicas, 1, Integer.MAX_VALUE);
  }

  /**
   * Reserves the worst case of one lease.
   *
   * @throws ProblemException {@code budget-exhausted} if less remains
   */
  public Budget reserve(long nanoOpen) {
    if (nanoOpen > remainingNanoOpen()) {
      throw new ProblemException(
          Problem.BUDGET_EXHAUSTED,
          "policy.limits.priceMaxNanoOpen",
          "a replica may cost %d nano-OPEN, %d of %d remain"
              .formatted(nanoOpen, remainingNanoOpen(), priceMaxNanoOpen));
    }
    return new Budget(priceMaxNanoOpen, reservedNanoOpen + nanoOpen, paidNanoOpen);
  }

  /**
   * Ends a lease: pays what it earned, and frees the rest of its reservation.
   *
   * @param reserved what was reserved for it
   * @param paid what it earned, 0 to {@code reserved}
   */
  public Budget settle(long reserved, long paid) {
    Check.range("paid", paid, 0, reserved);
    return new Budget(priceMaxNanoOpen, reservedNanoOpen - reserved, paidNanoOpen + paid);
  }
}
