package xyz.openledger.nodes.worker;

import java.util.function.BooleanSupplier;

/**
 * Tells a training that has to make room when to stop: after the last step that is done in time, if
 * the next one takes as long as the one before. Other threads may say until when.
 */
final class StepWatch implements BooleanSupplier {
  private volatile long stopAtNanos;
  private volatile boolean hasToStop;
  private long lastNanos;

  /** Says until when its state must be there. */
  void stopAt(long nanos) {
    stopAtNanos = nanos;
    hasToStop = true;
  }

  /** The training begins. */
  void begin(long nowNanos) {
    lastNanos = nowNanos;
  }

  @Override
  public boolean getAsBoolean() {
    return stops(System.nanoTime());
  }

  /** A step has ended: whether it was the last one. */
  boolean stops(long nowNanos) {
    long stepNanos = nowNanos - lastNanos;
    lastNanos = nowNanos;
    return hasToStop && nowNanos + stepNanos - stopAtNanos > 0;
  }
}
