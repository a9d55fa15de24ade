package xyz.openledger.nodes.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import xyz.openledger.nodes.execution.Execution;
import xyz.openledger.nodes.execution.ExecutionFault;
import xyz.openledger.nodes.execution.LoadedModule;
import xyz.openledger.nodes.execution.ModuleCache;
import xyz.openledger.protocol.Digest;

/** The life of a worker: takes one order after another and answers each, until its input ends. */
final class WorkerLoop {
  private static final int MODULES_MAX = 64;
  private static final long MODULE_BYTES_MAX = 64L << 20;
  private static final int LOAD_BUDGET_MILLIS = 60_000;

  /** Answers may wait for company this long. */
  private static final long FLUSH_NANOS = 1_000_000;

  /** A module that is ready to run, and the identity of what runs. */
  record Kept(Digest code, LoadedModule module) {}

  /** What makes a module ready to run. */
  @FunctionalInterface
  interface Loader {
    /**
     * Looks at a module, and loads it.
     *
     * @throws ModuleRefused if it must not run, here and everywhere
     */
    Kept load(Digest module, byte[] bytes) throws ExecutionFault, ModuleRefused;
  }

  private final FrameReader orders;
  private final FrameWriter answers;
  private final Loader loader;
  private final DutyCycle dutyCycle;
  private final DeadlineWatch watch = new DeadlineWatch(Thread.currentThread());
  private final ModuleCache<Kept> modules =
      new ModuleCache<>(MODULES_MAX, MODULE_BYTES_MAX, kept -> kept.module().close());
  private final AtomicBoolean ordered;

  /**
   * A loop for the thread that makes it, which is the one that late tasks are interrupted on.
   *
   * @param ordered becomes true with the first order
   */
  WorkerLoop(
      InputStream in, OutputStream out, Loader loader, DutyCycle dutyCycle, AtomicBoolean ordered) {
    this.orders = new FrameReader(in);
    this.answers = new FrameWriter(out);
    this.loader = loader;
    this.dutyCycle = dutyCycle;
    this.ordered = ordered;
  }

  /** The same where nobody asks whether there was an order. */
  WorkerLoop(InputStream in, OutputStream out, Loader loader, DutyCycle dutyCycle) {
    this(in, out, loader, dutyCycle, new AtomicBoolean());
  }

  /** Works until the orders end. */
  void run() throws IOException {
    answers.add(new Frame.Ready(Frame.VERSION));
    answers.flush();
    long flushedNanos = System.nanoTime();
    for (Frame frame = orders.read(); frame != null; frame = orders.read()) {
      ordered.setRelease(true);
      dutyCycle.begin();
      answers.add(answer(frame));
      boolean resting = dutyCycle.owesRest();
      if (resting || !orders.hasFrame() || System.nanoTime() - flushedNanos >= FLUSH_NANOS) {
        answers.flush();
        flushedNanos = System.nanoTime();
      }
      if (resting) {
        dutyCycle.rest();
      }
    }
  }

  private Frame answer(Frame frame) throws IOException {
    // Not a switch, for a quicker start: see FrameWriter.
    if (frame instanceof Frame.Load load) {
      return watched(load.id(), LOAD_BUDGET_MILLIS, () -> load(load));
    }
    if (frame instanceof Frame.Run run) {
      return watched(run.id(), run.budgetMillis(), () -> run(run));
    }
    throw new IOException("a worker takes orders, not " + frame.getClass().getName());
  }

  @FunctionalInterface
  private interface Work {
    Frame answer() throws ExecutionFault;
  }

  private Frame watched(int id, int budgetMillis, Work work) {
    watch.begin(budgetMillis);
    try {
      return work.answer();
    } catch (ExecutionFault fault) {
      return new Frame.Faulted(id, fault.reason().name(), String.valueOf(fault.getMessage()));
    } catch (RuntimeException | Error e) {
      // Whatever broke here, the agent hears of it, and replaces this worker.
      return new Frame.Faulted(id, ExecutionFault.Reason.ENGINE_FAILED.name(), e.toString());
    } finally {
      watch.end();
    }
  }

  private Frame load(Frame.Load load) throws ExecutionFault {
    try {
      Kept kept = loader.load(load.module(), load.bytes());
      modules.put(load.module(), kept, kept.module().sizeBytes());
      return new Frame.Loaded(load.id(), kept.code());
    } catch (ModuleRefused refusal) {
      return new Frame.Refused(
          load.id(), refusal.reason(), refusal.byteOffset(), refusal.sentence());
    }
  }

  private Frame run(Frame.Run run) throws ExecutionFault {
    var kept = modules.get(run.module());
    if (kept.isEmpty()) {
      return new Frame.Unknown(run.id());
    }
    Execution execution = kept.get().module().run(run.request());
    return new Frame.Ran(run.id(), kept.get().code(), execution);
  }
}
