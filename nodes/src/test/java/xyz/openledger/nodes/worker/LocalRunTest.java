package xyz.openledger.nodes.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.nodes.execution.ExecutionLimits;
import xyz.openledger.nodes.execution.Programs;
import xyz.openledger.nodes.sandbox.Bubblewrapped;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;

@Tag("sandbox")
class LocalRunTest {
  @TempDir Path folder;

  @Test
  void givesTheOutcomeThatTheNetworkWillAgreeOn() throws IOException {
    Path input = Files.writeString(folder.resolve("input"), "some input");

    var run = run(Programs.submitted("echo"), Optional.of(input), "one");

    assertThat(run.module()).isEqualTo(Digest.of(Programs.submitted("echo")));
    assertThat(run.gate().orElseThrow().imports()).contains("fd_read", "fd_write");
    assertThat(run.result())
        .isInstanceOfSatisfying(
            TaskResult.Completed.class,
            completed -> {
              assertThat(completed.code()).isEqualTo(run.code().orElseThrow());
              assertThat(completed.execution().outcome().status())
                  .isEqualTo(Outcome.Status.FINISHED);
              assertThat(completed.execution().output()).asString(UTF_8).isEqualTo("some input");
            });
  }

  @Test
  void seedsRandomnessByTheTaskAndNothingElse() throws IOException {
    var first = run(Programs.submitted("world"), Optional.empty(), "a");
    var again = run(Programs.submitted("world"), Optional.empty(), "a");
    var other = run(Programs.submitted("world"), Optional.empty(), "b");

    assertThat(randomLine(again)).isEqualTo(randomLine(first));
    assertThat(randomLine(other)).isNotEqualTo(randomLine(first));
  }

  @Test
  void saysWhyTheGateRefuses() throws IOException {
    var run = run("no module".getBytes(UTF_8), Optional.empty());

    assertThat(run.code()).isEmpty();
    assertThat(run.result()).isInstanceOf(TaskResult.Refused.class);
  }

  private LocalRun run(byte[] module, Optional<Path> input, String... arguments)
      throws IOException {
    Path file = Files.write(folder.resolve("module.wasm"), module);
    var limits = new ExecutionLimits(50_000_000, 1 << 20, 1 << 20);
    return LocalRun.of(
        new LocalRun.Task(file, input, List.of(arguments), limits, Duration.ofSeconds(30)),
        Bubblewrapped.orWhatThereIs());
  }

  private static String randomLine(LocalRun run) {
    var completed = (TaskResult.Completed) run.result();
    return new String(completed.execution().output(), UTF_8)
        .lines()
        .filter(line -> line.startsWith("random: "))
        .findFirst()
        .orElseThrow();
  }
}
