package xyz.openledger.actors.job;

import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Scheduling;
import xyz.openledger.verification.Verdict;

/** What a live job is at, how long that may take, and what it is called if it takes longer. */
enum Stage {
  /** Some task waits for nodes, and no node runs any. */
  QUEUED(Problem.QUEUED_TOO_LONG, "while it waited for nodes"),
  /** A node runs some task. */
  RUNNING(Problem.RUNNING_TOO_LONG, "while nodes ran it"),
  /** All that was leased has answered or is gone, and nothing further is wanted. */
  VERIFYING(Problem.VERIFYING_TOO_LONG, "while its results were verified");

  private final Problem problem;
  private final String during;

  Stage(Problem problem, String during) {
    this.problem = problem;
    this.during = during;
  }

  /** The stage of a job. */
  static Stage of(Job job) {
    boolean wanting = false;
    for (Job.Task task : job.tasks()) {
      if (task.replicas().stream().anyMatch(each -> each.phase() == JobReplica.Phase.LEASED)) {
        return RUNNING;
      }
      wanting |= wants(job, task);
    }
    return wanting ? QUEUED : VERIFYING;
  }

  /**
   * The end of a job whose time has passed, or that was at one thing for too long; null before.
   *
   * @param listeningSinceMillis when this member began to listen: time before that counts for the
   *     deadline alone
   */
  static JobRules.Step.@Nullable Finish passed(Job job, long nowMillis, long listeningSinceMillis) {
    if (nowMillis > job.deadlineAtMillis()) {
      Stage at = of(job);
      return at.ended("the deadline passed " + at.during + at.never(job));
    }
    Scheduling limits = job.spec().scheduled();
    if (limits.queuedMillisMax() == null
        && limits.runningMillisMax() == null
        && limits.verifyingMillisMax() == null) {
      return null;
    }
    for (Job.Task task : job.tasks()) {
      long changed =
          task.replicas().stream()
              .mapToLong(JobReplica::sinceMillis)
              .max()
              .orElse(job.submittedAtMillis());
      Stage at = of(job, task);
      Long max = at == null ? null : at.max(limits);
      long since =
          at != RUNNING
              ? changed
              : task.replicas().stream()
                  .filter(each -> each.phase() == JobReplica.Phase.LEASED)
                  .mapToLong(JobReplica::sinceMillis)
                  .min()
                  .orElse(changed);
      if (at != null && max != null && nowMillis - Math.max(since, listeningSinceMillis) > max) {
        return at.ended(
            "its limit of %d ms passed %s (task %d)%s"
                .formatted(max, at.during, task.index(), at.never(job)));
      }
    }
    return null;
  }

  /** What one task is at; null if it has its result. */
  private static @Nullable Stage of(Job job, Job.Task task) {
    if (task.replicas().stream().anyMatch(each -> each.phase() == JobReplica.Phase.LEASED)) {
      return RUNNING;
    }
    return JobRules.verdict(job, task) instanceof Verdict.Accepted
        ? null
        : wants(job, task) ? QUEUED : VERIFYING;
  }

  private static boolean wants(Job job, Job.Task task) {
    return JobRules.verdict(job, task) instanceof Verdict.Lease;
  }

  private @Nullable Long max(Scheduling limits) {
    return switch (this) {
      case QUEUED -> limits.queuedMillisMax();
      case RUNNING -> limits.runningMillisMax();
      case VERIFYING -> limits.verifyingMillisMax();
    };
  }

  private String never(Job job) {
    return this == QUEUED && job.tasks().stream().allMatch(task -> task.replicas().isEmpty())
        ? ": none was ever leased"
        : job.tasks().stream()
            .flatMap(task -> Shortfall.of(job, task).stream())
            .findFirst()
            .map(it -> "; " + it)
            .orElse("");
  }

  private JobRules.Step.Finish ended(String detail) {
    return new JobRules.Step.Finish(JobEvent.End.EXPIRED, problem, detail);
  }
}
