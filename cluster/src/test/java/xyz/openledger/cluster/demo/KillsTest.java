package xyz.openledger.cluster.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.api.JobDetail;
import xyz.openledger.protocol.api.JobDetail.ReplicaState;
import xyz.openledger.protocol.api.JobState;

/**
 * {@code kill -9} of real processes, under load, at moments drawn from a seed ({@code -Dseed=…}
 * repeats one, {@code -Dthorough=true} kills more often). Afterwards every job that was accepted
 * has ended once and is paid once, and the audit of journal and chain finds nothing.
 */
class KillsTest {
  private static final boolean THOROUGH = Boolean.getBoolean("thorough");
  private static final int MEMBER_KILLS = THOROUGH ? 50 : 2;
  private static final int CHAIN_KILLS = THOROUGH ? 10 : 1;
  private static final int MACHINE_KILLS = THOROUGH ? 10 : 1;

  private final long seed = Long.getLong("seed", Long.getLong("run.seed", System.nanoTime()));
  private final SplittableRandom random = new SplittableRandom(seed);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  @Test
  void aMemberKilledAtRandomMomentsLosesNoJobAndPaysNoneTwice() throws Exception {
    try (var loaded = LoadedNetwork.start(folder.resolve("data"));
        var language = LanguageWork.begin(loaded.network)) {
      for (int kill = 0; kill < MEMBER_KILLS; kill++) {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(4_000));
        loaded.network.killMember();
        int before = loaded.accepted();
        loaded.network.startMember(Cast.POOLS);
        loaded.awaitAcceptedBeyond(before);
      }
      language.awaitEnd();
      settledOnce(loaded);
    }
  }

  @Test
  void aChainKilledAtRandomMomentsCatchesUp() throws Exception {
    try (var loaded = LoadedNetwork.start(folder.resolve("data"))) {
      for (int kill = 0; kill < CHAIN_KILLS; kill++) {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(6_000));
        var killed = loaded.chain().orElseThrow();
        killed.destroyForcibly();
        killed.onExit().get(10, TimeUnit.SECONDS);
        int before = loaded.accepted();
        loaded.awaitAcceptedBeyond(before);
        await().atMost(Duration.ofSeconds(60)).until(() -> loaded.chain().isPresent());
      }
      settledOnce(loaded);
    }
  }

  @Test
  void aMachineKilledInTheMiddleOfATaskLeavesItToOthers() throws Exception {
    try (var loaded = LoadedNetwork.start(folder.resolve("data"))) {
      for (int kill = 0; kill < MACHINE_KILLS; kill++) {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(4_000));
        List<Cast> working = loaded.awaitWorking();
        Cast victim = working.get(random.nextInt(working.size()));
        loaded.network.kill(victim);
        int before = loaded.accepted();
        loaded.awaitAcceptedBeyond(before + 5);
        loaded.network.startMachine(victim);
        loaded.network.awaitReady(LoadedNetwork.MACHINES.size());
      }
      assertThat(settledOnce(loaded))
          .as("replicas that died with their machines, seed %d", seed)
          .anyMatch(job -> replicas(job).anyMatch(state -> state == ReplicaState.LOST));
    }
  }

  private static Stream<ReplicaState> replicas(JobDetail job) {
    return job.tasks().stream()
        .flatMap(task -> task.replicas().stream())
        .map(replica -> replica.state());
  }

  /** All that was accepted, once it has ended as it should. */
  private Collection<JobDetail> settledOnce(LoadedNetwork loaded) throws Exception {
    Map<JobId, JobDetail> ended = loaded.finish();
    String which = "seed %d".formatted(seed);
    assertThat(loaded.duplicates()).as(which).isEmpty();
    assertThat(ended).as(which).hasSize(loaded.accepted());
    assertThat(ended.values())
        .as(which)
        .allMatch(job -> job.job().state() == JobState.SETTLED, "settled");
    assertThat(loaded.auditFindings()).as(which).isEmpty();
    return ended.values();
  }
}
