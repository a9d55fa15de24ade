package xyz.openledger.cluster.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.cluster.audit.AuditRun;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Price;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.SavedState;
import xyz.openledger.protocol.Scheduling;
import xyz.openledger.protocol.api.JobDetail;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.api.PoolChange;
import xyz.openledger.protocol.json.Json;

/** Urgent work takes the only slot of a real machine from work that allows it. */
class PreemptionWithAgentsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /**
   * Some three times as many as a fast machine makes in the half of a notice that a training runs
   * on: 1.5 s, in which 300 were made once.
   */
  private static final int STEPS = 3_000;

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

      trainingIsGoneOnWithByAnotherMachine(network, workloads, pool);
    }
    assertThat(AuditRun.of(data, (URI) null).findings()).isEmpty();
  }

  /** The only slot again; this time what has to go can save its state. */
  private void trainingIsGoneOnWithByAnotherMachine(
      LocalNetwork network, Workloads workloads, String pool) throws Exception {
    var client = network.client();
    client.network().setPool(pool, new PoolChange(null, null, null, null, null, 1_000, 3_000));
    List<ProcessHandle> workers = network.workers(Cast.BOB);
    settled(network, Training.of(Demo.home().resolve("examples"), folder, 2));
    List<ProcessHandle> modelServer =
        network.workers(Cast.BOB).stream().filter(it -> !workers.contains(it)).toList();
    var training = Training.of(Demo.home().resolve("examples"), folder, STEPS);
    JobId low = training.submit(client, preemptible(0), policy());
    await()
        .atMost(PATIENCE)
        .failFast("the training ended", () -> show(network, low).job().state().isFinal())
        .until(() -> show(network, low).job().state() == JobState.RUNNING);
    signal(modelServer, "STOP");
    JobId high = submit(network, workloads, 9);
    await()
        .atMost(PATIENCE)
        .until(() -> client.jobs().explain(low.value()).toString().contains("makes room"));
    signal(modelServer, "CONT");
    await()
        .atMost(PATIENCE)
        .failFast("the training was too short", () -> show(network, low).job().state().isFinal())
        .until(
            () ->
                show(network, low).tasks().getFirst().replicas().getFirst().state()
                    == JobDetail.ReplicaState.RELEASED);
    // What it saved outlives the machine.
    network.kill(Cast.BOB);
    network.startMachine(Cast.ADA);
    for (JobId job : List.of(low, high)) {
      await().atMost(PATIENCE).until(() -> show(network, job).job().state().isFinal());
    }

    JobDetail ended = show(network, low);
    assertThat(ended.job().state()).isEqualTo(JobState.SETTLED);
    assertThat(Digest.of(client.jobs().output(low.value(), 0)))
        .as("the bits of a training that nobody interrupted")
        .isEqualTo(training.uninterrupted());
    byte[] document =
        client.receipts().show(low.value()).document().toString().getBytes(StandardCharsets.UTF_8);
    var replicas = Json.read(document, Receipt.class).tasks().getFirst().replicas();
    var stopped = replicas.getFirst();
    var last = replicas.getLast();
    SavedState saved = Objects.requireNonNull(stopped.preempted()).saved();
    assertThat(saved).as("what was saved").isNotNull();
    assertThat(last.node()).as("another machine").isNotEqualTo(stopped.node());
    assertThat(last.resumed()).isEqualTo(new Receipt.Resumed(stopped.replica(), saved));
    assertThat(stopped.paidNanoOpen()).isEqualTo(priceOf(saved.fuel(), stopped));
    long all = Objects.requireNonNull(last.outcome()).fuelUsed();
    assertThat(last.paidNanoOpen()).isEqualTo(priceOf(all - saved.fuel(), last));
    assertThat(client.jobs().explain(low.value()).toString())
        .contains("its state is saved, and another node goes on from it");
  }

  private static long priceOf(long fuel, Receipt.ReplicaReceipt replica) {
    return Price.ofReplica(fuel, replica.priceNanoOpenPerGigafuel());
  }

  /** A short one, after which the model server is up and warm. */
  private static void settled(LocalNetwork network, Training training) throws Exception {
    JobId id = training.submit(network.client(), preemptible(0), policy());
    await().atMost(PATIENCE).until(() -> show(network, id).job().state().isFinal());
    assertThat(show(network, id).job().state()).isEqualTo(JobState.SETTLED);
  }

  private static JobId submit(LocalNetwork network, Workloads workloads, int priority)
      throws Exception {
    JobSpec drawn = workloads.task("word-statistics", 1, "lowest-latency").spec();
    var spec =
        new JobSpec(
            drawn.name(),
            drawn.labels(),
            drawn.workload(),
            drawn.tasks(),
            policy(),
            preemptible(priority));
    return network.client().jobs().submit(spec, UUID.randomUUID().toString()).job();
  }

  private static Policy policy() {
    return new Policy(
        null,
        new Policy.Limits(3_000_000_000L, 600_000, List.of(), null, 0),
        new Policy.Verification(Policy.Method.TRUSTED, null),
        null);
  }

  private static Scheduling preemptible(int priority) {
    return new Scheduling(priority, null, null, null, null, null, null, true);
  }

  private static JobDetail show(LocalNetwork network, JobId job) {
    return network.client().jobs().show(job.value());
  }

  private static void signal(LocalNetwork network, String name) throws Exception {
    signal(network.workers(Cast.BOB), name);
  }

  private static void signal(List<ProcessHandle> processes, String name) throws Exception {
    for (ProcessHandle worker : processes) {
      new ProcessBuilder("kill", "-" + name, Long.toString(worker.pid())).start().waitFor();
    }
  }
}
