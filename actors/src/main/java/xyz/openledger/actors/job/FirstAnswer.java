package xyz.openledger.actors.job;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.Workload;
import xyz.openledger.verification.Verdict;

/**
 * What a job answers before it is verified, where its policy wants that. One node works at it
 * alone; its outcome is given with a receipt of its own; what verifies it then ends the job as
 * always, with a receipt that says so.
 *
 * <pre>
 *   lease one ─▶ [Revealed, Answered] ─▶ lease who verifies ─▶ … ─▶ [Finished]
 *                    └ leaf of kind result                            └ leaf of kind verification
 * </pre>
 */
final class FirstAnswer {
  private FirstAnswer() {}

  /** The verdict, but that nobody verifies what is not there yet. */
  static Verdict alone(Job job, Job.Task task, Verdict verdict) {
    if (!job.spec().policy().verification().givesFirstAnswer()
        || task.race() != null
        || outcome(task) != null
        || !(verdict instanceof Verdict.Lease(_, _, var owners, var nodes))) {
      return verdict;
    }
    return task.replicas().stream().anyMatch(JobReplica::live)
        ? new Verdict.Wait()
        : new Verdict.Lease(1, owners, nodes);
  }

  /** Whether the words of a new replica are shown while its node makes them. */
  static boolean isStreamed(Job job, Job.Task task, Grant grant) {
    return job.workload() instanceof Workload.Inference
        && job.spec().policy().verification().streams()
        && job.answered() == null
        && isAlone(task, grant);
  }

  /** Whether nobody else is at work on a task, or has answered. */
  static boolean isAlone(Job.Task task, Grant grant) {
    return task.replicas().stream()
        .allMatch(
            other ->
                other.grant().equals(grant)
                    || other.phase() == JobReplica.Phase.LOST
                    || other.phase() == JobReplica.Phase.PREEMPTED);
  }

  /** An event, and the answer that it completes: one write for both. */
  static List<JobEvent> after(Job after, JobEvent event, long nowMillis) {
    boolean complete =
        after.spec().policy().verification().givesFirstAnswer()
            && after.answered() == null
            && after.finished() == null
            && after.tasks().stream().map(FirstAnswer::outcome).allMatch(FirstAnswer::succeeded);
    return complete
        ? List.of(
            event,
            new JobEvent.Answered(after.id(), JobReceipt.ofFirst(after, nowMillis), nowMillis))
        : List.of(event);
  }

  private static boolean succeeded(@Nullable Outcome outcome) {
    return outcome != null && outcome.succeeded();
  }

  /** What the first who answered said; null if nobody has. */
  static @Nullable Outcome outcome(Job.Task task) {
    return given(task).map(JobReplica::outcome).orElse(null);
  }

  /** The first who answered. */
  static Optional<JobReplica> given(Job.Task task) {
    return task.replicas().stream().filter(replica -> replica.outcome() != null).findFirst();
  }

  /**
   * The verdict by which replicas are paid. An answer that was given and that nobody could verify
   * has been of use, so whoever gave it is paid; who verified is not.
   */
  static Verdict paid(Job job, Job.Task task, Verdict verdict) {
    boolean open =
        !(verdict instanceof Verdict.Final)
            || (verdict instanceof Verdict.NoAgreement(var problem, _)
                && problem == Problem.NODE_LOST);
    JobEvent.Answered answered = job.answered();
    if (answered == null || !open) {
      return verdict;
    }
    Receipt.TaskReceipt given = answered.receipt().tasks().get(task.index());
    return new Verdict.Accepted(
        Objects.requireNonNull(given.outcome()),
        given.replicas().stream()
            .filter(replica -> replica.standing() == Receipt.Standing.ACCEPTED)
            .map(Receipt.ReplicaReceipt::replica)
            .collect(Collectors.toSet()),
        Set.of());
  }

  /** What there is to say of a job's end. */
  static String detail(Job job, JobRules.Step.Finish step) {
    JobEvent.Answered answered = job.answered();
    if (answered == null) {
      return step.detail();
    }
    String said = step.detail().isEmpty() ? "" : step.detail() + "; ";
    boolean verified = true;
    for (Job.Task task : job.tasks()) {
      Outcome first = answered.receipt().tasks().get(task.index()).outcome();
      switch (JobRules.verdict(job, task)) {
        case Verdict.Accepted accepted when !accepted.outcome().equals(first) -> {
          return said
              + "the answer that was given first was wrong: %d others agree on another"
                  .formatted(accepted.agreeing().size());
        }
        case Verdict.Accepted _ -> {}
        default -> verified = false;
      }
    }
    return said
        + (verified
            ? "the answer that was given first was confirmed"
            : "the answer that was given first was not verified");
  }

  /** Whether a receipt stands for an answer that was given before it was verified. */
  static boolean isOf(Job job, Receipt.Kind kind) {
    return job.answered() != null && kind == Receipt.Kind.RESULT;
  }
}
