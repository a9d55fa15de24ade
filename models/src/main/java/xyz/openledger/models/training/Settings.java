package xyz.openledger.models.training;

import xyz.openledger.models.files.Refused;

/**
 * How training goes.
 *
 * @param steps in all; the rate falls towards the last
 * @param batch samples of one step
 * @param rate by how much weights move, at most
 * @param warmUp steps in which the rate rises from nothing
 * @param decay by which matrices shrink, times the rate
 * @param clip the longest gradient; a longer one is shortened to it
 * @param seed of the order of samples, and of weights that are drawn
 */
public record Settings(
    int steps, int batch, float rate, int warmUp, float decay, float clip, long seed) {
  static final float BETA1 = 0.9f;
  static final float BETA2 = 0.99f;
  static final float EPSILON = 1e-8f;
  private static final int STEPS_MAX = 10_000_000;
  private static final int BATCH_MAX = 4_096;

  /** Refuses what cannot be done. */
  public Settings {
    within("steps", steps, 1, STEPS_MAX);
    within("batch", batch, 1, BATCH_MAX);
    within("warm-up", warmUp, 0, STEPS_MAX);
    if (!(rate > 0 && rate < 1)) {
      throw Refused.because("rate", "is " + rate + ", not between 0 and 1");
    }
    if (!(decay >= 0 && decay < 1)) {
      throw Refused.because("decay", "is " + decay + ", not between 0 and 1");
    }
    if (!(clip > 0)) {
      throw Refused.because("clip", "is " + clip + ", not above 0");
    }
  }

  /** The rate of a step, the first being 1: up in a line, then down to a tenth in a line. */
  float rateAt(int step) {
    if (step <= warmUp) {
      return (float) ((double) rate * step / warmUp);
    }
    double left = (double) (steps - step) / Math.max(1, steps - warmUp);
    return (float) (rate * (0.1 + 0.9 * left));
  }

  private static void within(String field, int value, int min, int max) {
    if (value < min || value > max) {
      throw Refused.because(field, "is %d, not between %d and %d".formatted(value, min, max));
    }
  }
}
