package xyz.openledger.nodes.benchmark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import xyz.openledger.nodes.execution.Execution;
import xyz.openledger.nodes.execution.ExecutionLimits;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.nodes.session.TaskRunner;
import xyz.openledger.nodes.worker.TaskResult;
import xyz.openledger.nodes.worker.WorkerModule;
import xyz.openledger.nodes.worker.WorkerTask;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.session.Benchmark;
import xyz.openledger.verification.challenge.Challenge;
import xyz.openledger.verification.challenge.MemoryWalk;

/**
 * Measures a machine by running gated programs in a real worker, one task at a time. Speed is fuel
 * by CPU time, so that a busy machine is not taken for a slow one; it is that of the program by
 * which members challenge it later, so that the claim can be held against it.
 */
public final class SelfBenchmark {
  private static final int ROUNDS_FIRST = 1 << 14;
  private static final long ENOUGH_MICROS = 150_000;
  private static final Duration LOOPS_MAX = Duration.ofMillis(1_500);
  private static final int STEPS_FIRST = 1 << 18;
  private static final long WALK_MILLIS = 400;
  private static final int ROUND_TRIPS = 31;
  private static final Duration TASK_BUDGET = Duration.ofSeconds(10);

  /** Of the whole measurement, the workers' start included. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final long MEMORY_BYTES = 1 << 20;
  private static final int OUTPUT_BYTES = 64;

  private final TaskRunner runner;
  private final WorkerModule loop = WorkerModule.of(IntegerLoop.module());
  private final WorkerModule challenge = WorkerModule.of(Challenge.module());

  private final long endNanos = System.nanoTime() + PATIENCE.toNanos();

  private SelfBenchmark(TaskRunner runner) {
    this.runner = runner;
  }

  /**
   * Measures, in about two seconds; after a minute it gives up.
   *
   * @param runner whose workers nothing else uses meanwhile
   * @throws ProblemException {@code sandbox-failed} if a worker could not run the loop
   */
  public static Benchmark measure(TaskRunner runner) {
    var benchmark = new SelfBenchmark(runner);
    long fuelPerCpuSecond = benchmark.fuelPerCpuSecond();
    return new Benchmark(fuelPerCpuSecond, benchmark.taskRoundTripMicros(), memoryStepsPerSecond());
  }

  /**
   * How fast this machine walks through memory, by the wall clock, as the member will measure it
   * later: the same walk, as long, in the same process. The better of three, after shorter ones
   * that warm the compiler up.
   */
  static long memoryStepsPerSecond() {
    int steps = STEPS_FIRST;
    long nanos = nanos(steps);
    while (nanos < WALK_MILLIS * 500_000L && steps < MemoryWalk.STEPS_MAX / 2) {
      steps *= 2;
      nanos = nanos(steps);
    }
    nanos = Math.min(nanos, Math.min(nanos(steps), nanos(steps)));
    return Math.max(1, steps * 1_000_000_000L / Math.max(1, nanos));
  }

  private static long nanos(int steps) {
    long startNanos = System.nanoTime();
    var _ = new MemoryWalk(startNanos, steps).digest();
    return System.nanoTime() - startNanos;
  }

  /**
   * Longer and longer loops, until one is long enough for the CPU clock; the compiler warms up on
   * the way.
   */
  private long fuelPerCpuSecond() {
    Execution last = burn(ROUNDS_FIRST);
    long startNanos = System.nanoTime();
    for (int rounds = ROUNDS_FIRST; rounds <= Challenge.ROUNDS_MAX; rounds *= 2) {
      last = burn(rounds);
      if (last.cpuMicros() >= ENOUGH_MICROS
          || System.nanoTime() - startNanos > LOOPS_MAX.toNanos()) {
        break;
      }
    }
    double cpuSeconds = Math.max(1, last.cpuMicros()) / 1e6;
    return Math.max(1, Math.round(last.fuelUsed() / cpuSeconds));
  }

  private int taskRoundTripMicros() {
    List<Long> nanos = new ArrayList<>();
    for (int i = 0; i < ROUND_TRIPS; i++) {
      long startNanos = System.nanoTime();
      turn();
      nanos.add(System.nanoTime() - startNanos);
    }
    Collections.sort(nanos);
    long medianMicros = TimeUnit.NANOSECONDS.toMicros(nanos.get(ROUND_TRIPS / 2));
    return Math.clamp(medianMicros, 1, Integer.MAX_VALUE);
  }

  private Execution burn(int rounds) {
    var limits = new ExecutionLimits(Long.MAX_VALUE / 2, MEMORY_BYTES, OUTPUT_BYTES);
    List<String> arguments = new Challenge(0, rounds).arguments();
    return run(challenge, new ExecutionRequest(Digest.of(), arguments, new byte[0], limits));
  }

  /** The smallest task. */
  private void turn() {
    var limits = new ExecutionLimits(Long.MAX_VALUE / 2, MEMORY_BYTES, 0);
    run(loop, new ExecutionRequest(Digest.of(), List.of(), IntegerLoop.input(1), limits));
  }

  private Execution run(WorkerModule module, ExecutionRequest request) {
    try {
      TaskResult result =
          runner
              .run(new WorkerTask(module, request, TASK_BUDGET))
              .toCompletableFuture()
              .get(endNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (result instanceof TaskResult.Completed(_, var execution)
          && execution.status() == Outcome.Status.FINISHED) {
        return execution;
      }
      throw failed(result.toString());
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      throw failed("interrupted");
    } catch (TimeoutException late) {
      throw failed("not done in " + PATIENCE.toSeconds() + " s");
    } catch (ExecutionException broken) {
      throw failed(broken.toString());
    }
  }

  private static ProblemException failed(String reason) {
    return new ProblemException(
        Problem.SANDBOX_FAILED, "benchmark", "a worker could not run the benchmark: " + reason);
  }
}
