package xyz.openledger.nodes.worker;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import xyz.openledger.nodes.sandbox.ClassPath;
import xyz.openledger.nodes.sandbox.ControlGroup;
import xyz.openledger.nodes.sandbox.JavaProgram;
import xyz.openledger.nodes.sandbox.Sandbox;
import xyz.openledger.nodes.sandbox.SandboxChoice;

/**
 * Warm workers in sandboxes, and the tasks on their way to them. The {@link Dispatcher} decides;
 * this is its shell of threads, pipes and processes.
 *
 * <p>Any thread may submit. Results arrive on the thread that hears the worker, so what is chained
 * to them must be short or go elsewhere.
 */
public final class WorkerPool implements AutoCloseable {
  private static final long CLOSE_WAIT_SECONDS = 5;

  /** One worker's process and the orders that wait to be written to it. */
  private static final class Line {
    final WorkerProcess process;
    final ArrayDeque<Frame> unsent = new ArrayDeque<>();

    /** Held while writing, so that orders leave in the order in which they were decided. */
    final Object wire = new Object();

    Line(WorkerProcess process) {
      this.process = process;
    }
  }

  private final WorkerSettings settings;
  private final SandboxChoice sandbox;
  private final CpuShare cpuShare;
  private final PoolProgram kind;
  private final ClassPath classPath;
  private final boolean ownsClassPath;
  private final JavaProgram program;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Integer, Line> lines = new HashMap<>();
  private final Dispatcher dispatcher;
  private final Thread keeper;
  private boolean closed;

  /** Processes on their way: decided, but not yet in {@link #lines}. */
  private int starting;

  /** When the keeper looks again; an earlier deadline wakes it. */
  private long keeperWakesNanos;

  private WorkerPool(
      PoolProgram kind,
      WorkerSettings settings,
      SandboxChoice sandbox,
      ClassPath classPath,
      boolean ownsClassPath) {
    this.kind = kind;
    this.settings = settings;
    this.sandbox = sandbox;
    this.cpuShare = CpuShare.strongest(kind, settings, sandbox.sandbox().level());
    this.classPath = classPath;
    this.ownsClassPath = ownsClassPath;
    this.program = kind.on(classPath, settings, cpuShare.dutyPercent());
    this.dispatcher =
        new Dispatcher(
            settings,
            sandbox.sandbox().startTimeout(),
            sandbox.sandbox().lifeMax(),
            System.nanoTime());
    this.keeper = Thread.ofPlatform().daemon().name("worker-keeper").unstarted(this::keep);
  }

  /** Starts the workers; tasks may come at once and wait for them. */
  public static WorkerPool start(WorkerSettings settings, SandboxChoice sandbox) {
    return start(new WorkerProgram(), settings, sandbox);
  }

  /** Starts workers of another program. */
  static WorkerPool start(PoolProgram kind, WorkerSettings settings, SandboxChoice sandbox) {
    // A container has its programs in its image, and what Java learnt here does not fit there.
    ClassPath classPath =
        sandbox.sandbox().level() == Sandbox.Level.CONTAINER
            ? ClassPath.inImage()
            : kind.classPath(settings);
    var pool = new WorkerPool(kind, settings, sandbox, classPath, true);
    pool.keeper.start();
    return pool;
  }

  /** The same from a class path that outlives the pool. */
  public static WorkerPool start(
      WorkerSettings settings, SandboxChoice sandbox, ClassPath classPath) {
    var pool = new WorkerPool(new WorkerProgram(), settings, sandbox, classPath, false);
    pool.keeper.start();
    return pool;
  }

  /** A class path for any number of pools, which the caller closes after them. */
  public static ClassPath classPath(WorkerSettings settings) {
    return new WorkerProgram().classPath(settings);
  }

  /** Runs a task. The future always gets a result and never an exception. */
  public CompletableFuture<TaskResult> run(WorkerTask task) {
    var pending = new PendingTask(task);
    act(() -> dispatcher.submitted(pending, System.nanoTime()));
    var _ =
        pending.result.whenComplete(
            (_, _) -> {
              if (pending.result.isCancelled()) {
                act(() -> dispatcher.cancelled(pending, System.nanoTime()));
              }
            });
    return pending.result;
  }

  /** The sandbox that the workers run in. */
  public SandboxChoice sandbox() {
    return sandbox;
  }

  /** How the workers are kept to their share of a core, and why not better. */
  public CpuShare cpuShare() {
    return cpuShare;
  }

  /** Why workers start slowly, if they do. */
  public Optional<String> slowStart() {
    return classPath.degraded();
  }

  /** How it stands now. */
  public PoolStatistics statistics() {
    lock.lock();
    try {
      return dispatcher.statistics();
    } finally {
      lock.unlock();
    }
  }

  /** The CPU time of the workers that run, and of what stands around each; 10 ms fine. */
  public Duration cpu() {
    return processIds().stream()
        .flatMap(pid -> ProcessHandle.of(pid).stream())
        .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
        .flatMap(process -> process.info().totalCpuDuration().stream())
        .reduce(Duration.ZERO, Duration::plus);
  }

  /** The process ids of the workers: for measuring, and for tests that kill them. */
  public List<Long> processIds() {
    lock.lock();
    try {
      return lines.values().stream().map(line -> line.process.pid()).toList();
    } finally {
      lock.unlock();
    }
  }

  /** Kills the workers and ends every task that is still here as a fault. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    act(dispatcher::close);
    awaitEnd();
    if (ownsClassPath) {
      classPath.close();
    }
  }

  private void awaitEnd() {
    lock.lock();
    try {
      long wait = TimeUnit.SECONDS.toNanos(CLOSE_WAIT_SECONDS);
      while ((starting > 0 || !lines.isEmpty()) && wait > 0) {
        wait = changed.awaitNanos(wait);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  @FunctionalInterface
  private interface Decision {
    List<Dispatcher.Effect> decide();
  }

  /** Decides under the lock, acts without it. */
  private void act(Decision decision) {
    List<Dispatcher.Effect> effects;
    lock.lock();
    try {
      effects = decision.decide();
      effects.forEach(this::note);
      if (dispatcher.wakeInNanos(System.nanoTime()) < keeperWakesNanos - System.nanoTime()) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
    effects.forEach(this::perform);
  }

  private void note(Dispatcher.Effect effect) {
    if (effect instanceof Dispatcher.Start) {
      starting++;
    } else if (effect instanceof Dispatcher.Send(int worker, List<Frame> frames)) {
      Line line = lines.get(worker);
      if (line != null) {
        line.unsent.addAll(frames);
      }
    }
  }

  private void perform(Dispatcher.Effect effect) {
    switch (effect) {
      case Dispatcher.Start(int worker) -> startWorker(worker);
      case Dispatcher.Send(int worker, _) -> transmit(worker);
      case Dispatcher.Kill(int worker) -> kill(worker);
      case Dispatcher.Complete(PendingTask pending, TaskResult result) ->
          pending.result.complete(result);
    }
  }

  private void transmit(int worker) {
    Line line = line(worker);
    if (line == null) {
      return;
    }
    synchronized (line.wire) {
      var frames = new ArrayList<Frame>();
      lock.lock();
      try {
        frames.addAll(line.unsent);
        line.unsent.clear();
      } finally {
        lock.unlock();
      }
      try {
        line.process.send(frames);
      } catch (IOException broken) {
        // The process is going, and its listener will say so.
        line.process.kill();
      }
    }
  }

  private @Nullable Line line(int worker) {
    lock.lock();
    try {
      return lines.get(worker);
    } finally {
      lock.unlock();
    }
  }

  private void kill(int worker) {
    Line line = line(worker);
    if (line != null) {
      line.process.kill();
    }
  }

  private void startWorker(int worker) {
    try {
      ControlGroup group = cpuShare.group();
      Process process;
      try {
        process = sandbox.sandbox().start(program, kind.limits(settings), group);
      } catch (IOException e) {
        group.close();
        throw e;
      }
      attach(worker, WorkerProcess.of(process, group));
    } catch (IOException e) {
      act(() -> dispatcher.ended(worker, String.valueOf(e.getMessage()), System.nanoTime()));
    } finally {
      started();
    }
  }

  /** One process less on its way: it runs, or could not be started. */
  private void started() {
    lock.lock();
    try {
      starting--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void attach(int worker, WorkerProcess process) {
    lock.lock();
    try {
      lines.put(worker, new Line(process));
      if (closed) {
        process.kill();
      }
    } finally {
      lock.unlock();
    }
    process.listen(
        new WorkerProcess.Listener() {
          @Override
          public void heard(Frame frame) {
            act(() -> dispatcher.heard(worker, frame, System.nanoTime()));
          }

          @Override
          public void ended(String reason) {
            act(() -> gone(worker, reason));
          }
        });
  }

  private List<Dispatcher.Effect> gone(int worker, String reason) {
    lines.remove(worker);
    changed.signalAll();
    return dispatcher.ended(worker, reason, System.nanoTime());
  }

  /**
   * The keeper's life: starts what is missing, kills what is late, sleeps until something is due.
   */
  private void keep() {
    while (awaitDue()) {
      act(() -> dispatcher.tick(System.nanoTime()));
    }
  }

  private boolean awaitDue() {
    lock.lock();
    try {
      while (!closed) {
        long wait = dispatcher.wakeInNanos(System.nanoTime());
        if (wait <= 0) {
          return true;
        }
        keeperWakesNanos = System.nanoTime() + Math.min(wait, Long.MAX_VALUE / 4);
        changed.awaitNanos(wait);
      }
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }
}
