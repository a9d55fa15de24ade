package xyz.openledger.cluster.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.cluster.gateway.EchoModule;
import xyz.openledger.nodes.agent.AgentMain;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.api.DryRun;
import xyz.openledger.protocol.api.JobDetail;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.api.ModelPublication;
import xyz.openledger.protocol.api.PoolChange;
import xyz.openledger.protocol.api.PoolSummary;
import xyz.openledger.protocol.client.ModelFolder;
import xyz.openledger.protocol.inference.InferenceQuestion;

/** Limits that a pool measures or a catalogue knows, and what a pool prefers, with real agents. */
class LimitsWithAgentsTest {
  private static final String POOL = "attic";
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  /** A figure is told once so many results of a size are there. */
  private static final int MEASURED = 20;

  private static final Policy.Weights RELIABLE = new Policy.Weights(0, 0, 100, 0);

  private record Box(String machine) implements Machine {
    @Override
    public String pool() {
      return POOL;
    }

    @Override
    public Class<?> program() {
      return AgentMain.class;
    }

    @Override
    public List<String> join(String claim, String data) {
      return List.of(
          "join", claim, "--name", machine, "--data", data, "--slots", "1", "--price", "900000");
    }
  }

  private static final List<Box> MACHINES = List.of(new Box("ann"), new Box("ben"));

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private LocalNetwork network;

  @Test
  void nodesAreHeldToWhatWasMeasuredPoolsPreferAndModelsAreUsedUnderTheirLicences()
      throws Exception {
    try (var started = new LocalNetwork(folder)) {
      network = started;
      network.startMember(List.of(POOL));
      for (Box machine : MACHINES) {
        network.startMachine(machine);
      }
      network.deposit(1_000_000_000_000L);
      network.awaitReady(MACHINES.size());

      isHeldAgainstWhatWasMeasured();
      goesWhereThePoolPrefers(
          network.node(MACHINES.getFirst()).id(), network.node(MACHINES.getLast()).id());
      asksUnderItsLicence();
    }
  }

  /** Of two nodes that serve the requester alike, the one goes first that the pool likes. */
  private void goesWhereThePoolPrefers(NodeId one, NodeId other) throws Exception {
    String pool = id(POOL);
    for (NodeId liked : List.of(one, other)) {
      String prefer = "node.id == \"%s\" ? 10000 : 0".formatted(liked.value());
      network
          .client()
          .network()
          .setPool(pool, new PoolChange(100, null, null, null, null, null, null, prefer));
      JobId job = settled(spec(limits(null, null), 1));
      assertThat(network.client().jobs().explain(job.value()).reasons())
          .anySatisfy(
              reason -> assertThat(reason).contains(liked.value()).doesNotContain("liked 0"));
      assertThat(nodes(job)).containsExactly(liked);
    }
    network
        .client()
        .network()
        .setPool(pool, new PoolChange(500, null, null, null, null, null, null, ""));
  }

  /** Once nodes are measured, a limit that none meets is named with the figure that would do. */
  private void isHeldAgainstWhatWasMeasured() throws Exception {
    settled(spec(limits(null, null), 3 * MEASURED));
    DryRun tooSlow = network.client().jobs().dryRun(spec(limits(1, null), 1));
    assertThat(tooSlow.feasible()).isFalse();
    assertThat(tooSlow.clauses()).anyMatch(effect -> effect.clause().equals("latency p99"));
    DryRun.Change change =
        Objects.requireNonNull(tooSlow.relaxation()).changes().stream()
            .filter(each -> each.field().equals("policy.limits.latencyP99MillisMax"))
            .findFirst()
            .orElseThrow();
    int measured = Integer.parseInt(change.to());
    assertThat(measured).isGreaterThan(1);

    settled(spec(limits(10 * measured, null), 1));
  }

  /** A question is asked only under licences that the policy allows, one side of an OR at least. */
  private void asksUnderItsLicence() throws Exception {
    JobSpec question = question();
    assertThatThrownBy(
            () ->
                network
                    .client()
                    .jobs()
                    .submit(under(question, List.of("CC-BY-4.0")), UUID.randomUUID().toString()))
        .hasMessageContaining("MIT OR Apache-2.0")
        .hasMessageContaining("CC-BY-4.0");
    DryRun advised = network.client().jobs().dryRun(under(question, List.of("CC-BY-4.0")));
    assertThat(Objects.requireNonNull(advised.relaxation()).policy().limits().licences())
        .containsExactly("CC-BY-4.0", "MIT");

    settled(under(question, List.of("apache-2.0")));
  }

  /** A question to a model whose owner leaves the choice between two licences. */
  private JobSpec question() throws Exception {
    ModelFolder tiny = ModelFolder.read(Demo.home().resolve("examples/models/tiny"), null);
    tiny.upload(network.client().blobs(), _ -> {});
    network
        .client()
        .models()
        .publish(
            List.of(
                new ModelPublication.Named(
                    "tiny", tiny.manifest().digest(), null, "MIT OR Apache-2.0")));
    byte[] input =
        InferenceQuestion.greedy("<|user|>Tell me a story.<|end|><|assistant|>", 8).canonical();
    return new JobSpec(
        "story",
        Map.of(),
        new Workload.Inference(tiny.manifest().digest(), 1_000_000_000L, 16 << 20, 1 << 20),
        List.of(new JobSpec.Task(List.of(), network.client().blobs().put(input).digest())),
        new Policy(null, limits(null, null), null, null));
  }

  private static JobSpec under(JobSpec question, List<String> licences) {
    return new JobSpec(
        question.name(),
        question.labels(),
        question.workload(),
        List.of(new JobSpec.Task(List.of(), question.tasks().getFirst().input())),
        new Policy(
            null,
            limits(null, licences),
            new Policy.Verification(Policy.Method.TRUSTED, null),
            null));
  }

  private static Policy.Limits limits(Integer latencyMillis, List<String> licences) {
    return new Policy.Limits(
        5_000_000_000L, 600_000, List.of(), null, 0, null, null, latencyMillis, licences);
  }

  private JobSpec spec(Policy.Limits limits, int tasks) {
    Digest module = network.client().blobs().put(EchoModule.bytes()).digest();
    var task = new JobSpec.Task(List.of(), network.client().blobs().put(new byte[16]).digest());
    return new JobSpec(
        "limits",
        Map.of(),
        new Workload.Wasm(module, 1_000_000_000L, 16L << 20, 65_536),
        Collections.nCopies(tasks, task),
        new Policy(
            new Policy.Objective(RELIABLE),
            limits,
            new Policy.Verification(Policy.Method.TRUSTED, null),
            null));
  }

  private String id(String pool) {
    for (PoolSummary each : network.client().network().pools()) {
      if (each.name().equals(pool)) {
        return each.id().value();
      }
    }
    throw new AssertionError("no pool " + pool);
  }

  private JobId settled(JobSpec spec) throws Exception {
    JobId job = network.client().jobs().submit(spec, UUID.randomUUID().toString()).job();
    var shown = network.client().jobs().await(job.value(), PATIENCE, _ -> {}).job();
    assertThat(shown.state()).as(String.valueOf(shown)).isEqualTo(JobState.SETTLED);
    return job;
  }

  private List<NodeId> nodes(JobId job) {
    return network.client().jobs().show(job.value()).tasks().stream()
        .flatMap(each -> each.replicas().stream())
        .map(JobDetail.ReplicaView::node)
        .toList();
  }
}
