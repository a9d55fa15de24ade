package xyz.openledger.nodes.session;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import xyz.openledger.nodes.blobs.Blobs;
import xyz.openledger.nodes.execution.Execution;
import xyz.openledger.nodes.execution.ExecutionLimits;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.nodes.worker.TaskResult;
import xyz.openledger.nodes.worker.WorkerModule;
import xyz.openledger.nodes.worker.WorkerTask;
import xyz.openledger.protocol.Commitment;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.SavedState;
import xyz.openledger.protocol.session.Fault;
import xyz.openledger.protocol.session.Lease;
import xyz.openledger.protocol.session.SessionLimits;
import xyz.openledger.verification.tee.AttestationEvidence;
import xyz.openledger.verification.tee.SimulatedChip;

/**
 * Takes a lease to its answer: fetches what is not here, hands the task to the runner, keeps the
 * output. What is here already goes to the runner on the caller's thread; a download gets a thread
 * of its own.
 */
final class Workbench implements AutoCloseable {
  private static final long MODULE_BYTES_MAX = WorkerTask.BLOB_MAX_BYTES;
  private static final long HEAP_SHARE = 4;
  private static final long MODULES_KEPT_BYTES_MAX =
      Math.min(2L * WorkerTask.BLOB_MAX_BYTES, Runtime.getRuntime().maxMemory() / HEAP_SHARE);
  private static final int FETCHED_KIBIBYTES_MAX =
      Math.clamp(Runtime.getRuntime().maxMemory() / HEAP_SHARE / 1024, 1, Integer.MAX_VALUE);

  /** What a lease came to. */
  sealed interface Finish {
    /** An answer. */
    record Answered(Answer answer) implements Finish {}

    /** Nothing. */
    record Failed(Fault fault) implements Finish {}
  }

  /** Work under way. */
  static final class Work {
    private volatile @Nullable Future<?> download;
    private volatile @Nullable CompletionStage<TaskResult> run;
    private final CompletableFuture<Long> stopped = new CompletableFuture<>();
    private volatile boolean cancelled;

    /** Says when it is stopped: what can save its state does so before. */
    void notice(long endNanos) {
      stopped.complete(endNanos);
    }

    /** It runs now; what was cancelled a moment ago does not. */
    void runs(CompletionStage<TaskResult> started) {
      run = started;
      if (cancelled) {
        started.toCompletableFuture().cancel(true);
      }
    }

    /** Stops it as well as that goes; what still comes of it is ignored. */
    void cancel() {
      cancelled = true;
      Future<?> downloading = download;
      if (downloading != null) {
        downloading.cancel(true);
      }
      CompletionStage<TaskResult> running = run;
      if (running != null) {
        running.toCompletableFuture().cancel(true);
      }
    }
  }

  private final NodeId node;
  private final @Nullable SimulatedChip chip;
  private final TaskRunner runner;
  private final Blobs blobs;
  private final OutputFolder outputs;
  private final WordStream words;
  private final Runnable wake;
  private final ExecutorService downloads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("blob-", 0).factory());
  private final SecureRandom random = new SecureRandom();

  /** What fetched inputs may take of the heap, from their download to the end of their run. */
  private final Semaphore fetchedKibibytes = new Semaphore(FETCHED_KIBIBYTES_MAX, true);

  private final ModuleShelf modules = new ModuleShelf(MODULES_KEPT_BYTES_MAX);

  /**
   * A workbench for a machine that keeps long outputs under a folder, which starts empty.
   *
   * @param words takes the text of answers while they are made
   * @param wake is run when there is some
   * @param chip vouches for results where a lease asks for it; null if the machine has none
   */
  Workbench(
      TaskRunner runner,
      Blobs blobs,
      Path outputs,
      WordStream words,
      Runnable wake,
      NodeId node,
      @Nullable SimulatedChip chip)
      throws IOException {
    this.node = node;
    this.chip = chip;
    this.runner = runner;
    this.blobs = blobs;
    this.outputs = OutputFolder.open(outputs);
    this.words = words;
    this.wake = wake;
  }

  /** Starts a lease; {@code finish} hears once what came of it, on any thread. */
  Work start(Lease lease, Consumer<Finish> finish) {
    var work = new Work();
    Optional<WorkerModule> module = modules.find(lease.module());
    ByteString inline = lease.inlineInput();
    if (module.isPresent() && inline != null) {
      guarded(lease, finish, () -> run(work, lease, module.get(), inline.toByteArray(), finish));
    } else if (inline == null) {
      work.download =
          downloads.submit(() -> guarded(lease, finish, () -> fetch(work, lease, finish)));
    } else {
      work.download =
          downloads.submit(
              () ->
                  guarded(
                      lease,
                      finish,
                      () ->
                          run(work, lease, module(lease.module()), inline.toByteArray(), finish)));
    }
    return work;
  }

  /** Brings a long output to where the member finds it; {@code done} hears of a failure. */
  void publish(Answer answer, Consumer<Optional<Fault>> done) {
    Path file = answer.outputFile();
    if (file == null) {
      done.accept(Optional.empty());
      return;
    }
    var _ =
        downloads.submit(
            () -> {
              try {
                blobs.put(answer.outcome().outputDigest(), file);
                done.accept(Optional.empty());
              } catch (ProblemException failed) {
                done.accept(Optional.of(fault(answer.lease(), failed)));
              }
            });
  }

  /** The first eight bytes of the digests of what is here, what was used last in front. */
  List<Long> warm(int max) {
    var warm = new LinkedHashSet<Long>();
    modules.latest(max / 2).forEach(module -> warm.add(module.first()));
    blobs.latest(max - warm.size()).forEach(blob -> warm.add(blob.first()));
    return List.copyOf(warm);
  }

  /** Frees what an answer holds. */
  void discard(Answer answer) {
    outputs.discard(answer.outputFile());
  }

  @Override
  public void close() {
    downloads.shutdownNow();
  }

  /** Fetches what a lease needs, as soon as there is room for it in memory. */
  private void fetch(Work work, Lease lease, Consumer<Finish> finish) {
    int kibibytes = Math.clamp(lease.inputBytes() / 1024 + 1, 1, FETCHED_KIBIBYTES_MAX);
    try {
      fetchedKibibytes.acquire(kibibytes);
    } catch (InterruptedException cancelled) {
      Thread.currentThread().interrupt();
      return;
    }
    Consumer<Finish> releasing = once(() -> fetchedKibibytes.release(kibibytes), finish);
    guarded(
        lease,
        releasing,
        () -> {
          WorkerModule module = module(lease.module());
          byte[] input = blobs.fetch(lease.input(), lease.inputBytes());
          run(work, lease, module, input, releasing);
        });
  }

  private static Consumer<Finish> once(Runnable first, Consumer<Finish> then) {
    var done = new AtomicBoolean();
    return finish -> {
      if (done.compareAndSet(false, true)) {
        first.run();
        then.accept(finish);
      }
    };
  }

  private void run(
      Work work, Lease lease, WorkerModule module, byte[] input, Consumer<Finish> finish) {
    if (work.cancelled) {
      finish.accept(failed(lease, Problem.CANCELLED, "cancelled"));
      return;
    }
    if (!Digest.of(input).equals(lease.input())) {
      throw new ProblemException(Problem.DIGEST_MISMATCH, "", "the input is not " + lease.input());
    }
    Digest identity = lease.task();
    Digest stated = Answer.stated(lease, module.bytes());
    var limits =
        new ExecutionLimits(lease.fuelMax(), lease.memoryMaxBytes(), lease.outputMaxBytes());
    var request = new ExecutionRequest(identity, lease.arguments(), input, limits);
    var task =
        new WorkerTask(
            module,
            request,
            Duration.ofMillis(lease.deadlineMillis()),
            blobs::place,
            lease.streamed() ? text -> said(lease.replica(), text) : null,
            lease.share(),
            lease.saved(),
            work.stopped);
    if (lease.streamed()) {
      words.begin(lease.replica());
    }
    CompletionStage<TaskResult> run = runner.run(task);
    work.runs(run);
    if (lease.streamed()) {
      var _ = run.whenComplete((_, _) -> words.end(lease.replica()));
    }
    var _ =
        run.whenComplete(
            (result, failed) ->
                shape(
                    result,
                    () -> {
                      Runnable shaping = () -> finish.accept(finish(lease, stated, result, failed));
                      guarded(lease, finish, shaping);
                    }));
  }

  /** Brings a saved state to the member; without it the lease ends all the same. */
  private Finish bring(Lease lease, TaskResult.Saved saved) {
    Path file = null;
    SavedState brought = null;
    try {
      var state = new SavedState(Digest.of(saved.state()), saved.step(), saved.fuel());
      file = outputs.keep(lease, saved.state());
      blobs.put(state.blob(), file);
      brought = state;
    } catch (ProblemException failed) {
      return new Finish.Failed(
          new Fault(
              lease.replica(),
              lease.fence(),
              Problem.DEADLINE_PASSED,
              "it made room; its state could not be brought: " + failed.detail()));
    } finally {
      outputs.discard(file);
    }
    return new Finish.Failed(
        new Fault(
            lease.replica(),
            lease.fence(),
            Problem.DEADLINE_PASSED,
            "it made room; its state after step %d is saved".formatted(saved.step()),
            brought));
  }

  private void said(ReplicaId replica, String text) {
    if (words.add(replica, text)) {
      wake.run();
    }
  }

  /** Hashing and keeping a long output must not hold up the thread that hears a worker. */
  private void shape(@Nullable TaskResult result, Runnable shaping) {
    if (result instanceof TaskResult.Saved
        || (result instanceof TaskResult.Completed(_, var execution)
            && execution.output().length > SessionLimits.INLINE_BYTES_MAX)) {
      var _ = downloads.submit(shaping);
    } else {
      shaping.run();
    }
  }

  private Finish finish(
      Lease lease, Digest stated, @Nullable TaskResult result, @Nullable Throwable failed) {
    return switch (result) {
      case null -> failed(lease, Problem.SANDBOX_FAILED, String.valueOf(failed));
      case TaskResult.Saved saved -> bring(lease, saved);
      case TaskResult.Faulted(var problem, var detail) -> failed(lease, problem, detail);
      case TaskResult.Refused(var reason, var offset, var sentence) ->
          failed(
              lease,
              Problem.INVALID_MODULE,
              "%s at byte %d: %s".formatted(reason, offset, sentence));
      case TaskResult.Completed(var code, _) when !code.equals(lease.code()) ->
          failed(
              lease,
              Problem.CODE_MISMATCH,
              "the gate here makes %s of %s, the lease says %s"
                  .formatted(code, lease.module(), lease.code()));
      case TaskResult.Completed(_, var execution) ->
          new Finish.Answered(answer(lease, stated, execution));
    };
  }

  private Answer answer(Lease lease, Digest stated, Execution execution) {
    Outcome outcome = execution.outcome();
    byte[] salt = new byte[lease.revealAtOnce() ? 0 : Commitment.SALT_BYTES];
    random.nextBytes(salt);
    boolean inline = execution.output().length <= SessionLimits.INLINE_BYTES_MAX;
    return new Answer(
        lease,
        stated,
        outcome,
        ByteString.copyFrom(salt),
        inline ? ByteString.copyFrom(execution.output()) : null,
        inline ? null : outputs.keep(lease, execution.output()),
        execution.cpuMicros(),
        execution.detail(),
        lease.attest() ? vouch(lease, lease.task(), outcome) : "");
  }

  /**
   * What the machine's chip says of an outcome; empty without a chip, and the member refuses it.
   */
  private String vouch(Lease lease, Digest identity, Outcome outcome) {
    var subject =
        AttestationEvidence.Subject.of(lease.replica(), node, lease.fence(), identity, outcome);
    return chip == null ? "" : chip.evidence(subject.nonce()).text();
  }

  private WorkerModule module(Digest digest) {
    return modules
        .find(digest)
        .orElseGet(
            () -> modules.keep(new WorkerModule(digest, blobs.fetch(digest, MODULE_BYTES_MAX))));
  }

  /** Whatever goes wrong with one lease becomes its fault, and nothing else's. */
  private static void guarded(Lease lease, Consumer<Finish> finish, Runnable work) {
    try {
      work.run();
    } catch (ProblemException failed) {
      finish.accept(new Finish.Failed(fault(lease, failed)));
    } catch (RuntimeException failed) {
      finish.accept(failed(lease, Problem.SANDBOX_FAILED, failed.toString()));
    }
  }

  private static Finish failed(Lease lease, Problem problem, String detail) {
    return new Finish.Failed(new Fault(lease.replica(), lease.fence(), problem, detail));
  }

  private static Fault fault(Lease lease, ProblemException failed) {
    String detail =
        failed.field().isEmpty() ? failed.detail() : failed.field() + " " + failed.detail();
    return new Fault(lease.replica(), lease.fence(), failed.problem(), detail);
  }
}
