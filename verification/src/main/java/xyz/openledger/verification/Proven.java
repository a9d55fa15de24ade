package xyz.openledger.verification;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.verification.Replica.State;

/**
 * Decides by a check of the outcome itself: the first that is not refuted stands, however little is
 * known of its node. One refuted is dissent, and another owner is asked.
 */
public final class Proven {
  private Proven() {}

  /**
   * What is to be done next.
   *
   * @param replicas all of the task so far, in the order of their numbers
   * @param refuted those of them whose outcome a check found wrong
   */
  public static Verdict decide(int replicasMax, List<Replica> replicas, Set<ReplicaId> refuted) {
    Set<ReplicaId> right = new LinkedHashSet<>();
    Set<ReplicaId> wrong = new LinkedHashSet<>();
    Replica accepted = null;
    int live = 0;
    boolean pending = false;
    for (Replica replica : replicas) {
      live += replica.live() ? 1 : 0;
      pending |= replica.pending();
      if (replica.state() == State.REVEALED) {
        if (refuted.contains(replica.id())) {
          wrong.add(replica.id());
        } else {
          right.add(replica.id());
          accepted = accepted == null ? replica : accepted;
        }
      }
    }
    if (accepted != null && accepted.outcome() != null) {
      return new Verdict.Accepted(
          accepted.outcome(),
          Collections.unmodifiableSet(right),
          Collections.unmodifiableSet(wrong));
    }
    if (pending) {
      return Quorum.reveal(replicas, false);
    }
    if (live >= replicasMax) {
      return new Verdict.NoAgreement(Problem.NO_AGREEMENT, wrong);
    }
    return replicas.size() >= replicasMax + Quorum.LOST_MAX
        ? new Verdict.NoAgreement(Problem.NODE_LOST, wrong)
        : Quorum.lease(1, replicas);
  }
}
