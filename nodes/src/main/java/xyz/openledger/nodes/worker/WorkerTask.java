package xyz.openledger.nodes.worker;

import java.nio.file.Path;
import java.time.Duration;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;

/**
 * One task to run.
 *
 * @param budget wall-clock time for the run itself, from 1 ms to a day; waiting for a worker does
 *     not count
 * @param files where further files come from that a module names, such as those of a model
 */
public record WorkerTask(
    WorkerModule module, ExecutionRequest request, Duration budget, Files files) {
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

  /** A task whose module is all that it needs. */
  public WorkerTask(WorkerModule module, ExecutionRequest request, Duration budget) {
    this(module, request, budget, Files.NONE);
  }
}
