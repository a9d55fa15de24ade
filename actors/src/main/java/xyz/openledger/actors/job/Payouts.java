package xyz.openledger.actors.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
    Outcome outcome = verdict instanceof Verdict.Accepted accepted ? accepted.outcome() : null;
    Set<ReplicaId> agreeing =
        verdict instanceof Verdict.Accepted accepted ? accepted.agreeing() : Set.of();
    int agreement = job.spec().policy().verification().parameters().agreement();
    var payouts = new ArrayList<Payout>();
    List<Replica> seen = JobRules.replicas(job, task);
    for (int i = 0; i < seen.size(); i++) {
      JobReplica replica = task.replicas().get(i);
      long price = job.owns(replica) ? replica.grant().priceNanoOpenPerGigafuel() : 0;
      Payout usual =
          replica.phase() == JobReplica.Phase.PREEMPTED
              ? new Payout(
                  Receipt.Standing.RELEASED,
                  Price.ofReplica(SavedStates.fuel(task, replica, agreeing), price))
              : Payout.of(verdict, seen.get(i), price);
      payouts.add(
          SavedStates.ofResumed(replica, Race.payout(task, replica, outcome, agreement, usual)));
    }
    return List.copyOf(payouts);
  }
}
