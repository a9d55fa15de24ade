package xyz.openledger.cluster.member;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.job.Job;
import xyz.openledger.actors.job.JobReplica;
import xyz.openledger.actors.view.JobRow;
import xyz.openledger.protocol.api.JobDetail;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.api.JobSummary;

/** What there is to tell of a job that its partition still holds. */
final class LiveJob {
  private LiveJob() {}

  /**
   * All of it.
   *
   * @param row what the views know of it; absent if nothing yet
   * @param firstAnswer what was answered before it was verified; absent if nothing was
   */
  static JobDetail detail(
      Job job, @Nullable JobRow row, JobDetail.@Nullable FirstAnswer firstAnswer) {
    return new JobDetail(
        row == null ? summary(job) : FinishedJob.summary(row, job.state()),
        job.tasks().stream()
            .map(
                task ->
                    new JobDetail.TaskView(
                        task.index(),
                        null,
                        task.replicas().stream().map(LiveJob::replica).toList()))
            .toList(),
        null,
        governedBy(job),
        firstAnswer);
  }

  /** The rules it is decided under; absent before it was. */
  static JobDetail.@Nullable GovernedBy governedBy(Job job) {
    return JobDetail.GovernedBy.of(job.governanceEpoch(), job.ruleHash());
  }

  /** Nobody sees an outcome before the verdict is final. */
  private static JobDetail.ReplicaView replica(JobReplica replica) {
    var grant = replica.grant();
    return new JobDetail.ReplicaView(
        grant.replica(),
        grant.node(),
        grant.owner(),
        grant.pool(),
        switch (replica.phase()) {
          case LEASED -> JobDetail.ReplicaState.LEASED;
          case COMMITTED -> JobDetail.ReplicaState.COMMITTED;
          case REVEALED -> JobDetail.ReplicaState.REVEALED;
          case LOST -> JobDetail.ReplicaState.LOST;
          case PREEMPTED -> JobDetail.ReplicaState.RELEASED;
        },
        null,
        replica.problem(),
        replica.detail().isEmpty() ? null : replica.detail(),
        grant.priceNanoOpenPerGigafuel(),
        0,
        grant.region(),
        grant.carbonGramsPerKwh());
  }

  private static JobSummary summary(Job job) {
    var finished = job.finished();
    return new JobSummary(
        job.id(),
        job.tenant(),
        job.spec().name(),
        job.spec().labels(),
        JobState.parse(job.state()),
        finished == null ? null : finished.problem(),
        finished == null ? "" : finished.detail(),
        job.spec().digest(),
        job.spec().policy().objective(),
        job.spec().policy().verification(),
        job.spec().tasks().size(),
        List.of(),
        List.of(),
        0,
        null,
        job.submittedAtMillis(),
        finished == null ? job.submittedAtMillis() : finished.atMillis());
  }
}
