package xyz.openledger.cluster.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.nodes.agent.AgentMain;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.api.JobState;

/**
 * A member and three agents, all real processes, and inputs of megabytes that are worked on again
 * and again: how many bytes the agents fetch with locality, and without.
 */
class LocalityWithAgentsTest {
  private static final String POOL = "store";
  private static final int INPUTS = 2;
  private static final int ROUNDS = 4;
  private static final int INPUT_BYTES = 1 << 20;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

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
          "join", claim, "--name", machine, "--data", data, "--slots", "1", "--zone", "FR");
    }
  }

  private static final List<Box> MACHINES =
      List.of(new Box("first"), new Box("second"), new Box("third"));

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  @Test
  void agentsFetchFewerBytesWhereTasksGoToTheirInputs() throws Exception {
    long near = fetched("near", List.of());
    long anywhere = fetched("anywhere", List.of("--no-locality"));

    System.out.printf(
        "fetched by three agents in %d tasks on %d inputs of %d bytes: %d with locality, %d"
            + " without%n",
        INPUTS * ROUNDS, INPUTS, INPUT_BYTES, near, anywhere);
    // Each input travels once; without locality it does so about 2.4 times, by the luck of the
    // draw.
    assertThat(near).isLessThan(INPUTS * (long) INPUT_BYTES * 4 / 3);
    assertThat(anywhere).isGreaterThan(near);
  }

  private long fetched(String name, List<String> options) throws Exception {
    Path data = folder.resolve(name);
    try (var network = new LocalNetwork(data)) {
      network.startMember(List.of(POOL), options);
      for (Box machine : MACHINES) {
        network.startMachine(machine);
      }
      network.deposit(1_000_000_000_000L);
      network.awaitReady(MACHINES.size());
      byte[] program =
          Files.readAllBytes(Demo.home().resolve("examples/word-statistics/word-statistics.wasm"));
      Digest module = network.client().blobs().put(program).digest();
      var inputs = new ArrayList<Digest>();
      for (int i = 0; i < INPUTS; i++) {
        inputs.add(network.client().blobs().put(text(i)).digest());
      }
      long before = held(data);
      for (int round = 0; round < ROUNDS; round++) {
        for (Digest input : inputs) {
          run(network, module, input);
        }
      }
      return held(data) - before;
    }
  }

  /** Submits, waits for the end, and until the agents have said what they hold now. */
  private static void run(LocalNetwork network, Digest module, Digest input) throws Exception {
    JobId job =
        network.client().jobs().submit(spec(module, input), UUID.randomUUID().toString()).job();
    var shown = network.client().jobs().await(job.value(), PATIENCE, _ -> {}).job();
    assertThat(shown.state()).as(String.valueOf(shown)).isEqualTo(JobState.SETTLED);
    // An agent writes its status with each heartbeat; what is not said yet cannot be preferred.
    for (Box machine : MACHINES) {
      Path status =
          network.data().resolve("nodes").resolve(machine.machine()).resolve("run/status.json");
      FileTime before = Files.getLastModifiedTime(status);
      await().atMost(PATIENCE).until(() -> !Files.getLastModifiedTime(status).equals(before));
    }
  }

  private static JobSpec spec(Digest module, Digest input) {
    return new JobSpec(
        "near",
        Map.of(),
        new Workload.Wasm(module, 20_000_000_000L, 128L << 20, 65_536),
        List.of(new JobSpec.Task(List.of("--language", "en"), input)),
        new Policy(
            new Policy.Objective(null),
            new Policy.Limits(5_000_000_000L, 600_000, List.of(), null, 0),
            new Policy.Verification(Policy.Method.TRUSTED, null),
            null));
  }

  private static byte[] text(int number) {
    return ("Shared machines number " + number + " run words, and words count. ")
        .repeat(INPUT_BYTES / 50)
        .substring(0, INPUT_BYTES)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** What lies in the agents' stores of blobs: nothing comes there but by fetching. */
  private static long held(Path data) throws IOException {
    long bytes = 0;
    for (Box machine : MACHINES) {
      try (var files = Files.walk(data.resolve("nodes").resolve(machine.machine()))) {
        for (Path file : files.filter(it -> it.toString().contains("/blobs/sha256/")).toList()) {
          bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
        }
      }
    }
    return bytes;
  }
}
