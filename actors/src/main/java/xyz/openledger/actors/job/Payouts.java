package xyz.openledger.actors.job;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Price;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.verification.Payout;
import xyz.openledger.verification.Replica;
import xyz.openledger.verification.Verdict;

/**
 * What each replica of a decided task is paid, and how it stands: {@link Payout}, and the rules for
 * those that were hedged, had to make room, or went on from where others had come. Pure.
 */
public final class Payouts {
  private Payouts() {}

  /** One for each replica of the task, in their order. */
  public static List<Payout> of(Job job, Job.Task task) {
    Verdict verdict = FirstAnswer.paid(job, task, JobRules.verdict(job, task));
    Set<ReplicaId> agreeing =
        verdict instanceof Verdict.Accepted accepted ? accepted.agreeing() : Set.of();
    int agreement = job.spec().policy().verification().parameters().agreement();
    var payouts = new ArrayList<Payout>();
    List<Replica> seen = JobRules.replicas(job, task);
    Set<ReplicaId> alike = alike(job, task, seen, agreeing);
    for (int i = 0; i < seen.size(); i++) {
      JobReplica replica = task.replicas().get(i);
      long price = job.owns(replica) ? replica.grant().priceNanoOpenPerGigafuel() : 0;
      Payout usual =
          replica.phase() == JobReplica.Phase.PREEMPTED
              ? new Payout(
                  Receipt.Standing.RELEASED,
                  Price.ofReplica(SavedStates.fuel(task, replica, agreeing), price))
              : Payout.of(verdict, seen.get(i), price);
      boolean agrees = alike.contains(replica.grant().replica());
      payouts.add(
          SavedStates.ofResumed(
              replica, Race.payout(task, replica, agrees, alike.size(), agreement, usual)));
    }
    return List.copyOf(payouts);
  }

  /**
   * Those that agree, and those beside them that came to the same: by the bits, by the policy's
   * tolerance, or by a check that found them right.
   */
  private static Set<ReplicaId> alike(
      Job job, Job.Task task, List<Replica> seen, Set<ReplicaId> agreeing) {
    if (agreeing.isEmpty()) {
      return Set.of();
    }
    Set<Outcome> accepted =
        seen.stream()
            .filter(replica -> agreeing.contains(replica.id()) && replica.outcome() != null)
            .map(Replica::outcome)
            .collect(Collectors.toSet());
    Set<ReplicaId> alike = new HashSet<>(Findings.of(job, task).proven());
    seen.stream()
        .filter(replica -> replica.outcome() != null && accepted.contains(replica.outcome()))
        .forEach(replica -> alike.add(replica.id()));
    return alike;
  }
}
