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
import xyz.openledger.verification.Verdict;

/**
 * What a decided job owes and what its receipt says. Only replicas that agreed with an accepted
 * outcome are paid: for the fuel they burned, at the price of their lease.
 */
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
    return replicas(receipt, Receipt.Standing.ACCEPTED).stream()
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
    var replicas = new ArrayList<Receipt.ReplicaReceipt>();
    for (JobReplica replica : task.replicas()) {
      replicas.add(replica(replica, standing(verdict, replica)));
    }
    return new Receipt.TaskReceipt(task.index(), task.identity(), outcome, replicas);
  }

  private static Receipt.Standing standing(Verdict verdict, JobReplica replica) {
    if (verdict instanceof Verdict.Final last) {
      return Payout.standing(last, JobRules.replica(replica));
    }
    return replica.phase() == JobReplica.Phase.LOST
        ? Receipt.Standing.LOST
        : Receipt.Standing.RELEASED;
  }

  private static Receipt.ReplicaReceipt replica(JobReplica replica, Receipt.Standing standing) {
    Grant grant = replica.grant();
    Outcome outcome = replica.outcome();
    JobEvent.Reveal reveal = replica.reveal();
    return new Receipt.ReplicaReceipt(
        grant.replica(),
        grant.node(),
        grant.owner(),
        grant.pool(),
        grant.fence(),
        standing,
        outcome,
        reveal == null ? null : reveal.statement(),
        grant.priceNanoOpenPerGigafuel(),
        standing == Receipt.Standing.ACCEPTED && outcome != null
            ? Price.ofReplica(outcome.fuelUsed(), grant.priceNanoOpenPerGigafuel())
            : 0,
        grant.region(),
        grant.carbonGramsPerKwh());
  }
}
