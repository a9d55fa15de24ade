package xyz.openledger.actors.job;

import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Problem;

/**
 * What is remembered of a job that has left its partition.
 *
 * @param spec the digest of what was submitted
 * @param state how it ended
 * @param problem why it was refused; null if it was not
 */
public record SettledJob(
    JobId job, Digest spec, String state, @Nullable Problem problem, String detail) {

  static SettledJob of(Job job, JobEvent.Finished finished) {
    boolean refused = finished.end() == JobEvent.End.REFUSED;
    return new SettledJob(
        job.id(),
        job.spec().digest(),
        finished.end().word(),
        refused ? finished.problem() : null,
        refused ? finished.detail() : "");
  }

  /** What whoever submits it again is told. */
  JobMessage.SubmitReply reply(JobSpec again) {
    return again.digest().equals(spec)
        ? new JobMessage.SubmitReply(job, state, problem, detail)
        : new JobMessage.SubmitReply(
            job, state, Problem.IDEMPOTENCY_CONFLICT, JobMessage.SubmitReply.OTHER_JOB);
  }
}
