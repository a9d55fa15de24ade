package xyz.openledger.nodes.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import xyz.openledger.nodes.execution.ExecutionLimits;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.nodes.sandbox.ClassPath;
import xyz.openledger.nodes.sandbox.SandboxChoice;
import xyz.openledger.nodes.worker.TaskResult;
import xyz.openledger.nodes.worker.WorkerModule;
import xyz.openledger.nodes.worker.WorkerPool;
import xyz.openledger.nodes.worker.WorkerSettings;
import xyz.openledger.nodes.worker.WorkerTask;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;

/**
 * What the walls around workers cost: a task's way to a warm worker and back, a worker's start, and
 * what its neighbours on the machine feel of it. Floors are taken in turn with each, so that load
 * weighs on both.
 */
public final class SandboxBenchmark {
  private static final int MESSAGE_BYTES = 256;
  private static final int WARM_UP = 2_000;
  private static final int PREPARATIONS_MAX = 5;
  private static final long LOOP_ROUNDS = 20_000_000;
  private static final long ENDLESS_ROUNDS = 1L << 40;
  private static final Duration BUDGET = Duration.ofSeconds(20);

  private final SandboxChoice sandbox;
  private final WorkerModule module = WorkerModule.of(IntegerLoop.module());

  private SandboxBenchmark(SandboxChoice sandbox) {
    this.sandbox = sandbox;
  }

  /**
   * Microseconds at the middle, at 99 of 100, and the least: what load by others hides least.
   *
   * @param samples how many were taken
   */
  public record Micros(double p50, double p99, double least, int samples) {
    static Micros of(long[] nanos) {
      long[] sorted = nanos.clone();
      Arrays.sort(sorted);
      return new Micros(
          sorted[sorted.length / 2] / 1_000.0,
          sorted[(int) Math.min(sorted.length - 1L, sorted.length * 99L / 100)] / 1_000.0,
          sorted[0] / 1_000.0,
          sorted.length);
    }
  }

  /**
   * What was measured.
   *
   * @param level what the workers were in
   * @param warm the smallest task, to a warm worker and back
   * @param pipe as many bytes to {@code cat} and back
   * @param prepare what an agent does once: jars and Java's archive, which was learnt before
   * @param cold from the start of a worker to its first result
   * @param coldCpu the CPU time of that, on all cores, in steps of 10 ms
   * @param spare from the loss of the only worker to the next result, with a spare that is ready
   * @param slow why there is no archive; absent if there is
   * @param exec the start and end of {@code true}
   * @param loopAlone a fixed loop on one thread of the host
   * @param loopBeside the same beside a worker that is never idle
   */
  public record Figures(
      String level,
      Micros warm,
      Micros pipe,
      Micros prepare,
      Micros cold,
      Micros coldCpu,
      Micros spare,
      @Nullable String slow,
      Micros exec,
      Micros loopAlone,
      Micros loopBeside) {}

  /**
   * Measures.
   *
   * @param tasks warm round trips
   * @param starts cold starts, and loops of the host
   */
  public static Figures measure(SandboxChoice sandbox, int tasks, int starts) {
    try {
      return new SandboxBenchmark(sandbox).measure(tasks, starts);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private Figures measure(int tasks, int starts) throws IOException {
    try (var first = WorkerPool.classPath(settings())) {
      return measure(tasks, starts, first);
    }
  }

  private Figures measure(int tasks, int starts, ClassPath classPath) throws IOException {
    long[] prepare = new long[Math.min(starts, PREPARATIONS_MAX)];
    for (int i = 0; i < prepare.length; i++) {
      prepare[i] = timed(() -> WorkerPool.classPath(settings()).close());
    }
    long[] cold = new long[starts];
    long[] coldCpu = new long[starts];
    long[] exec = new long[starts];
    for (int i = 0; i < starts; i++) {
      exec[i] = timed(SandboxBenchmark::runTrue);
      long startNanos = System.nanoTime();
      try (var pool = WorkerPool.start(settings(), sandbox, classPath)) {
        run(pool, 1);
        // Until the first result; whoever waits for that does not wait for the worker's end.
        cold[i] = System.nanoTime() - startNanos;
        coldCpu[i] = pool.cpu().toNanos();
      }
    }
    long[] warm = new long[tasks];
    long[] pipe = new long[tasks];
    Process cat = new ProcessBuilder("cat").start();
    try (var pool = WorkerPool.start(settings(), sandbox, classPath)) {
      for (int i = 0; i < WARM_UP; i++) {
        run(pool, 1);
        echo(cat);
      }
      for (int i = 0; i < tasks; i++) {
        warm[i] = timed(() -> run(pool, 1));
        pipe[i] = timed(() -> echo(cat));
      }
    } finally {
      cat.destroy();
    }
    long[] alone = new long[starts];
    long[] beside = new long[starts];
    loops(alone, beside, classPath);
    return new Figures(
        sandbox.sandbox().level().label(),
        Micros.of(warm),
        Micros.of(pipe),
        Micros.of(prepare),
        Micros.of(cold),
        Micros.of(coldCpu),
        Micros.of(lose(starts, classPath)),
        classPath.degraded().orElse(null),
        Micros.of(exec),
        Micros.of(alone),
        Micros.of(beside));
  }

  private long[] lose(int times, ClassPath classPath) {
    long[] nanos = new long[times];
    try (var pool = WorkerPool.start(settings().withSpares(1), sandbox, classPath)) {
      for (int i = 0; i < times; i++) {
        run(pool, 1);
        long acting = pool.processIds().getFirst();
        while (pool.statistics().sparesReady() == 0) {
          Thread.onSpinWait();
        }
        long lost = pool.statistics().workersLost();
        long startNanos = System.nanoTime();
        ProcessHandle.of(acting).ifPresent(ProcessHandle::destroyForcibly);
        while (pool.statistics().workersLost() == lost) {
          Thread.onSpinWait();
        }
        run(pool, 1);
        nanos[i] = System.nanoTime() - startNanos;
      }
    }
    return nanos;
  }

  /** In turn: the worker's task ends by its deadline or with the pool. */
  private void loops(long[] alone, long[] beside, ClassPath classPath) {
    for (int i = 0; i < alone.length; i++) {
      alone[i] = timed(SandboxBenchmark::loop);
      try (var pool = WorkerPool.start(settings(), sandbox, classPath)) {
        run(pool, 1);
        var busy = pool.run(task(ENDLESS_ROUNDS));
        beside[i] = timed(SandboxBenchmark::loop);
        busy.cancel(true);
      }
    }
  }

  private static WorkerSettings settings() {
    return WorkerSettings.of(1).withMemoryMaxBytes(1 << 20);
  }

  private WorkerTask task(long rounds) {
    var limits = new ExecutionLimits(Long.MAX_VALUE / 2, 1 << 16, 0);
    return new WorkerTask(
        module,
        new ExecutionRequest(Digest.of(), List.of(), IntegerLoop.input(rounds), limits),
        BUDGET);
  }

  private void run(WorkerPool pool, long rounds) {
    if (!(pool.run(task(rounds)).join() instanceof TaskResult.Completed(var _, var execution))
        || execution.status() != Outcome.Status.FINISHED) {
      throw new IllegalStateException("a worker could not run the smallest task");
    }
  }

  private static void runTrue() {
    try {
      new ProcessBuilder("true").start().waitFor();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void echo(Process cat) {
    try {
      cat.getOutputStream().write(new byte[MESSAGE_BYTES]);
      cat.getOutputStream().flush();
      if (cat.getInputStream().readNBytes(MESSAGE_BYTES).length < MESSAGE_BYTES) {
        throw new IllegalStateException("cat ended");
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static final AtomicBoolean ODD = new AtomicBoolean();

  private static void loop() {
    long x = 1;
    for (long i = 0; i < LOOP_ROUNDS; i++) {
      x = x * 0x5851f42d4c957f2dL + 1;
      x ^= x >>> 29;
    }
    // So that the loop is not optimised away.
    ODD.set((x & 1) == 1);
  }

  private static long timed(Runnable body) {
    long start = System.nanoTime();
    body.run();
    return System.nanoTime() - start;
  }
}
