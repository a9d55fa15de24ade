package xyz.openledger.verification;

import xyz.openledger.protocol.Policy;
import xyz.openledger.verification.credibility.AuditFloor;
import xyz.openledger.verification.credibility.ReplicationDecay;

/**
 * How often a result that would be believed alone is repeated all the same, in parts of a million:
 * the less often the more its node has shown ({@link ReplicationDecay}), and never so seldom that
 * lying pays for what its owner has at stake ({@link AuditFloor}).
 */
public final class AuditRate {
  /**
   * Never less, whatever is at stake. Today a dissent costs the reward and everything that was
   * confirmed, and stake moves only on evidence: the stake alone is no reason to look away.
   */
  public static final int LEAST_PARTS_PER_MILLION = 100_000;

  /** Of what is paid, what honest work costs at the most. */
  private static final int COST_PERCENT = 80;

  /** How far above the rate at which honesty breaks even. */
  private static final double MARGIN = 1.1;

  private static final double MILLION = 1_000_000;

  private AuditRate() {}

  /** Whether a method may believe one node alone, and so needs audits. */
  public static boolean applies(Policy.Method method) {
    return method == Policy.Method.ADAPTIVE || method == Policy.Method.TRUST;
  }

  /**
   * The rate for one lease.
   *
   * @param confirmed what the node has shown in work of this kind
   * @param rewardNanoOpen what the result may be paid
   * @param stakeNanoOpen what the node's owner has at stake for it; without any, all is repeated
   */
  public static int partsPerMillion(long confirmed, long rewardNanoOpen, long stakeNanoOpen) {
    if (stakeNanoOpen <= 0) {
      return (int) MILLION;
    }
    long reward = Math.max(1, rewardNanoOpen);
    long cost = reward / 100 * COST_PERCENT + reward % 100 * COST_PERCENT / 100;
    var floor = new AuditFloor(reward, cost, 0, stakeNanoOpen, Adaptive.SABOTEURS, 1);
    double least = Math.max(LEAST_PARTS_PER_MILLION / MILLION, floor.probability() * MARGIN);
    return (int)
        Math.ceil(new ReplicationDecay(confirmed).probability(Math.min(1, least)) * MILLION);
  }
}
