package xyz.openledger.actors.job;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.chainanchor.accounts.Charge;
import xyz.openledger.chainanchor.accounts.Withholding;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Price;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.verification.Payout;
import xyz.openledger.verification.Replica;
import xyz.openledger.verification.Verdict;

/** What a decided job owes and what its receipt says. Who is paid is for {@link Payout} to say. */
final class JobReceipt {
  private JobReceipt() {}

  /** The receipt of a job that ran; null if nothing was ever placed. */
  static @Nullable Receipt of(Job job, @Nullable Problem problem, long atMillis) {
    if (job.tasks().stream().allMatch(task -> task.replicas().isEmpty())) {
      return null;
    }
    var tasks = job.tasks().stream().map(task -> task(job, task)).toList();
    long charged =
        tasks.stream()
            .flatMap(task -> task.replicas().stream())
            .mapToLong(Receipt.ReplicaReceipt::paidNanoOpen)
            .reduce(0, Math::addExact);
    return new Receipt(
        Receipt.VERSION,
        Receipt.Kind.RESULT,
        job.id(),
        0,
        job.tenant(),
        job.spec().digest(),
        job.governanceEpoch(),
        job.ruleHash(),
        job.spec().policy().verification(),
        problem,
        tasks,
        charged,
        job.submittedAtMillis(),
        atMillis);
  }

  /** What the requester pays, replica by replica. */
  static List<Charge> charges(Receipt receipt) {
    return receipt.tasks().stream()
        .flatMap(task -> task.replicas().stream())
        .filter(
            replica ->
                replica.standing() == Receipt.Standing.ACCEPTED || replica.preempted() != null)
        .map(
            replica ->
                new Charge(
                    replica.replica().toString(),
                    replica.node().value(),
                    replica.owner().value(),
                    replica.paidNanoOpen()))
        .toList();
  }

  /** What dissenters would have been paid. */
  static List<Withholding> withheld(Receipt receipt) {
    return replicas(receipt, Receipt.Standing.REJECTED).stream()
        .map(
            replica -> {
              Outcome outcome = replica.outcome();
              return new Withholding(
                  replica.replica().toString(),
                  replica.node().value(),
                  replica.owner().value(),
                  outcome == null
                      ? 0
                      : Price.ofReplica(outcome.fuelUsed(), replica.priceNanoOpenPerGigafuel()),
                  "dissent");
            })
        .toList();
  }

  private static List<Receipt.ReplicaReceipt> replicas(Receipt receipt, Receipt.Standing standing) {
    return receipt.tasks().stream()
        .flatMap(task -> task.replicas().stream())
        .filter(replica -> replica.standing() == standing)
        .toList();
  }

  private static Receipt.TaskReceipt task(Job job, Job.Task task) {
    Verdict verdict = JobRules.verdict(job, task);
    Outcome outcome = verdict instanceof Verdict.Accepted accepted ? accepted.outcome() : null;
    int agreement = job.spec().policy().verification().parameters().agreement();
    var replicas = new ArrayList<Receipt.ReplicaReceipt>();
    List<Replica> seen = JobRules.replicas(job, task);
    for (int i = 0; i < seen.size(); i++) {
      JobReplica replica = task.replicas().get(i);
      long price = replica.grant().priceNanoOpenPerGigafuel();
      Payout usual =
          replica.phase() == JobReplica.Phase.PREEMPTED
              ? new Payout(Receipt.Standing.RELEASED, JobRules.preemptedNanoOpen(replica))
              : Payout.of(verdict, seen.get(i), price);
      replicas.add(replica(replica, Race.payout(task, replica, outcome, agreement, usual)));
    }
    return new Receipt.TaskReceipt(
        task.index(),
        task.identity(),
        outcome,
        replicas,
        outcome == null || isProven(job, task) ? null : AgreementOf.task(job, task, replicas));
  }

  /** Whether a check is the evidence, and not who agreed. */
  private static boolean isProven(Job job, Job.Task task) {
    return Findings.eachIsChecked(job) || !Findings.of(job, task).proven().isEmpty();
  }

  private static Receipt.ReplicaReceipt replica(JobReplica replica, Payout payout) {
    Grant grant = replica.grant();
    Outcome outcome = replica.outcome();
    JobEvent.Reveal reveal = replica.reveal();
    return new Receipt.ReplicaReceipt(
        grant.replica(),
        grant.node(),
        grant.owner(),
        grant.pool(),
        grant.fence(),
        payout.standing(),
        outcome,
        reveal == null ? null : reveal.statement(),
        grant.priceNanoOpenPerGigafuel(),
        payout.nanoOpen(),
        grant.region(),
        grant.carbonGramsPerKwh(),
        reveal == null ? null : reveal.check(),
        preempted(replica));
  }

  private static Receipt.@Nullable Preempted preempted(JobReplica replica) {
    JobReplica.Notice notice = replica.notice();
    return replica.phase() != JobReplica.Phase.PREEMPTED || notice == null
        ? null
        : new Receipt.Preempted(notice.fuel(), notice.detail());
  }
}
