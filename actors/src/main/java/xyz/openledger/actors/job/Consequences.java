package xyz.openledger.actors.job;

import java.util.List;
import org.jspecify.annotations.Nullable;

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
        .orElseGet(() -> FirstAnswer.after(after, event, nowMillis));
  }

  /**
   * What time alone brings about for a job: its end, or the loss of a replica that kept it waiting.
   */
  static List<JobEvent> overdue(Job job, long listeningSinceMillis, long nowMillis) {
    if (job.finished() != null) {
      return List.of();
    }
    JobRules.Step.Finish passed = Stage.passed(job, nowMillis, listeningSinceMillis);
    if (passed != null) {
      return List.of(finish(job, passed, nowMillis));
    }
    List<JobEvent> preempted = Preemptions.over(job, nowMillis);
    if (!preempted.isEmpty()) {
      return preempted;
    }
    List<JobEvent.Loss> losses = Overdue.losses(job, nowMillis, listeningSinceMillis);
    return losses.isEmpty()
        ? List.of()
        : of(job, new JobEvent.Lost(job.id(), losses, nowMillis), nowMillis);
  }

  /** The decision, with its receipt. */
  static JobEvent.Finished finish(Job job, JobRules.Step.Finish step, long nowMillis) {
    return new JobEvent.Finished(
        job.id(),
        step.end(),
        step.problem(),
        FirstAnswer.detail(job, step),
        JobReceipt.of(job, step.problem(), nowMillis),
        nowMillis);
  }
}
