package xyz.openledger.cluster.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.cluster.audit.AuditRun;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Scheduling;
import xyz.openledger.protocol.api.JobDetail;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.api.PoolChange;

/** Urgent work takes the only slot of a real machine from work that allows it. */
class PreemptionWithAgentsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  @Test
  void lessUrgentWorkMakesRoomIsPaidForItsTimeAndComesToTheSameLater() throws Exception {
    Path data = folder.resolve("data");
    try (var network = new LocalNetwork(data)) {
      var workloads = new Workloads(Demo.home().resolve("examples"), 600_000);
      network.startMember(List.of("hearth"));
      network.startMachine(Cast.BOB);
      workloads.upload(network.client().blobs());
      network.deposit(10_000_000_000L);
      network.awaitReady(1);
      String pool =
          network.client().network().pools().stream().findFirst().orElseThrow().id().value();
      network
          .client()
          .network()
          .setPool(pool, new PoolChange(null, null, null, null, null, 1_000, 1_000));
      // It answers, and does nothing: so the first job runs for as long as we like.
      signal(network, "STOP");
      JobId low = submit(network, workloads, 0);
      await().atMost(PATIENCE).until(() -> show(network, low).job().state() == JobState.RUNNING);

      JobId high = submit(network, workloads, 9);

      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  show(network, low).tasks().getFirst().replicas().getFirst().state()
                      == JobDetail.ReplicaState.RELEASED);
      assertThat(network.client().jobs().explain(low.value()).toString())
          .contains("makes room in 1 s for work of priority 9");
      signal(network, "CONT");
      for (JobId job : List.of(high, low)) {
        await().atMost(PATIENCE).until(() -> show(network, job).job().state().isFinal());
        assertThat(show(network, job).job().state()).isEqualTo(JobState.SETTLED);
      }

      var task = show(network, low).tasks().getFirst();
      assertThat(task.replicas())
          .extracting(JobDetail.ReplicaView::state)
          .containsExactly(JobDetail.ReplicaState.RELEASED, JobDetail.ReplicaState.ACCEPTED);
      assertThat(task.replicas()).allSatisfy(it -> assertThat(it.paidNanoOpen()).isPositive());
      assertThat(task.replicas().getFirst().detail()).contains("makes room");
      assertThat(task.outcome())
          .as("as if it had not been interrupted")
          .isEqualTo(show(network, high).tasks().getFirst().outcome());
    }
    assertThat(AuditRun.of(data, (URI) null).findings()).isEmpty();
  }

  private static JobId submit(LocalNetwork network, Workloads workloads, int priority)
      throws Exception {
    JobSpec drawn = workloads.task("word-statistics", 1, "lowest-latency").spec();
    var policy =
        new Policy(
            drawn.policy().objective(),
            new Policy.Limits(1_000_000_000, 600_000, List.of(), null, 0),
            new Policy.Verification(Policy.Method.TRUSTED, null),
            null);
    var spec =
        new JobSpec(
            drawn.name(),
            drawn.labels(),
            drawn.workload(),
            drawn.tasks(),
            policy,
            new Scheduling(priority, null, null, null, null, null, null, true));
    return network.client().jobs().submit(spec, UUID.randomUUID().toString()).job();
  }

  private static JobDetail show(LocalNetwork network, JobId job) {
    return network.client().jobs().show(job.value());
  }

  private static void signal(LocalNetwork network, String name) throws Exception {
    for (ProcessHandle worker : network.workers(Cast.BOB)) {
      new ProcessBuilder("kill", "-" + name, Long.toString(worker.pid())).start().waitFor();
    }
  }
}
