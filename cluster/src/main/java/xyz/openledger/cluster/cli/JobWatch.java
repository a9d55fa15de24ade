package xyz.openledger.cluster.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.api.JobDetail;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.client.OpenLedgerClient;

/** Follows a job to its end: each new state on standard error, the whole way as data. */
final class JobWatch {
  private final Member member;
  private final OpenLedgerClient client;
  private @Nullable JobState said;

  JobWatch(Member member) {
    this.member = member;
    this.client = member.client();
  }

  /** Answers the exit code that fits how the job ended. */
  int untilFinal(String id, long timeoutNanos) {
    JobDetail job =
        client.jobs().await(id, Duration.ofNanos(Math.max(0, timeoutNanos)), this::progress);
    if (!job.job().state().isFinal()) {
      throw CommandFailure.failed(
          "%s is still %s".formatted(job.job().id(), job.job().state().word()),
          "openledger job explain " + job.job().id());
    }
    member.print(
        job, () -> new JobStory(job, NodeNames.of(client, job.job().nodes())).line() + "\n");
    return exitCode(job.job().state());
  }

  static int exitCode(JobState state) {
    return switch (state) {
      case SETTLED -> ExitCode.OK;
      case REFUSED -> ExitCode.REFUSED;
      case QUEUED, RUNNING, VERIFYING, FAILED, CANCELLED, EXPIRED -> ExitCode.FAILED;
    };
  }

  private void progress(JobDetail job) {
    JobState state = job.job().state();
    if (state != said) {
      said = state;
      member.shell().note(Text.shortId(job.job().id().value()) + " " + state.word());
    }
  }
}
