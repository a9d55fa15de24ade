package xyz.openledger.nodes.session;

import java.util.concurrent.CompletionStage;
import xyz.openledger.nodes.worker.TaskResult;
import xyz.openledger.nodes.worker.WorkerTask;

/** Runs programs: a pool of workers, or whatever stands between a session and one. */
@FunctionalInterface
public interface TaskRunner {
  /**
   * Starts a task. Does not wait for it; many may be under way.
   *
   * @return what came of it; a future that fails counts as {@code sandbox-failed}
   */
  CompletionStage<TaskResult> run(WorkerTask task);
}
