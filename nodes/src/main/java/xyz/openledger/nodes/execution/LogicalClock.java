package xyz.openledger.nodes.execution;

/**
 * The only time a program sees: it starts on a fixed day and moves a millisecond each time it is
 * read, so that it is the same in every run and still never stands still.
 */
final class LogicalClock {
  /** 2026-01-01T00:00:00Z, in nanoseconds since 1970. */
  static final long START_NANOS = 1_767_225_600_000_000_000L;

  static final long STEP_NANOS = 1_000_000;

  private long nowNanos = START_NANOS;

  /** What the next reading gives, without being one. */
  long next() {
    return nowNanos;
  }

  /** The time now, in nanoseconds; the next reading is one step later. */
  long read() {
    long read = nowNanos;
    nowNanos += STEP_NANOS;
    return read;
  }
}
