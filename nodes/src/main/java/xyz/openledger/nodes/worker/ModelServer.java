package xyz.openledger.nodes.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xyz.openledger.nodes.execution.ExecutionFault;
import xyz.openledger.nodes.sandbox.ControlGroup;
import xyz.openledger.nodes.sandbox.SandboxChoice;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.inference.ModelManifest;

/**
 * Inference in one sandboxed process for all tenants: the questions are data and run no code of
 * theirs, and only together do they fill a batch. The process starts with the first question, and
 * again after it broke; what it had is then a fault of this machine, and never an answer.
 */
public final class ModelServer implements AutoCloseable {
  /** How long a process may take to notice a deadline or a cancellation, and to answer a ping. */
  private static final long GRACE_MILLIS = 5_000;

  /** How long an engine that answers questions may take to notice; one that does not is stuck. */
  private static final long STUCK_MILLIS = 120_000;

  /** Of the time that a task has to make room, a half is for bringing its state away. */
  private static final int BRINGING_PART = 2;

  private static final Logger LOG = LoggerFactory.getLogger(ModelServer.class);

  private final ModelServerSettings settings;
  private final SandboxChoice sandbox;
  private final ModelFolder folder;
  private final Semaphore room;
  private final ExecutorService files =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("model-", 0).factory());
  private final Map<Integer, Asked> asked = new HashMap<>();

  /** What was asked whether it is there and has not said so. */
  private final Set<Integer> unanswered = new HashSet<>();

  private final long graceMillis;
  private @Nullable ModelProgram program;
  private @Nullable WorkerProcess process;
  private int nextId = 1;
  private boolean closed;

  private record Asked(
      boolean training, CompletableFuture<TaskResult> result, @Nullable Consumer<String> words) {}

  private ModelServer(ModelServerSettings settings, SandboxChoice sandbox, long graceMillis)
      throws IOException {
    this.graceMillis = graceMillis;
    this.settings = settings;
    this.sandbox = sandbox;
    this.folder = ModelFolder.create(settings.filesMaxBytes());
    this.room = new Semaphore(settings.questionsMax());
  }

  /** Ready to start a process, which it does when something is asked. */
  public static ModelServer open(ModelServerSettings settings, SandboxChoice sandbox) {
    return open(settings, sandbox, GRACE_MILLIS);
  }

  static ModelServer open(ModelServerSettings settings, SandboxChoice sandbox, long graceMillis) {
    try {
      return new ModelServer(settings, sandbox, graceMillis);
    } catch (IOException unwritable) {
      throw new UncheckedIOException("no folder for the files of models", unwritable);
    }
  }

  /** Whether a task is one of inference. */
  public static boolean takes(WorkerTask task) {
    return ModelManifest.begins(task.module().bytes());
  }

  /** Runs a task. The future always gets a result and never an exception. */
  public CompletionStage<TaskResult> run(WorkerTask task) {
    if (!room.tryAcquire()) {
      return CompletableFuture.completedFuture(
          new TaskResult.Faulted(
              Problem.NO_CREDIT,
              "%d questions are under way already".formatted(settings.questionsMax())));
    }
    var result = new CompletableFuture<TaskResult>();
    var _ = result.whenComplete((_, _) -> room.release());
    var _ = files.submit(() -> begin(task, result));
    return result;
  }

  /** Brings the files, which may take long, and then asks. */
  private void begin(WorkerTask task, CompletableFuture<TaskResult> result) {
    Digest model = task.module().digest();
    try {
      folder.use(model, task.module().bytes(), task.files());
    } catch (ProblemException refused) {
      result.complete(faulted(refused));
      return;
    } catch (RuntimeException failed) {
      result.complete(new TaskResult.Faulted(Problem.SANDBOX_FAILED, failed.toString()));
      return;
    }
    var _ = result.whenComplete((_, _) -> folder.release(model));
    try {
      further(task, result);
      ask(task, result);
    } catch (ProblemException refused) {
      result.complete(faulted(refused));
    } catch (IOException | RuntimeException failed) {
      result.complete(new TaskResult.Faulted(Problem.SANDBOX_FAILED, failed.toString()));
    }
  }

  /** Brings what the task names besides its model. */
  private void further(WorkerTask task, CompletableFuture<TaskResult> result) throws IOException {
    List<String> arguments = task.request().arguments();
    if (arguments.isEmpty()) {
      return;
    }
    if (TuningTask.isOne(task.request())) {
      for (String digest : arguments.subList(1, arguments.size())) {
        use(Digest.parse(digest), task, result);
      }
      if (task.saved() != null) {
        use(task.saved().blob(), task, result);
      }
      return;
    }
    Digest adapter = Workload.Inference.adapter(GivenAnswer.arguments(task.request()));
    if (adapter == null) {
      return;
    }
    folder.use(adapter, folder.manifest(adapter, task.files()), task.files());
    var _ = result.whenComplete((_, _) -> folder.release(adapter));
  }

  private void use(Digest file, WorkerTask task, CompletableFuture<TaskResult> result)
      throws IOException {
    folder.useFile(file, task.files());
    var _ = result.whenComplete((_, _) -> folder.releaseFile(file));
  }

  private void ask(WorkerTask task, CompletableFuture<TaskResult> result) throws IOException {
    int id;
    WorkerProcess running;
    synchronized (this) {
      if (closed) {
        result.complete(
            new TaskResult.Faulted(Problem.UNAVAILABLE, "the model server is being shut down"));
        return;
      }
      running = process();
      id = nextId++;
      asked.put(id, new Asked(isLong(task), result, task.words()));
    }
    int budgetMillis = Math.toIntExact(task.budget().toMillis());
    var run =
        new Frame.Run(
            id, task.module().digest(), budgetMillis, task.share(), task.request(), task.saved());
    running.send(task.words() == null ? List.of(run) : List.of(new Frame.Listen(id), run));
    var _ = task.stopped().thenAccept(endNanos -> makeRoom(id, running, result, endNanos));
    var _ =
        result
            .copy()
            .orTimeout(budgetMillis + graceMillis, TimeUnit.MILLISECONDS)
            .whenComplete((_, failed) -> over(id, running, result, failed));
  }

  /** Has a task that makes room save its state, early enough to bring it to the member. */
  private void makeRoom(
      int id, WorkerProcess running, CompletableFuture<TaskResult> result, long endNanos) {
    long millis = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
    int within = Math.clamp(millis - millis / BRINGING_PART, 0, Integer.MAX_VALUE);
    try {
      files.execute(
          () -> {
            if (!result.isDone()) {
              send(running, new Frame.Yield(id, within));
            }
          });
    } catch (RejectedExecutionException closing) {
      // What is being shut down makes room anyway.
      return;
    }
  }

  /** Whether it is computed in pieces that may each take long. */
  private static boolean isLong(WorkerTask task) {
    return TuningTask.isOne(task.request()) || GivenAnswer.isOne(task.request());
  }

  /**
   * What was cancelled, or is late, is not gone on with. The process has others' questions too, so
   * it ends for that only if it does not even answer a ping.
   */
  private void over(
      int id,
      WorkerProcess running,
      CompletableFuture<TaskResult> result,
      @Nullable Throwable failed) {
    if (failed == null) {
      return;
    }
    // Not on the caller's thread: the pipe may be full.
    if (sent(running, new Frame.Cancel(id))) {
      after(graceMillis, () -> ping(id, running, result));
    }
  }

  private void ping(int id, WorkerProcess running, CompletableFuture<TaskResult> result) {
    boolean quick;
    synchronized (this) {
      Asked question = asked.get(id);
      if (question == null || process != running) {
        return;
      }
      unanswered.add(id);
      quick = !question.training();
    }
    if (sent(running, new Frame.Ping(id))) {
      after(graceMillis, () -> look(id, running, result));
    }
    if (quick) {
      after(STUCK_MILLIS, () -> killIfAsked(id, running));
    }
  }

  /** One that is there has others to answer: what is late ends without it. */
  private void look(int id, WorkerProcess running, CompletableFuture<TaskResult> result) {
    boolean gone;
    synchronized (this) {
      gone = unanswered.remove(id) && process == running;
    }
    if (gone) {
      running.kill();
    } else {
      result.complete(new TaskResult.Faulted(Problem.DEADLINE_PASSED, "it was not done in time"));
    }
  }

  private static void after(long millis, Runnable then) {
    CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(then);
  }

  /** Sends an order, in time; false if all is being shut down. */
  private boolean sent(WorkerProcess running, Frame order) {
    try {
      files.execute(() -> send(running, order));
      return true;
    } catch (RejectedExecutionException closing) {
      running.kill();
      return false;
    }
  }

  private static void send(WorkerProcess running, Frame order) {
    try {
      running.send(List.of(order));
    } catch (IOException gone) {
      running.kill();
    }
  }

  private void killIfAsked(int id, WorkerProcess running) {
    boolean stuck;
    synchronized (this) {
      stuck = asked.containsKey(id) && process == running;
    }
    if (stuck) {
      running.kill();
    }
  }

  /** The process, started if there is none. */
  private WorkerProcess process() throws IOException {
    WorkerProcess running = process;
    if (running == null) {
      ModelProgram chosen = program == null ? ModelProgram.of(settings, folder.root()) : program;
      program = chosen;
      ControlGroup group = chosen.group();
      running =
          WorkerProcess.of(sandbox.sandbox().start(chosen.java(), chosen.limits(), group), group);
      process = running;
      running.listen(listener(running));
    }
    return running;
  }

  private WorkerProcess.Listener listener(WorkerProcess running) {
    return new WorkerProcess.Listener() {
      @Override
      public void heard(Frame frame) {
        switch (frame) {
          case Frame.Ran(int id, Digest code, var execution) ->
              answered(id, new TaskResult.Completed(code, execution));
          case Frame.Saved(int id, int step, long fuel, byte[] state) ->
              answered(id, new TaskResult.Saved(step, fuel, state));
          case Frame.Faulted(int id, String reason, String detail) ->
              answered(id, new TaskResult.Faulted(problem(reason), detail));
          case Frame.Refused(int id, String reason, int byteOffset, String sentence) ->
              answered(id, new TaskResult.Refused(reason, byteOffset, sentence));
          case Frame.Grew(int id, String text) -> grew(id, text);
          case Frame.Pong(int id) -> isThere(id);
          case Frame.Together(int answers) -> LOG.info("models: {} answers in one step", answers);
          default -> {}
        }
      }

      @Override
      public void ended(String reason) {
        lost(running, reason);
      }
    };
  }

  private void answered(int id, TaskResult result) {
    Asked question;
    synchronized (this) {
      question = asked.remove(id);
    }
    if (question != null) {
      question.result().complete(result);
    }
  }

  private synchronized void isThere(int id) {
    unanswered.remove(id);
  }

  private void grew(int id, String text) {
    Asked question;
    synchronized (this) {
      question = asked.get(id);
    }
    if (question != null && question.words() != null) {
      question.words().accept(text);
    }
  }

  private void lost(WorkerProcess gone, String reason) {
    List<Asked> left;
    synchronized (this) {
      if (process == gone) {
        process = null;
      }
      left = List.copyOf(asked.values());
      asked.clear();
      unanswered.clear();
    }
    left.forEach(
        question ->
            question
                .result()
                .complete(
                    new TaskResult.Faulted(
                        Problem.SANDBOX_FAILED, "the model server ended: " + reason)));
  }

  /** Questions that the process has, for tests that kill it. */
  synchronized int underWay() {
    return asked.size();
  }

  /** The process, for tests that kill it. */
  synchronized Optional<Long> processId() {
    return Optional.ofNullable(process).map(WorkerProcess::pid);
  }

  private static Problem problem(String reason) {
    if (reason.equals(ExecutionFault.Reason.SAVED_STATE_REFUSED.name())) {
      return Problem.SAVED_STATE_REFUSED;
    }
    return reason.equals(ExecutionFault.Reason.INTERRUPTED.name())
        ? Problem.DEADLINE_PASSED
        : Problem.SANDBOX_FAILED;
  }

  private static TaskResult faulted(ProblemException refused) {
    return new TaskResult.Faulted(
        refused.problem(), "%s %s".formatted(refused.field(), refused.detail()).strip());
  }

  @Override
  public void close() {
    WorkerProcess running;
    ModelProgram chosen;
    synchronized (this) {
      closed = true;
      running = process;
      chosen = program;
    }
    if (running != null) {
      running.kill();
    }
    files.shutdownNow();
    if (chosen != null) {
      chosen.close();
    }
    folder.close();
  }
}
