package xyz.openledger.models.engine;

import java.io.Serial;
import java.time.Duration;

/** The engine's queue is full: come back later. */
public final class OverloadedException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final Duration retryAfter;

  OverloadedException(int waiting, Duration retryAfter) {
    super("%d requests wait already; come back in %d s".formatted(waiting, retryAfter.toSeconds()));
    this.retryAfter = retryAfter;
  }

  /** When there is likely to be room. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
