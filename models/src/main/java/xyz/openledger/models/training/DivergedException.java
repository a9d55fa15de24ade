package xyz.openledger.models.training;

import java.io.Serial;

/** A gradient is no number, as on every machine: the rate is too high. */
public final class DivergedException extends IllegalStateException {
  @Serial private static final long serialVersionUID = 1;

  private final int step;

  DivergedException(int step) {
    super("the gradient of step " + step + " is no number; the rate is too high");
    this.step = step;
  }

  /** The step whose gradient it is, the first being 1. */
  public int step() {
    return step;
  }
}
