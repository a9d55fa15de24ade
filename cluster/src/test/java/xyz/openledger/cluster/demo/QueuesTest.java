package xyz.openledger.cluster.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.cluster.member.MemberProcess;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Scheduling;
import xyz.openledger.protocol.api.JobDetail;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.api.PoolQuotaChange;
import xyz.openledger.protocol.api.PoolSummary;
import xyz.openledger.protocol.client.MemberUnreachable;

/**
 * Quotas and hedges in a network of real processes. A machine becomes slow when its workers are
 * stopped, and its agent is not: it answers, and does nothing.
 */
class QueuesTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final List<Cast> MACHINES = List.of(Cast.ADA, Cast.BOB);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private LocalNetwork network;
  private Workloads workloads;

  @BeforeEach
  void start() throws Exception {
    network = new LocalNetwork(folder.resolve("data"), Programs.freePortBase());
    workloads = new Workloads(Demo.home().resolve("examples"), 600_000);
    network.startMember(List.of("hearth"));
    for (Cast machine : MACHINES) {
      network.startMachine(machine);
    }
    workloads.upload(network.client().blobs());
    network.deposit(10_000_000_000L);
    network.awaitReady(MACHINES.size());
  }

  @AfterEach
  void stop() throws Exception {
    for (Cast machine : MACHINES) {
      signal(machine, "CONT");
    }
    network.close();
  }

  @Test
  void aQuotaHoldsAJobBackSaysSoAndOutlivesTheMember() throws Exception {
    network
        .client()
        .network()
        .setQuota(
            pool(), new PoolQuotaChange(MemberProcess.DEVELOPMENT_TENANT, 1, null, null, null));
    for (Cast machine : MACHINES) {
      signal(machine, "STOP");
    }
    JobId first = submit(null);
    await().atMost(PATIENCE).until(() -> show(first).job().state() == JobState.RUNNING);
    JobId second = submit(null);
    awaitWaiting(second, "would use 2 slots; its quota is 1");

    network.killMember();
    network.startMember(List.of("hearth"));
    network.awaitReady(MACHINES.size());

    assertThat(network.client().network().pool(pool()).quotas())
        .singleElement()
        .satisfies(quota -> assertThat(quota.max()).isEqualTo(1));
    awaitWaiting(second, "would use 2 slots; its quota is 1");
    for (Cast machine : MACHINES) {
      signal(machine, "CONT");
    }
    awaitSettled(first);
    awaitSettled(second);
  }

  @Test
  void aStragglerGetsASecondReplicaBesideItAndIsPaidForNothing() throws Exception {
    for (Cast machine : MACHINES) {
      signal(machine, "STOP");
    }
    JobId job = submit(new Scheduling(null, null, null, true, null, null, null));
    await().atMost(PATIENCE).until(() -> show(job).job().state() == JobState.RUNNING);
    var slow = show(job).tasks().getFirst().replicas().getFirst().node();
    for (Cast machine : MACHINES) {
      if (!network.node(machine).id().equals(slow)) {
        signal(machine, "CONT");
      }
    }

    awaitSettled(job);

    assertThat(explained(job)).anyMatch(line -> line.contains("one more is wanted beside it"));
    var replicas = show(job).tasks().getFirst().replicas();
    assertThat(replicas).hasSize(2);
    assertThat(replicas)
        .filteredOn(replica -> replica.node().equals(slow))
        .allSatisfy(replica -> assertThat(replica.paidNanoOpen()).isZero());
    assertThat(replicas)
        .filteredOn(replica -> !replica.node().equals(slow))
        .allSatisfy(replica -> assertThat(replica.paidNanoOpen()).isPositive());
  }

  private JobId submit(@Nullable Scheduling scheduling) throws Exception {
    JobSpec drawn = workloads.task("word-statistics", 1, "lowest-latency").spec();
    Policy policy = drawn.policy();
    var spec =
        new JobSpec(
            drawn.name(),
            drawn.labels(),
            drawn.workload(),
            drawn.tasks(),
            new Policy(
                policy.objective(),
                new Policy.Limits(1_000_000_000, 600_000, List.of(), null, 0),
                new Policy.Verification(Policy.Method.TRUSTED, null),
                null),
            scheduling);
    return network.client().jobs().submit(spec, UUID.randomUUID().toString()).job();
  }

  private void awaitWaiting(JobId job, String words) {
    await()
        .atMost(PATIENCE)
        .ignoreException(MemberUnreachable.class)
        .until(() -> explained(job).stream().anyMatch(line -> line.contains(words)));
  }

  private void awaitSettled(JobId job) {
    await().atMost(PATIENCE).until(() -> show(job).job().state() == JobState.SETTLED);
  }

  private List<String> explained(JobId job) {
    var explanation = network.client().jobs().explain(job.value());
    var lines = new ArrayList<>(explanation.reasons());
    lines.addAll(explanation.waiting());
    return lines;
  }

  private JobDetail show(JobId job) {
    return network.client().jobs().show(job.value());
  }

  private String pool() {
    return network.client().network().pools().stream()
        .map(PoolSummary::id)
        .findFirst()
        .orElseThrow()
        .value();
  }

  private void signal(Cast machine, String name) throws Exception {
    for (ProcessHandle worker : network.workers(machine)) {
      new ProcessBuilder("kill", "-" + name, Long.toString(worker.pid())).start().waitFor();
    }
  }
}
