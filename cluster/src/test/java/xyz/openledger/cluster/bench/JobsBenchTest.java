package xyz.openledger.cluster.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.TenantId;

/** The bench runs, and its figures add up; how large they are is not asserted anywhere. */
class JobsBenchTest {
  private static final TenantId ADA = new TenantId("ada");

  @TempDir Path folder;

  @Test
  void settlesEveryJobOfTheCoreRow() throws Exception {
    var options =
        new JobsBench.Options(
            20, 5, 2, EnumSet.of(JobsBench.Part.CORE), folder.resolve("bench"), folder, null);

    JobsReport report = JobsBench.run(options, _ -> {});

    assertThat(report.findings()).isEmpty();
    JobsReport.Row core = report.rows().getFirst();
    assertThat(core.rounds()).extracting(Round::replicas).containsExactly(1, 3, 1, 3);
    assertThat(core.rounds()).allMatch(round -> round.jobs() == 20 && round.settled() == 20);
    assertThat(core.rounds())
        .allSatisfy(
            round ->
                assertThat(round.jobsPerCpuSecond() * round.cpuSeconds())
                    .isCloseTo(20, within(0.1)));
    assertThat(core.paced().jobs()).isEqualTo(20);
    assertThat(core.paced().answered().p50Millis())
        .isPositive()
        .isLessThanOrEqualTo(core.paced().settled().maxMillis());
    assertThat(folder.resolve("bench")).as("what it leaves behind").doesNotExist();
  }

  @Test
  void failsIfAJobEndsOtherwise() {
    var trial = new Trial("trial", ADA, 2, 1, 0, 2);
    trial.ended(JobId.of(ADA, trial.key(0)), "settled");
    trial.ended(JobId.of(ADA, trial.key(1)), "expired");

    assertThatThrownBy(() -> trial.await(1)).hasMessageContaining("ended as expired");
    assertThat(trial.settled()).isEqualTo(1);
  }

  @Test
  void countsAJobOnceHoweverOftenItIsToldOf() {
    var trial = new Trial("trial", ADA, 1, 1, 0, 1);
    JobId job = JobId.of(ADA, trial.key(0));

    trial.ended(job, "settled");
    trial.ended(job, "settled");
    trial.ended(JobId.of(ADA, "another's"), "settled");

    assertThat(trial.settled()).isEqualTo(1);
  }

  @Test
  void takesPercentilesByRank() {
    long[] millis = LongStream.rangeClosed(1, 200).map(milli -> milli * 1_000_000).toArray();

    assertThat(Latency.of(millis)).isEqualTo(new Latency(100, 198, 200));
  }

  @Test
  void takesTheMiddleOfRounds() {
    assertThat(Rounded.median(List.of(9.0, 1.0, 2.0))).isEqualTo(2);
    assertThat(Rounded.median(List.of(9.0, 1.0, 2.0, 4.0))).isEqualTo(3);
  }

  @Test
  void readsThePeersOwnWords() throws Exception {
    Path printed =
        Files.writeString(
            folder.resolve("slurm.txt"),
            """
            idle nodes: 16 of 16
            cpu=17.65s over the jobs = 29.41 ms CPU/job = 34.0 jobs per CPU-second
            """);

    assertThat(Peer.read(printed).jobsPerCpuSecond()).isEqualTo(34.0);
    assertThat(Peer.read(printed).source()).contains("slurm.txt");
    assertThatThrownBy(() -> Peer.read(Files.writeString(printed, "nothing of the kind")))
        .hasMessageContaining("benchmarks/README.md");
  }
}
