package xyz.openledger.cluster.gateway;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs tasks one after another on threads of another executor, which many of its kind share. */
final class SerialExecutor implements Executor {
  private static final Logger LOG = LoggerFactory.getLogger(SerialExecutor.class);

  /** Bounds one turn, so that a busy session does not keep the others waiting. */
  private static final int TASKS_PER_TURN = 64;

  private final Executor threads;
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private boolean running;

  SerialExecutor(Executor threads) {
    this.threads = threads;
  }

  @Override
  public void execute(Runnable task) {
    boolean idle;
    synchronized (tasks) {
      tasks.add(task);
      idle = !running;
      running = true;
    }
    if (idle) {
      threads.execute(this::turn);
    }
  }

  private void turn() {
    for (int i = 0; i < TASKS_PER_TURN; i++) {
      Runnable next;
      synchronized (tasks) {
        next = tasks.poll();
        if (next == null) {
          running = false;
          return;
        }
      }
      try {
        next.run();
      } catch (RuntimeException mistake) {
        LOG.error("a task of a session failed", mistake);
      }
    }
    threads.execute(this::turn);
  }
}
