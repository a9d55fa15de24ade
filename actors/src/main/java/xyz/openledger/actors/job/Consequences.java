package xyz.openledger.actors.job;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Problem;

/** What follows from an event, or from time alone: events that are written together. */
final class Consequences {
  private Consequences() {}

  /** An event, and the decision that it may bring with it: one write for both. */
  static List<JobEvent> of(@Nullable Job job, JobEvent event, long nowMillis) {
    if (job == null || event instanceof JobEvent.Finished) {
      return List.of(event);
    }
    Job after = job.apply(event);
    return JobRules.steps(after).stream()
        .filter(JobRules.Step.Finish.class::isInstance)
        .map(JobRules.Step.Finish.class::cast)
        .findFirst()
        .<List<JobEvent>>map(step -> List.of(event, finish(after, step, nowMillis)))
        .orElse(List.of(event));
  }

  /**
   * What time alone brings about for a job: its end, or the loss of a replica that kept it waiting.
   */
  static List<JobEvent> overdue(Job job, long listeningSinceMillis, long nowMillis) {
    if (job.finished() != null) {
      return List.of();
    }
    if (nowMillis > job.deadlineAtMillis()) {
      return of(
          job,
          finish(
              job,
              new JobRules.Step.Finish(
                  JobEvent.End.EXPIRED,
                  Problem.DEADLINE_PASSED,
                  "the deadline passed " + during(job)),
              nowMillis),
          nowMillis);
    }
    List<JobEvent.Loss> losses = Overdue.losses(job, nowMillis, listeningSinceMillis);
    return losses.isEmpty()
        ? List.of()
        : of(job, new JobEvent.Lost(job.id(), losses, nowMillis), nowMillis);
  }

  /** What the job was at: waiting, running and verifying each end in their own words. */
  private static String during(Job job) {
    return switch (job.state()) {
      case "queued" -> "while it waited for nodes: none was ever leased";
      case "running" -> "while nodes ran it";
      default -> "while its results were verified";
    };
  }

  /** The decision, with its receipt. */
  static JobEvent.Finished finish(Job job, JobRules.Step.Finish step, long nowMillis) {
    return new JobEvent.Finished(
        job.id(),
        step.end(),
        step.problem(),
        step.detail(),
        JobReceipt.of(job, step.problem(), nowMillis),
        nowMillis);
  }
}
