package xyz.openledger.actors.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import xyz.openledger.chainanchor.accounts.Charge;
import xyz.openledger.chainanchor.accounts.Withholding;
import xyz.openledger.protocol.Division;
import xyz.openledger.protocol.FeeSplit;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Price;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.verification.Payout;
import xyz.openledger.verification.Verdict;

/** What a decided job owes and what its receipt says. Who is paid is for {@link Payouts} to say. */
final class JobReceipt {
  private JobReceipt() {}

  /** The receipt of a job that ran; null if nothing was ever placed. */
  static @Nullable Receipt of(Job job, @Nullable Problem problem, long atMillis) {
    if (job.tasks().stream().allMatch(task -> task.replicas().isEmpty())) {
      return null;
    }
    var tasks = job.tasks().stream().map(task -> task(job, task)).toList();
    return of(
        job,
        job.answered() == null ? Receipt.Kind.RESULT : Receipt.Kind.VERIFICATION,
        problem,
        tasks,
        atMillis);
  }

  /**
   * The receipt of what is answered before it is verified: nobody is paid by it yet. It leaves out
   * what was signed, for a court would hold that against whoever finds the answer wrong.
   */
  static Receipt ofFirst(Job job, long atMillis) {
    var tasks =
        job.tasks().stream()
            .map(
                task ->
                    new Receipt.TaskReceipt(
                        task.index(),
                        task.identity(),
                        FirstAnswer.outcome(task),
                        task.replicas().stream().map(it -> unpaid(task, it)).toList()))
            .toList();
    return of(job, Receipt.Kind.RESULT, null, tasks, atMillis);
  }

  private static Receipt.ReplicaReceipt unpaid(Job.Task task, JobReplica replica) {
    boolean given = FirstAnswer.given(task).filter(replica::equals).isPresent();
    Receipt.Standing standing =
        replica.phase() == JobReplica.Phase.LOST
            ? Receipt.Standing.LOST
            : given ? Receipt.Standing.ACCEPTED : Receipt.Standing.RELEASED;
    return replica(replica, new Payout(standing, 0), SavedStates.fuelMax(replica), false);
  }

  private static Receipt of(
      Job job,
      Receipt.Kind kind,
      @Nullable Problem problem,
      List<Receipt.TaskReceipt> tasks,
      long atMillis) {
    long charged =
        tasks.stream()
            .flatMap(task -> task.replicas().stream())
            .mapToLong(Receipt.ReplicaReceipt::paidNanoOpen)
            .reduce(0, Math::addExact);
    return new Receipt(
        Receipt.VERSION,
        kind,
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
        atMillis,
        job.spec().policy().limits().dataClass(),
        charged == 0 ? null : division(job, tasks));
  }

  /** As the books settle it; but what they carry from one job to the next only they know. */
  private static Division division(Job job, List<Receipt.TaskReceipt> tasks) {
    FeeSplit split = job.governed().feeSplit();
    return Division.of(
        split == null ? FeeSplit.NONE : split,
        job.spec().policy().limits().priceMaxNanoOpen(),
        Division.prices(tasks),
        job.modelOwner());
  }

  /** What the requester pays, replica by replica. */
  static List<Charge> charges(Receipt receipt) {
    return own(receipt)
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
    return own(receipt).filter(replica -> replica.standing() == standing).toList();
  }

  /** Without what was said in an earlier job, and is paid there. */
  private static Stream<Receipt.ReplicaReceipt> own(Receipt receipt) {
    return receipt.tasks().stream()
        .flatMap(task -> task.replicas().stream())
        .filter(replica -> replica.replica().task().job().equals(receipt.job()));
  }

  private static Receipt.TaskReceipt task(Job job, Job.Task task) {
    Verdict known = JobRules.verdict(job, task);
    Verdict verdict = FirstAnswer.paid(job, task, known);
    Outcome outcome = verdict instanceof Verdict.Accepted accepted ? accepted.outcome() : null;
    Set<ReplicaId> agreeing =
        verdict instanceof Verdict.Accepted accepted ? accepted.agreeing() : Set.of();
    var replicas = new ArrayList<Receipt.ReplicaReceipt>();
    List<Payout> payouts = Payouts.of(job, task);
    for (int i = 0; i < payouts.size(); i++) {
      JobReplica replica = task.replicas().get(i);
      replicas.add(
          replica(replica, payouts.get(i), SavedStates.fuel(task, replica, agreeing), true));
    }
    return new Receipt.TaskReceipt(
        task.index(),
        task.identity(),
        outcome,
        replicas,
        outcome == null || !verdict.equals(known) || isProven(job, task)
            ? null
            : AgreementOf.task(job, task, replicas));
  }

  /** Whether a check is the evidence, and not who agreed. */
  private static boolean isProven(Job job, Job.Task task) {
    return Findings.eachIsChecked(job) || !Findings.of(job, task).proven().isEmpty();
  }

  private static Receipt.ReplicaReceipt replica(
      JobReplica replica, Payout payout, long stoppedFuel, boolean signed) {
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
        reveal == null || !signed ? null : reveal.statement(),
        grant.priceNanoOpenPerGigafuel(),
        payout.nanoOpen(),
        grant.region(),
        grant.carbonGramsPerKwh(),
        reveal == null ? null : reveal.check(),
        preempted(replica, stoppedFuel),
        grant.resumed());
  }

  private static Receipt.@Nullable Preempted preempted(JobReplica replica, long fuel) {
    JobReplica.Notice notice = replica.notice();
    return replica.phase() != JobReplica.Phase.PREEMPTED || notice == null
        ? null
        : new Receipt.Preempted(fuel, notice.detail(), notice.saved());
  }
}
