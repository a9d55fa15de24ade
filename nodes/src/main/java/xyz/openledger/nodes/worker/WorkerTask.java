package xyz.openledger.nodes.worker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.SavedState;

/**
 * One task to run.
 *
 * @param budget wall-clock time for the run itself, from 1 ms to a day; waiting for a worker does
 *     not count
 * @param files where further files come from that a module names, such as those of a model
 * @param words hears the text of an answer while it is made, part by part; must return at once
 * @param share the same for all that one tenant pays for; who serves many at once goes by it
 * @param saved how far another machine had come, for tasks whose state can be saved; absent to
 *     begin at the beginning
 * @param stopped tells, once the task has to make room, when it is stopped, in {@link
 *     System#nanoTime}: what can save its state does so before
 */
public record WorkerTask(
    WorkerModule module,
    ExecutionRequest request,
    Duration budget,
    Files files,
    @Nullable Consumer<String> words,
    long share,
    @Nullable SavedState saved,
    CompletionStage<Long> stopped) {
  /** The largest module or input, in bytes. */
  public static final int BLOB_MAX_BYTES = 64 << 20;

  /** Brings files. */
  @FunctionalInterface
  public interface Files {
    /** There are none. */
    Files NONE =
        (digest, _, _) -> {
          throw Check.refusal("module", "names the file " + digest + ", and there are no files");
        };

    /** Puts the bytes of a digest under a name; waits for them. */
    void place(Digest digest, long bytesMax, Path name);
  }

  /** Checks the ranges. */
  public WorkerTask {
    Check.range("budget", budget.toMillis(), 1, Duration.ofDays(1).toMillis());
    Check.range("module.bytes", module.bytes().length, 0, BLOB_MAX_BYTES);
    Check.range("request.input", request.input().length, 0, BLOB_MAX_BYTES);
  }

  /** A task of which nobody hears before it is done. */
  public WorkerTask(WorkerModule module, ExecutionRequest request, Duration budget, Files files) {
    this(module, request, budget, files, null);
  }

  /** A task of nobody in particular. */
  public WorkerTask(
      WorkerModule module,
      ExecutionRequest request,
      Duration budget,
      Files files,
      @Nullable Consumer<String> words) {
    this(module, request, budget, files, words, 0, null, new CompletableFuture<>());
  }

  /** A task whose module is all that it needs. */
  public WorkerTask(WorkerModule module, ExecutionRequest request, Duration budget) {
    this(module, request, budget, Files.NONE);
  }

  /** The same task with files from elsewhere. */
  public WorkerTask with(Files others) {
    return new WorkerTask(module, request, budget, others, words, share, saved, stopped);
  }
}
