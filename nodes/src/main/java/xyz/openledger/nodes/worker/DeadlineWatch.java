package xyz.openledger.nodes.worker;

/**
 * Interrupts the thread that runs tasks when one of them is over its time. Watching costs a small
 * task next to nothing: the watcher looks every {@value #LOOK_MILLIS} ms while there is work,
 * sleeps when there is none, and is woken only by the first task after that.
 */
final class DeadlineWatch {
  private static final long LOOK_MILLIS = 10;
  private static final int IDLE_LOOKS = 100;

  private final Thread watched;
  private boolean running;
  private boolean asleep;
  private long deadlineNanos;

  /** Watches {@code watched}, which alone calls {@link #begin} and {@link #end}. */
  DeadlineWatch(Thread watched) {
    this.watched = watched;
    Thread.ofPlatform().daemon().name("deadline-watch").start(this::watch);
  }

  /** A task starts, with {@code budgetMillis} to go. */
  synchronized void begin(int budgetMillis) {
    deadlineNanos = System.nanoTime() + budgetMillis * 1_000_000L;
    running = true;
    if (asleep) {
      notifyAll();
    }
  }

  /** The task has ended; an interrupt that came too late is taken back. */
  synchronized void end() {
    running = false;
    Thread.interrupted();
  }

  private synchronized void watch() {
    int idleLooks = 0;
    try {
      while (true) {
        idleLooks = running ? 0 : idleLooks + 1;
        if (running && System.nanoTime() - deadlineNanos >= 0) {
          running = false;
          watched.interrupt();
        }
        if (idleLooks < IDLE_LOOKS) {
          wait(LOOK_MILLIS);
        } else {
          asleep = true;
          wait();
          asleep = false;
          idleLooks = 0;
        }
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }
}
