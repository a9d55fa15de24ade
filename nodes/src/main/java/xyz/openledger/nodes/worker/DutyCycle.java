package xyz.openledger.nodes.worker;

/**
 * Keeps a worker to a share of one core by having it rest between tasks: the fallback where the
 * kernel's own limit cannot be had. A single long task runs at full speed and is paid for by a long
 * rest.
 */
final class DutyCycle {
  private static final long REST_MIN_NANOS = 5_000_000;

  private final int percent;
  private long startNanos;
  private long owedNanos;

  /**
   * A duty cycle.
   *
   * @param percent of one core, 1 to 100; at 100 there is no rest
   */
  DutyCycle(int percent) {
    this.percent = percent;
  }

  void begin() {
    startNanos = System.nanoTime();
  }

  /** Counts the work since {@link #begin}; true once enough rest is owed to be worth sleeping. */
  boolean owesRest() {
    if (percent >= 100) {
      return false;
    }
    owedNanos += (System.nanoTime() - startNanos) * (100 - percent) / percent;
    return owedNanos >= REST_MIN_NANOS;
  }

  /** Sleeps what is owed. */
  void rest() {
    long beforeNanos = System.nanoTime();
    try {
      Thread.sleep(owedNanos / 1_000_000, (int) (owedNanos % 1_000_000));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // Sleep is never exact; what was overslept counts as rest for the next task.
    owedNanos -= System.nanoTime() - beforeNanos;
  }
}
