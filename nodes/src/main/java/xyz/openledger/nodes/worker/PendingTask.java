package xyz.openledger.nodes.worker;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A task on its way to a result. Guarded by whoever guards the {@link Dispatcher}. */
final class PendingTask {
  final WorkerTask task;
  final CompletableFuture<TaskResult> result = new CompletableFuture<>();

  /** How often it has been given to a worker that did not answer for it. */
  int attempts;

  /** Whether nobody wants it any more, and since when. */
  boolean cancelled;

  long cancelledNanos;

  /** What the gate said, once it refused the module. */
  TaskResult.@Nullable Refused refusal;

  PendingTask(WorkerTask task) {
    this.task = task;
  }
}
