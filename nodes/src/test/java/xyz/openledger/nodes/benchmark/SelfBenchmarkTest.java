package xyz.openledger.nodes.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.nodes.execution.EndiveEngine;
import xyz.openledger.nodes.execution.ExecutionLimits;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.nodes.execution.WasmEngine;
import xyz.openledger.nodes.session.TaskRunner;
import xyz.openledger.nodes.worker.TaskResult;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Problem;
import xyz.openledger.verification.challenge.Challenge;
import xyz.openledger.verification.gate.GateLimits;
import xyz.openledger.verification.gate.WasmGate;

class SelfBenchmarkTest {
  @TempDir Path folder;

  @Test
  void theLoopBurnsFuelInProportionToItsRounds() throws Exception {
    long one = fuel(1);
    long thousand = fuel(1_000);
    long million = fuel(1_000_000);

    assertThat((million - one) / 999_999.0).isEqualTo((thousand - one) / 999.0);
    assertThat(million).isGreaterThan(10_000_000);
    assertThat(fuel(0)).isLessThan(one);
  }

  /** Members reckon the fuel of a challenge by this, and by nothing that a node says. */
  @Test
  void aChallengeBurnsWhatIsSaidOfItAndComesToWhatIsExpected() throws Exception {
    long around = burnt(new Challenge(7, 1)) - Challenge.FUEL_PER_ROUND;
    for (int rounds : new int[] {1_000, 54_321, 1_000_000}) {
      var challenge = new Challenge(Long.MAX_VALUE, rounds);
      assertThat(burnt(challenge) - challenge.fuel()).isBetween(around - 2_000, around + 2_000);
    }
    assertThat(around).isBetween(0L, Challenge.FUEL_AROUND_MAX - 2_000);
  }

  private static long burnt(Challenge challenge) throws Exception {
    var limits = new ExecutionLimits(1L << 40, 1 << 24, 64);
    var request = new ExecutionRequest(Digest.of(), challenge.arguments(), new byte[0], limits);
    var execution = engine(Challenge.module()).run(request);
    assertThat(execution.output()).isEqualTo(challenge.output());
    return execution.fuelUsed();
  }

  @Test
  void measuresARunnerThatWorks() {
    TaskRunner inProcess =
        task -> {
          try {
            return CompletableFuture.completedFuture(
                new TaskResult.Completed(
                    Digest.of(), engine(task.module().bytes()).run(task.request())));
          } catch (Exception broken) {
            return CompletableFuture.failedFuture(broken);
          }
        };

    var benchmark = SelfBenchmark.measure(inProcess);

    assertThat(benchmark.fuelPerCpuSecond()).isGreaterThan(1_000_000);
    assertThat(benchmark.taskRoundTripMicros()).isPositive();
  }

  @Test
  void saysWhyARunnerDoesNotWork() {
    TaskRunner broken =
        _ ->
            CompletableFuture.completedFuture(
                new TaskResult.Faulted(Problem.SANDBOX_FAILED, "no worker starts"));

    assertThatThrownBy(() -> SelfBenchmark.measure(broken))
        .hasMessageContaining("sandbox-failed")
        .hasMessageContaining("no worker starts");
  }

  @Test
  void oneOfAMachineMeasuresAtATime() throws Exception {
    Path lock = folder.resolve("lock");
    var measuring = new AtomicInteger();
    var most = new AtomicInteger();
    try (var agents = Executors.newFixedThreadPool(4)) {
      List<CompletableFuture<Void>> all =
          IntStream.range(0, 4)
              .mapToObj(
                  _ -> CompletableFuture.runAsync(() -> measure(lock, measuring, most), agents))
              .toList();
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
    }

    assertThat(most).hasValue(1);
  }

  @Test
  void whoWaitsTooLongMeasuresAllTheSame() throws Exception {
    Path lock = folder.resolve("lock");

    int inner =
        MachineTurn.take(
            lock,
            Duration.ofSeconds(5),
            () -> {
              try {
                return MachineTurn.take(lock, Duration.ofMillis(100), () -> 7);
              } catch (InterruptedException ended) {
                throw new IllegalStateException(ended);
              }
            });

    assertThat(inner).isEqualTo(7);
  }

  private static void measure(Path lock, AtomicInteger measuring, AtomicInteger most) {
    try {
      MachineTurn.take(
          lock,
          Duration.ofSeconds(30),
          () -> {
            most.accumulateAndGet(measuring.incrementAndGet(), Math::max);
            Thread.onSpinWait();
            return measuring.decrementAndGet();
          });
    } catch (InterruptedException ended) {
      throw new IllegalStateException(ended);
    }
  }

  private static long fuel(long rounds) throws Exception {
    var limits = new ExecutionLimits(1L << 40, 1 << 16, 0);
    var request = new ExecutionRequest(Digest.of(), List.of(), IntegerLoop.input(rounds), limits);
    var execution = engine(IntegerLoop.module()).run(request);
    assertThat(execution.status()).isEqualTo(Outcome.Status.FINISHED);
    return execution.fuelUsed();
  }

  private static xyz.openledger.nodes.execution.LoadedModule engine(byte[] module)
      throws Exception {
    WasmEngine engine = EndiveEngine.COMPILER;
    return engine.load(WasmGate.admit(module, GateLimits.DEFAULT).bytes());
  }
}
