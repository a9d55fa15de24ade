package xyz.openledger.verification;

import java.util.ArrayList;
import java.util.List;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.ReplicaId;

/**
 * Plays the rules of verification through for one task before it is run, as if every machine were
 * honest: the same rule that admits a result says how many owners it takes.
 *
 * @param executions how many replicas are leased
 * @param stands whether their result would be accepted
 * @param missing how many further owners it would take, of whom nothing is known; 0 if it stands
 * @param over whether it would take more executions than the policy allows
 */
public record Rehearsal(int executions, boolean stands, int missing, boolean over) {
  private static final Outcome SAME =
      new Outcome(Outcome.Status.FINISHED, 0, 0, Digest.of(new byte[0]), 0);

  /** Beyond the replicas of any policy; the rules end long before. */
  private static final int ROUNDS_MAX = 64;

  /**
   * How it would go.
   *
   * @param owners in the order in which they would be chosen, each once
   */
  public static Rehearsal of(Policy.Verification policy, List<Replica> owners) {
    var replicas = new ArrayList<Replica>();
    for (int round = 0; round < ROUNDS_MAX; round++) {
      switch (Verdicts.of(policy, replicas)) {
        case Verdict.Lease(var count, var missing, var _, var _) -> {
          int found = Math.min(count, owners.size() - replicas.size());
          if (found == 0) {
            return new Rehearsal(replicas.size(), false, missing, false);
          }
          for (int i = 0; i < found; i++) {
            replicas.add(owners.get(replicas.size()).in(Replica.State.COMMITTED));
          }
        }
        case Verdict.Reveal(var shown) ->
            replicas.replaceAll(each -> shows(shown, each) ? each.revealed(SAME) : each);
        case Verdict.Accepted _ -> {
          return new Rehearsal(replicas.size(), true, 0, false);
        }
        case Verdict.NoAgreement _ -> {
          return new Rehearsal(replicas.size(), false, 0, true);
        }
        case Verdict.Wait _ -> throw new IllegalStateException("nobody is at work: " + replicas);
      }
    }
    throw new IllegalStateException("no end after " + ROUNDS_MAX + " rounds under " + policy);
  }

  /** The error that is left if all of these owners agree, by the rule of {@link Adaptive}. */
  public static int errorPartsPerMillion(List<Replica> owners) {
    return Adaptive.errorPartsPerMillion(
        owners.stream().map(each -> each.revealed(SAME)).toList(), Adaptive.SABOTEURS);
  }

  private static boolean shows(List<ReplicaId> shown, Replica replica) {
    return replica.state() == Replica.State.COMMITTED && shown.contains(replica.id());
  }

  /** How many owners it takes in all. */
  public int owners() {
    return executions + missing;
  }
}
