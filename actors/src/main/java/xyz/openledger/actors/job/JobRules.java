package xyz.openledger.actors.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Price;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.Tolerance;
import xyz.openledger.verification.Replica;
import xyz.openledger.verification.Verdict;
import xyz.openledger.verification.Verdicts;

/**
 * What follows from where a job stands. Pure: the same job has the same next steps, before and
 * after a crash.
 */
public final class JobRules {
  private JobRules() {}

  /** Something to do for a job. */
  public sealed interface Step {
    /**
     * Find further nodes for a task.
     *
     * @param count how many, of owners that have no part in the task yet
     * @param later how many more it may take, if nothing is known of those that come
     */
    record Lease(
        int task, int count, int later, Set<Address> ownersExcluded, Set<NodeId> nodesExcluded)
        implements Step {
      /** Where no more are taken later. */
      public Lease(int task, int count, Set<Address> ownersExcluded, Set<NodeId> nodesExcluded) {
        this(task, count, 0, ownersExcluded, nodesExcluded);
      }
    }

    /** Ask nodes to show what they committed to. */
    record Reveal(List<ReplicaId> replicas) implements Step {}

    /** Decide the job. */
    record Finish(JobEvent.End end, @Nullable Problem problem, String detail) implements Step {}
  }

  /** The verdict on one task so far. */
  public static Verdict verdict(Job job, Job.Task task) {
    Policy.Verification policy = job.spec().policy().verification();
    List<Replica> seen = Race.seen(task, policy.parameters().agreement());
    return FirstAnswer.alone(
        job,
        task,
        Race.apart(task, Verdicts.of(policy, alike(job, task, seen), Findings.of(job, task))));
  }

  /**
   * Whether a replica shows its outcome at once, because its word alone may decide; else it binds
   * itself to it first.
   */
  public static boolean showsAtOnce(Job job, Job.Task task, Grant grant) {
    return Verdicts.showsAtOnce(
        job.spec().policy().verification(), grant.confirmed(), FirstAnswer.isAlone(task, grant));
  }

  /** The end of a job whose time has passed, or that was at one thing for too long; null before. */
  public static Step.@Nullable Finish passed(Job job, long nowMillis) {
    return Stage.passed(job, nowMillis, Long.MIN_VALUE);
  }

  /** What is to be done now. A job that is finished needs nothing; a finish comes alone. */
  public static List<Step> steps(Job job) {
    if (job.finished() != null) {
      return List.of();
    }
    var steps = new ArrayList<Step>();
    boolean complete = true;
    for (Job.Task task : job.tasks()) {
      Optional<String> poison = Poison.of(task);
      if (poison.isPresent()) {
        return List.of(new Step.Finish(JobEvent.End.FAILED, Problem.NODE_LOST, poison.get()));
      }
      switch (verdict(job, task)) {
        case Verdict.Wait _ -> complete = false;
        case Verdict.Lease(var count, var missing, var owners, var nodes) -> {
          complete = false;
          steps.add(new Step.Lease(task.index(), count, missing - count, owners, nodes));
        }
        case Verdict.Reveal(var replicas) -> {
          complete = false;
          steps.add(new Step.Reveal(replicas));
        }
        case Verdict.Accepted accepted -> {
          Step.Finish failure = failure(task, accepted.outcome());
          if (failure != null) {
            return List.of(failure);
          }
        }
        case Verdict.NoAgreement(var problem, _) -> {
          return List.of(noAgreement(job, task, problem));
        }
      }
    }
    if (complete) {
      return List.of(new Step.Finish(JobEvent.End.SETTLED, null, ""));
    }
    return steps.stream().anyMatch(Step.Lease.class::isInstance)
        ? RetryBudget.spent(job).<List<Step>>map(why -> List.of(exhausted(why))).orElse(steps)
        : steps;
  }

  private static Step exhausted(String why) {
    return new Step.Finish(JobEvent.End.FAILED, Problem.RETRIES_EXHAUSTED, why);
  }

  /**
   * What one more replica may cost at the most: what is left of the job's price limit after
   * everything leased so far has cost its worst, in equal parts for the replicas still to come.
   *
   * @param pending replicas that are still to be placed, requested or not, over all tasks; at least
   *     1
   */
  public static long replicaBudgetNanoOpen(Job job, int pending) {
    return Math.max(0, leftNanoOpen(job) / Math.max(1, pending));
  }

  /** What is left of the price limit after everything leased so far has cost its worst. */
  static long leftNanoOpen(Job job) {
    long left = job.spec().policy().limits().priceMaxNanoOpen();
    for (Job.Task task : job.tasks()) {
      for (JobReplica replica : task.replicas()) {
        left -= reservedNanoOpen(job, replica);
      }
    }
    return left;
  }

  /** What a lease costs if its replica burns all its fuel. */
  static long worstNanoOpen(Job job, Grant grant) {
    return Price.ofReplica(job.workload().fuelMax(), grant.priceNanoOpenPerGigafuel());
  }

  private static long reservedNanoOpen(Job job, JobReplica replica) {
    if (!job.owns(replica)) {
      return 0;
    }
    Outcome outcome = replica.outcome();
    return switch (replica.phase()) {
      case LOST -> 0;
      case PREEMPTED ->
          Price.ofReplica(SavedStates.fuelMax(replica), replica.grant().priceNanoOpenPerGigafuel());
      case LEASED, COMMITTED -> worstNanoOpen(job, replica.grant());
      case REVEALED ->
          Price.ofReplica(
              outcome == null ? job.workload().fuelMax() : outcome.fuelUsed(),
              replica.grant().priceNanoOpenPerGigafuel());
    };
  }

  private static Step.@Nullable Finish failure(Job.Task task, Outcome outcome) {
    String which = "task " + task.index();
    Problem problem =
        switch (outcome.status()) {
          case FINISHED -> outcome.exitCode() == 0 ? null : Problem.TASK_FAILED;
          case TRAPPED -> Problem.TASK_TRAPPED;
          case FUEL_EXHAUSTED -> Problem.FUEL_EXHAUSTED;
          case OUTPUT_EXCEEDED -> Problem.OUTPUT_EXCEEDED;
        };
    if (problem == null) {
      return null;
    }
    String detail =
        problem == Problem.TASK_FAILED
            ? which + " ended with exit code " + outcome.exitCode()
            : which + ": " + problem.title();
    return new Step.Finish(JobEvent.End.FAILED, problem, detail);
  }

  private static Step.Finish noAgreement(Job job, Job.Task task, Problem problem) {
    var policy = job.spec().policy().verification();
    return new Step.Finish(
        JobEvent.End.FAILED,
        problem,
        "task %d: of %d replicas %s%s"
            .formatted(
                task.index(),
                task.replicas().size(),
                switch (policy.method()) {
                  case TRUSTED, QUORUM -> "no " + policy.parameters().agreement() + " agree";
                  case ADAPTIVE -> "no group that is credible enough agree";
                  case TRUST -> "no group that weighs enough agree";
                  case FREIVALDS, SUMCHECK -> "none has the right products";
                  case ZK -> "none has the outcome that its proofs show";
                  case TOPLOC -> "none has activations that are near those computed again";
                  case TEE -> "none brought evidence that the policy accepts";
                  case DISPUTE ->
                      "no %d agree, and no dispute left one that is right"
                          .formatted(policy.parameters().agreement());
                },
                problem == Problem.NODE_LOST ? "; lost by " + Poison.losses(task) : ""));
  }

  /**
   * The replicas of a task as the rules of verification see them, whether they were waited for or
   * not.
   */
  static List<Replica> replicas(Job job, Job.Task task) {
    return alike(job, task, task.replicas().stream().map(JobRules::replica).toList());
  }

  /** Outcomes that the policy's tolerance takes for equal, as one. */
  private static List<Replica> alike(Job job, Job.Task task, List<Replica> replicas) {
    Tolerance tolerance = job.spec().policy().verification().tolerance();
    return tolerance == null ? replicas : Tolerant.replicas(tolerance, task, replicas);
  }

  /** A replica as the rules of verification see it. */
  public static Replica replica(JobReplica replica) {
    Grant grant = replica.grant();
    return new Replica(
        grant.replica(),
        grant.node(),
        grant.owner(),
        switch (replica.phase()) {
          case LEASED -> Replica.State.LEASED;
          case COMMITTED -> Replica.State.COMMITTED;
          case REVEALED -> Replica.State.REVEALED;
          case LOST -> Replica.State.LOST;
          case PREEMPTED -> Replica.State.RELEASED;
        },
        replica.outcome(),
        grant.standing());
  }
}
