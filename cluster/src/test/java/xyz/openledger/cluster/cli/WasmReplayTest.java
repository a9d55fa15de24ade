package xyz.openledger.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.cluster.gateway.EchoModule;
import xyz.openledger.nodes.execution.ExecutionLimits;
import xyz.openledger.nodes.sandbox.Sandbox;
import xyz.openledger.nodes.worker.LocalRun;
import xyz.openledger.nodes.worker.TaskResult;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Workload;
import xyz.openledger.verification.dispute.Checkpoints;

class WasmReplayTest {
  private static final String JOB =
      """
      { "name": "echo",
        "workload": { "kind": "wasm", "module": "echo.wasm", "fuelMax": "1000000000",
                      "memoryMaxBytes": 16777216, "outputMaxBytes": 65536 },
        "tasks": [ { "arguments": ["openledger:checkpoints"], "input": "input.txt" } ],
        "policy": { "limits": { "priceMaxNanoOpen": "500000000", "deadlineMillis": 60000 },
                    "verification": { "method": "dispute" } } }
      """;

  @TempDir Path folder;

  @Test
  void runsTheProgramAgainAndNamesWhoNotedSomethingElse() throws Exception {
    byte[] honest = honest();
    var traced = Checkpoints.read(honest).orElseThrow();
    var noted = new ArrayList<>(traced.checkpoints().all());
    var last = noted.removeLast();
    noted.add(new Checkpoints.At(last.fuelUsed(), Digest.of(new byte[1])));
    Files.write(folder.resolve("honest.bin"), honest);
    Files.write(
        folder.resolve("lie.bin"), new Checkpoints(noted).behind("another".getBytes("UTF-8")));
    Files.write(folder.resolve("plain.bin"), traced.output());

    var first = replay("honest.bin", "lie.bin");
    var second = replay("lie.bin", "honest.bin");

    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.out())
        .containsPattern("winner +claimant")
        .contains("they part at checkpoint " + traced.checkpoints().all().size());
    assertThat(second.out()).containsPattern("winner +challenger");
    assertThat(replay("honest.bin", "honest.bin").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(replay("honest.bin", "plain.bin").err()).contains("has no checkpoints behind it");
  }

  private byte[] honest() throws IOException {
    Files.write(folder.resolve("echo.wasm"), EchoModule.bytes());
    Files.writeString(folder.resolve("input.txt"), "what was asked");
    Files.writeString(folder.resolve("job.json"), JOB);
    LocalRun run =
        LocalRun.of(
            new LocalRun.Task(
                folder.resolve("echo.wasm"),
                Optional.of(folder.resolve("input.txt")),
                List.of(Workload.Wasm.CHECKPOINTS),
                new ExecutionLimits(1_000_000_000, 16 << 20, 65_536),
                Duration.ofMinutes(1)),
            Sandbox.strongest());
    return ((TaskResult.Completed) run.result()).execution().output();
  }

  private TestShell.Result replay(String a, String b) {
    return new TestShell(folder)
        .run(
            "dispute",
            "replay",
            "--job",
            folder.resolve("job.json").toString(),
            folder.resolve(a).toString(),
            folder.resolve(b).toString());
  }
}
