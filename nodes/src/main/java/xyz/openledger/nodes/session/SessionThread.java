package xyz.openledger.nodes.session;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread of a session: runs its tasks now, later, or again and again. */
final class SessionThread {
  private static final Logger LOG = LoggerFactory.getLogger(SessionThread.class);

  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("node-session").factory());
  private final Consumer<Throwable> mistaken;

  /**
   * A thread that waits for tasks.
   *
   * @param mistaken hears, on this thread, of a task that failed
   */
  SessionThread(Consumer<Throwable> mistaken) {
    this.mistaken = mistaken;
    thread.setRemoveOnCancelPolicy(true);
  }

  /** Runs a task after all that were posted before; after {@link #stop}, never. */
  void post(Runnable task) {
    try {
      thread.execute(guarded(task));
    } catch (RejectedExecutionException over) {
      // The session has ended; nobody waits for this any more.
      return;
    }
  }

  /** Runs a task later. */
  ScheduledFuture<?> after(Duration delay, Runnable task) {
    return thread.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Runs a task now, and then in each interval. */
  ScheduledFuture<?> every(Duration interval, Runnable task) {
    return thread.scheduleAtFixedRate(guarded(task), 0, interval.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Takes no more tasks, and drops those that wait for their time. */
  void stop() {
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    thread.shutdown();
  }

  /** A mistake of ours ends the session by name, instead of leaving it half alive. */
  private Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error mistake) {
        LOG.error("the session failed", mistake);
        mistaken.accept(mistake);
      }
    };
  }
}
