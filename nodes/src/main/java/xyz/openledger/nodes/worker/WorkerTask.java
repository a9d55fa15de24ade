package xyz.openledger.nodes.worker;

import java.time.Duration;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.protocol.Check;

/**
 * One task to run.
 *
 * @param budget wall-clock time for the run itself, from 1 ms to a day; waiting for a worker does
 *     not count
 */
public record WorkerTask(WorkerModule module, ExecutionRequest request, Duration budget) {
  /** The largest module or input, in bytes. */
  public static final int BLOB_MAX_BYTES = 64 << 20;

  public WorkerTask {
    Check.range("budget", budget.toMillis(), 1, Duration.ofDays(1).toMillis());
    Check.range("module.bytes", module.bytes().length, 0, BLOB_MAX_BYTES);
    Check.range("request.input", request.input().length, 0, BLOB_MAX_BYTES);
  }
}
