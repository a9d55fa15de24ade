package xyz.openledger.verification.freivalds;

import java.util.random.RandomGenerator;

/**
 * A checker of one layer that keeps its challenge to itself: it pays inner·columns once, and then
 * inner + columns for each row of each answer.
 *
 * <p>A refusal tells the prover a little about the challenge, so after one this is of no more use
 * and a new one is drawn.
 */
public final class SecretCheck {
  private final long[] x;
  private final long[] image;
  private boolean spent;

  private SecretCheck(long[] x, long[] image) {
    this.x = x;
    this.image = image;
  }

  /** Draws the challenge for a layer; {@code random} must be one that nobody can foresee. */
  public static SecretCheck of(byte[] weights, int columns, RandomGenerator random) {
    long[] x = Coins.secret(random).next(columns);
    return new SecretCheck(x, Freivalds.image(weights, x));
  }

  /**
   * Whether {@code c} is {@code a} times the layer's weights. A wrong one passes with a chance of
   * at most 1/(2^61 - 1).
   *
   * @throws IllegalStateException after a refusal
   */
  public boolean holds(byte[] a, int[] c) {
    if (spent) {
      throw new IllegalStateException("a refused answer has shown something of this challenge");
    }
    spent = !Freivalds.holds(a, image, c, x, c.length / x.length, image.length);
    return !spent;
  }
}
