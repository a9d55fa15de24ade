package xyz.openledger.actors.job;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.verification.Verdict;

/** Whether a job takes a second replica beside one that its pool says is slow. */
public final class Hedges {
  private Hedges() {}

  /** The event, or nothing: it did not ask for it, could not pay for it, or need not wait. */
  public static List<JobEvent> of(@Nullable Job job, JobMessage.Straggles said, long nowMillis) {
    if (job == null
        || job.finished() != null
        || !Boolean.TRUE.equals(job.spec().scheduled().hedge())) {
      return List.of();
    }
    JobReplica replica = job.replica(said.replica());
    if (replica == null
        || replica.phase() != JobReplica.Phase.LEASED
        || !replica.grant().node().equals(said.node())
        || replica.grant().fence() != said.fence()) {
      return List.of();
    }
    Job.Task task = job.tasks().get(said.replica().task().index());
    return task.race() == null
            && JobRules.verdict(job, task) instanceof Verdict.Wait
            && JobRules.worstNanoOpen(job, replica.grant()) <= JobRules.leftNanoOpen(job)
        ? List.of(new JobEvent.Hedged(job.id(), said.replica(), said.detail(), nowMillis))
        : List.of();
  }
}
