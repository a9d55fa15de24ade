package xyz.openledger.nodes.worker;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import xyz.openledger.models.onnx.OnnxReader;
import xyz.openledger.nodes.sandbox.SandboxChoice;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Workload;

/**
 * Models of ONNX, each run in a worker of a pool that starts with the first of them: the runtime is
 * large, and most machines never need it. A graph runs in native code that others wrote, so a
 * worker runs those of one tenant alone.
 */
public final class OnnxWorkers implements AutoCloseable {
  private final @Nullable OnnxRuntime runtime;
  private final WorkerSettings settings;
  private final SandboxChoice sandbox;
  private @Nullable OnnxProgram program;
  private @Nullable WorkerPool pool;
  private boolean closed;

  /** Ready to start; {@code runtime} null on a machine that offers none. */
  public OnnxWorkers(
      @Nullable OnnxRuntime runtime, WorkerSettings settings, SandboxChoice sandbox) {
    this.runtime = runtime;
    this.settings = settings.withTenantsApart();
    this.sandbox = sandbox;
  }

  /** Whether a task is one of a model of ONNX. */
  public static boolean takes(WorkerTask task) {
    return OnnxReader.begins(task.module().bytes());
  }

  /** Runs a task. The future always gets a result and never an exception. */
  public CompletionStage<TaskResult> run(WorkerTask task) {
    if (runtime == null) {
      return faulted(Problem.SANDBOX_FAILED, "this machine has no ONNX Runtime that it may offer");
    }
    String profile = Workload.Onnx.profile(task.request().arguments());
    if (profile != null && !profile.equals(runtime.profile())) {
      return faulted(
          Problem.CODE_MISMATCH,
          "the task is for machines of the profile %s, this one is %s"
              .formatted(profile, runtime.profile()));
    }
    try {
      WorkerPool running = pool(runtime);
      return running == null
          ? faulted(Problem.UNAVAILABLE, "the workers are being shut down")
          : running.run(task);
    } catch (RuntimeException failed) {
      return faulted(Problem.SANDBOX_FAILED, failed.toString());
    }
  }

  private static CompletionStage<TaskResult> faulted(Problem problem, String why) {
    return CompletableFuture.completedFuture(new TaskResult.Faulted(problem, why));
  }

  /** The pool, started if there is none; null once this is closed. */
  private synchronized @Nullable WorkerPool pool(OnnxRuntime found) {
    WorkerPool running = pool;
    if (running == null && !closed) {
      OnnxProgram chosen = new OnnxProgram(found);
      try {
        running = WorkerPool.start(chosen, settings, sandbox);
      } catch (RuntimeException failed) {
        // The next task tries again, and unpacks the libraries anew.
        chosen.close();
        throw failed;
      }
      program = chosen;
      pool = running;
    }
    return closed ? null : running;
  }

  /** The pool, for tests that kill its workers; null before the first task. */
  synchronized @Nullable WorkerPool started() {
    return pool;
  }

  @Override
  public void close() {
    WorkerPool running;
    OnnxProgram chosen;
    synchronized (this) {
      closed = true;
      running = pool;
      chosen = program;
    }
    if (running != null) {
      running.close();
    }
    if (chosen != null) {
      chosen.close();
    }
  }
}
