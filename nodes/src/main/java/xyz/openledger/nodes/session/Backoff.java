package xyz.openledger.nodes.session;

import java.time.Duration;
import java.util.random.RandomGenerator;
import xyz.openledger.protocol.Check;

/**
 * How long to wait before the next attempt: doubling from {@code min} to {@code max}, of which a
 * random half is taken off, so that a thousand nodes that lost their member together do not return
 * together.
 */
public record Backoff(Duration min, Duration max) {
  /** 0.2 to 30 seconds. */
  public static final Backoff DEFAULT = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30));

  /** Checks the range. */
  public Backoff {
    Check.range("backoff.min", min.toMillis(), 1, max.toMillis());
  }

  /** The wait before attempt {@code failures} + 1; {@code failures} counts from 1. */
  public Duration delay(int failures, RandomGenerator random) {
    int doublings = Math.clamp(failures - 1L, 0, 30);
    long whole = Math.min(max.toMillis(), min.toMillis() << doublings);
    // The shift may have passed the largest long; the maximum is what was meant.
    long bounded = whole <= 0 ? max.toMillis() : whole;
    return Duration.ofMillis(bounded - random.nextLong(bounded / 2 + 1));
  }
}
