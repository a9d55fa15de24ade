package xyz.openledger.verification;

import java.util.List;
import xyz.openledger.protocol.Policy;

/** The one place where a policy's method meets the rule that decides for it. */
public final class Verdicts {
  private Verdicts() {}

  /**
   * What the replicas of one task call for next, under its policy.
   *
   * @param replicas all of the task so far, in the order of their numbers
   */
  public static Verdict of(Policy.Verification policy, List<Replica> replicas) {
    return of(policy, replicas, Checked.NOTHING);
  }

  /**
   * The same where outcomes can be checked by themselves.
   *
   * @param checked what checks of their outcomes have found
   */
  public static Verdict of(Policy.Verification policy, List<Replica> replicas, Checked checked) {
    return switch (policy.method()) {
      case TRUSTED, QUORUM -> Quorum.decide(policy, replicas);
      case ADAPTIVE -> Adaptive.decide(policy, replicas);
      case TRUST -> Trust.decide(policy, replicas);
      case FREIVALDS, SUMCHECK, ZK, TEE, TOPLOC ->
          Proven.decide(policy.parameters().replicasMax(), replicas, checked.refuted());
      case DISPUTE -> Disputed.decide(policy.parameters(), replicas, checked);
    };
  }

  /**
   * Whether a replica shows its outcome at once, without binding itself first: because its word
   * alone may decide, and nobody else is at work on the task who could copy it.
   *
   * @param confirmed what its node had shown
   * @param alone whether it is the only one of its task that is at work or has answered
   */
  public static boolean showsAtOnce(Policy.Verification policy, long confirmed, boolean alone) {
    return switch (policy.method()) {
      case TRUSTED, FREIVALDS, SUMCHECK, ZK, TEE, TOPLOC -> true;
      case QUORUM, DISPUTE -> false;
      case TRUST -> alone && policy.givesFirstAnswer();
      case ADAPTIVE ->
          alone && (policy.givesFirstAnswer() || Adaptive.mayStandAlone(policy, confirmed));
    };
  }
}
