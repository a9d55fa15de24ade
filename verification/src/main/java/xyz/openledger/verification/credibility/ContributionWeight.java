package xyz.openledger.verification.credibility;

import java.util.List;

/**
 * The weight rule of iExec's Proof of Contribution: a requester names a trust {@code t}, and a
 * result stands once the group behind it outweighs all else {@code t - 1} times, so that its
 * confidence is above {@code 1 - 1/t}. Exact, in integers.
 *
 * <pre>
 *   weight of one      max(⌊score / 3⌋, 3) - 1
 *   weight of a group  the product of its members'
 *   consensus          group · t > total · (t - 1),   total = 1 + Σ over groups
 * </pre>
 *
 * <p>As there, the total starts at 1 and grows by what each contribution adds to its group.
 */
public final class ContributionWeight {
  /** The highest trust that may be asked for. */
  public static final long TRUST_MAX = 1_000_000;

  /** Above it, products would leave 63 bits; no trust needs more. */
  private static final long GROUP_MAX = 1L << 36;

  private static final long ONE_MAX = 1L << 20;

  private ContributionWeight() {}

  /**
   * Of one machine.
   *
   * @param score accepted results that others confirmed, less a third at each dissent
   */
  public static long of(long score) {
    return Math.max(score / 3, 3) - 1;
  }

  /** Of machines that agree; 0 for none. */
  public static long ofGroup(List<Long> scores) {
    long weight = scores.isEmpty() ? 0 : 1;
    for (long score : scores) {
      weight = Math.min(GROUP_MAX, weight * Math.min(ONE_MAX, of(score)));
    }
    return weight;
  }

  /**
   * Whether a group's result stands.
   *
   * @param group its weight
   * @param all the weights of all groups, this one among them
   * @param trust 1 to {@link #TRUST_MAX}
   */
  public static boolean consensus(long group, List<Long> all, long trust) {
    long total = 1;
    for (long each : all) {
      total += each;
    }
    return group * trust > total * (trust - 1);
  }

  /** A score after the verdict went against it. */
  public static long afterDissent(long score) {
    return score * 2 / 3;
  }
}
