package xyz.openledger.actors.job;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.SavedState;

/**
 * What a job does when a pool wants a slot of it back. It runs on until the end of its notice; if
 * it is not done by then it is stopped, its node is paid for the time, and the task waits for
 * another node.
 *
 * <pre>
 *   leased ── Noticed ──▶ runs on ── done in time ──▶ committed, revealed: as if nothing had been
 *                            └────── notice over ───▶ preempted, paid; a further replica is leased
 * </pre>
 */
public final class Preemptions {
  /** How often a task may be preempted: a third time it runs to its end. */
  public static final int TIMES_MAX = 2;

  private Preemptions() {}

  /** Whether replicas of a task may be stopped now: it said so, and was not too often. */
  public static boolean allowed(Job job, Job.Task task) {
    return Boolean.TRUE.equals(job.spec().scheduled().preemptible())
        && task.race() == null
        && task.replicas().stream().filter(each -> each.notice() != null).count() < TIMES_MAX;
  }

  /** The notice; nothing if it may not be given, or if what comes after could not be paid. */
  public static List<JobEvent> of(@Nullable Job job, JobMessage.Preempt said, long nowMillis) {
    JobReplica replica = job == null || job.finished() != null ? null : job.replica(said.replica());
    if (job == null
        || replica == null
        || replica.phase() != JobReplica.Phase.LEASED
        || replica.notice() != null
        || !replica.grant().node().equals(said.node())
        || replica.grant().fence() != said.fence()
        || !allowed(job, job.tasks().get(said.replica().task().index()))
        || JobRules.worstNanoOpen(job, replica.grant()) > JobRules.leftNanoOpen(job)) {
      return List.of();
    }
    return List.of(
        new JobEvent.Noticed(
            job.id(),
            said.replica(),
            said.noticeMillis(),
            said.fuelPerSecond(),
            said.detail() + "; " + SavedStates.words(job),
            nowMillis));
  }

  /** Those whose notice is over. */
  public static List<JobEvent> over(Job job, long nowMillis) {
    var events = new ArrayList<JobEvent>();
    for (Job.Task task : job.tasks()) {
      for (JobReplica replica : task.replicas()) {
        JobReplica.Notice notice = replica.notice();
        if (notice != null
            && replica.phase() == JobReplica.Phase.LEASED
            && nowMillis >= notice.endsAtMillis()) {
          events.add(stopped(job, replica, notice, null, nowMillis));
        }
      }
    }
    return events;
  }

  private static JobEvent stopped(
      Job job,
      JobReplica replica,
      JobReplica.Notice notice,
      @Nullable SavedState saved,
      long nowMillis) {
    return new JobEvent.Preempted(
        job.id(),
        replica.grant().replica(),
        notice.fuel(),
        nowMillis,
        SavedStates.credible(job, replica, saved));
  }

  /** Whether the word that a node gave up is the end of its notice, and no loss. */
  public static @Nullable JobEvent instead(
      @Nullable Job job, JobMessage.Lost said, long nowMillis) {
    JobReplica replica = job == null ? null : job.replica(said.replica());
    JobReplica.Notice notice = replica == null ? null : replica.notice();
    return job != null
            && replica != null
            && notice != null
            && replica.phase() == JobReplica.Phase.LEASED
            && said.problem() == Problem.DEADLINE_PASSED
        ? stopped(job, replica, notice, said.saved(), nowMillis)
        : null;
  }
}
