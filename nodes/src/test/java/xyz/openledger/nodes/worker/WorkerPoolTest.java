package xyz.openledger.nodes.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import xyz.openledger.nodes.execution.ExecutionLimits;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.nodes.execution.Programs;
import xyz.openledger.nodes.sandbox.Bubblewrapped;
import xyz.openledger.protocol.Outcome.Status;
import xyz.openledger.protocol.Problem;
import xyz.openledger.verification.gate.GateLimits;
import xyz.openledger.verification.gate.WasmGate;

/** Real workers in the strongest sandbox of this machine. */
@Tag("sandbox")
class WorkerPoolTest {
  private static final Duration BUDGET = Duration.ofSeconds(30);
  private static final byte[] NO_INPUT = new byte[0];
  private static final WorkerSettings SETTINGS = WorkerSettings.of(2).withMemoryMaxBytes(64 << 20);

  private static WorkerPool pool;

  @BeforeAll
  static void start() {
    pool = WorkerPool.start(SETTINGS, Bubblewrapped.orWhatThereIs());
  }

  @AfterAll
  static void stop() {
    pool.close();
  }

  @Test
  void runsInBubblewrap() {
    Bubblewrapped.required();

    assertThat(pool.sandbox().sandbox().level().label()).isEqualTo("bubblewrap");
  }

  @Test
  void runsAProgramAndNamesItsCode() {
    var result = completed(run("echo", Programs.request("in".getBytes(UTF_8), "x")));

    assertThat(result.execution().status()).isEqualTo(Status.FINISHED);
    assertThat(result.execution().exitCode()).isEqualTo(1);
    assertThat(result.execution().output()).asString(UTF_8).isEqualTo("in");
    assertThat(result.code())
        .isEqualTo(WasmGate.admit(Programs.submitted("echo"), GateLimits.DEFAULT).code());
  }

  @Test
  void passesLargeInputsAndOutputs() {
    byte[] input = new byte[12 << 20];
    new SplittableRandom(5).nextBytes(input);
    var limits = new ExecutionLimits(1L << 40, 1 << 20, input.length);

    var result = completed(run("echo", request(input, limits)));

    assertThat(result.execution().output()).isEqualTo(input);
  }

  @Test
  void runsManySmallTasksInTheirOwnWorlds() {
    var results = new ArrayList<CompletableFuture<TaskResult>>();
    for (int i = 0; i < 800; i++) {
      results.add(run("echo", Programs.request(("task " + i).getBytes(UTF_8))));
    }

    for (int i = 0; i < results.size(); i++) {
      assertThat(completed(results.get(i)).execution().output())
          .asString(UTF_8)
          .isEqualTo("task " + i);
    }
  }

  @Test
  void survivesAProgramThatNeverEnds() {
    var limits = new ExecutionLimits(20_000_000, 1 << 20, 0);

    assertThat(completed(run("endless", request(NO_INPUT, limits))).execution().status())
        .isEqualTo(Status.FUEL_EXHAUSTED);
  }

  @Test
  void survivesAProgramThatAllocatesWithoutEnd() {
    var limits = new ExecutionLimits(50_000_000, 64 << 20, 0);

    var execution = completed(run("grow", request(NO_INPUT, limits))).execution();

    assertThat(execution.status()).isEqualTo(Status.FINISHED);
    assertThat(execution.exitCode()).isEqualTo(1024);
  }

  @Test
  void survivesAProgramThatRecursesWithoutEnd() {
    var execution = completed(run("recurse", Programs.request(NO_INPUT))).execution();

    assertThat(execution.status()).isEqualTo(Status.TRAPPED);
    assertThat(execution.detail()).startsWith("calls nested too deep");
  }

  @Test
  void survivesAProgramThatWritesWithoutEnd() {
    assertThat(completed(run("flood", Programs.request(NO_INPUT))).execution().status())
        .isEqualTo(Status.OUTPUT_EXCEEDED);
  }

  @Test
  void answersATrapAsAnOutcome() {
    assertThat(completed(run("traps", Programs.request(new byte[] {0}))).execution().status())
        .isEqualTo(Status.TRAPPED);
  }

  @Test
  void passesOnWhyTheGateRefusesAModule() {
    var module = WorkerModule.of("not a module".getBytes(UTF_8));

    var result = pool.run(new WorkerTask(module, Programs.request(NO_INPUT), BUDGET)).join();

    assertThat(result)
        .isInstanceOfSatisfying(
            TaskResult.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo("not-webassembly"));
  }

  @Test
  void faultsWhenTheTimeIsUpAndKeepsTheWorker() {
    long lost = pool.statistics().workersLost();
    var module = WorkerModule.of(Programs.submitted("endless"));
    var request = request(NO_INPUT, new ExecutionLimits(Long.MAX_VALUE, 1 << 20, 0));

    var result = pool.run(new WorkerTask(module, request, Duration.ofMillis(50))).join();

    assertFaulted(result, Problem.DEADLINE_PASSED);
    assertThat(pool.statistics().workersLost()).isEqualTo(lost);
  }

  @Test
  void refusesATaskThatWantsMoreMemoryThanAWorkerHas() {
    var limits = new ExecutionLimits(1, (64 << 20) + 1, 0);

    assertFaulted(run("exit", request(NO_INPUT, limits)).join(), Problem.SANDBOX_FAILED);
  }

  @Test
  void faultsATaskWhoseWorkerIsKilledAndRecovers() {
    try (var alone =
        WorkerPool.start(
            WorkerSettings.of(1).withMemoryMaxBytes(1 << 20), Bubblewrapped.orWhatThereIs())) {
      completed(alone.run(task("exit")));
      var request = request(NO_INPUT, new ExecutionLimits(Long.MAX_VALUE, 1 << 20, 0));
      var endless =
          alone.run(
              new WorkerTask(WorkerModule.of(Programs.submitted("endless")), request, BUDGET));
      await().until(() -> alone.statistics().tasksRunning() == 1);
      var behind = alone.run(task("exit"));

      alone.processIds().forEach(pid -> ProcessHandle.of(pid).orElseThrow().destroyForcibly());

      assertFaulted(endless.orTimeout(20, TimeUnit.SECONDS).join(), Problem.SANDBOX_FAILED);
      assertThat(completed(behind).execution().exitCode()).isEqualTo(42);
      assertThat(alone.statistics().workersLost()).isEqualTo(1);
    }
  }

  @Test
  void replacesWorkersWithoutLosingATask() {
    try (var restless =
        WorkerPool.start(
            WorkerSettings.of(1).withMemoryMaxBytes(1 << 20).withRecycleAfterTasks(100),
            Bubblewrapped.orWhatThereIs())) {
      var first = await().until(restless::processIds, ids -> !ids.isEmpty());
      do {
        var results = IntStream.range(0, 50).mapToObj(_ -> restless.run(task("exit"))).toList();
        results.forEach(
            result -> assertThat(completed(result).execution().exitCode()).isEqualTo(42));
      } while (restless.processIds().containsAll(first));

      assertThat(restless.statistics().workersLost()).isZero();
    }
  }

  @Test
  void endsWhatIsLeftWhenItIsClosed() {
    var closing = WorkerPool.start(SETTINGS, Bubblewrapped.orWhatThereIs());
    var results = IntStream.range(0, 20).mapToObj(_ -> closing.run(task("exit"))).toList();

    closing.close();

    assertThat(results).allMatch(CompletableFuture::isDone);
    assertFaulted(closing.run(task("exit")).join(), Problem.UNAVAILABLE);
    assertThat(closing.processIds()).isEmpty();
  }

  @Test
  void saysHowWorkersAreKeptToTheirShareOfACore() {
    try (var slow =
        WorkerPool.start(
            WorkerSettings.of(1).withMemoryMaxBytes(1 << 20).withCpuPercent(30),
            Bubblewrapped.orWhatThereIs())) {
      assertThat(slow.cpuShare().kind()).isIn("cgroup-v1", "cgroup-v2", "duty-cycle");
      assertThat(slow.cpuShare().degraded().isEmpty())
          .isEqualTo(slow.cpuShare().kind().startsWith("cgroup"));
      assertThat(completed(slow.run(task("exit"))).execution().exitCode()).isEqualTo(42);
    }
  }

  private static CompletableFuture<TaskResult> run(String program, ExecutionRequest request) {
    return pool.run(new WorkerTask(WorkerModule.of(Programs.submitted(program)), request, BUDGET));
  }

  private static WorkerTask task(String program) {
    var limits = new ExecutionLimits(1_000_000, 1 << 20, 0);
    return new WorkerTask(
        WorkerModule.of(Programs.submitted(program)), request(NO_INPUT, limits), BUDGET);
  }

  private static ExecutionRequest request(byte[] input, ExecutionLimits limits) {
    return new ExecutionRequest(Programs.TASK, List.of(), input, limits);
  }

  private static TaskResult.Completed completed(CompletableFuture<TaskResult> result) {
    var ended = result.orTimeout(60, TimeUnit.SECONDS).join();
    assertThat(ended).isInstanceOf(TaskResult.Completed.class);
    return (TaskResult.Completed) ended;
  }

  private static void assertFaulted(TaskResult result, Problem problem) {
    assertThat(result)
        .isInstanceOfSatisfying(
            TaskResult.Faulted.class,
            faulted -> assertThat(faulted.problem()).as(faulted.detail()).isEqualTo(problem));
  }
}
