package xyz.openledger.verification.sumcheck;

import static xyz.openledger.verification.freivalds.Field61.add;
import static xyz.openledger.verification.freivalds.Field61.multiply;
import static xyz.openledger.verification.freivalds.Field61.shift;
import static xyz.openledger.verification.freivalds.Field61.subtract;

import java.util.Arrays;
import xyz.openledger.verification.freivalds.Field61;

/** The multilinear polynomial through a table of numbers, by the weight of each at a point. */
final class Weights {
  private static final int LOW_BITS = 32;

  private Weights() {}

  /**
   * The weight of each of the first {@code count} places at a point: what the others weigh never
   * matters, as nothing stands there. The point's first coordinate belongs to the place's highest
   * bit.
   */
  static long[] at(long[] point, int count) {
    long[] weights = {1};
    for (long coordinate : point) {
      long[] next = new long[2 * weights.length];
      for (int i = 0; i < weights.length; i++) {
        next[2 * i + 1] = multiply(weights[i], coordinate);
        next[2 * i] = subtract(weights[i], next[2 * i + 1]);
      }
      weights = next;
    }
    return Arrays.copyOf(weights, count);
  }

  static long sum(long[] weights, long[] values) {
    long sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum = add(sum, multiply(weights[i], values[i]));
    }
    return sum;
  }

  /** The sum over the rows of a matrix, each times its weight. */
  static long[] fold(byte[] matrix, int columns, long[] weights) {
    long[] low = new long[columns];
    long[] high = new long[columns];
    for (int row = 0; row < weights.length; row++) {
      long weightLow = weights[row] & 0xffff_ffffL;
      long weightHigh = weights[row] >>> LOW_BITS;
      int from = row * columns;
      // int8 times 32 bits, up to 2^16 rows of them, stay within a long.
      for (int i = 0; i < columns; i++) {
        low[i] += matrix[from + i] * weightLow;
        high[i] += matrix[from + i] * weightHigh;
      }
    }
    for (int i = 0; i < columns; i++) {
      low[i] = add(Field61.of(low[i]), shift(Field61.of(high[i]), LOW_BITS));
    }
    return low;
  }
}
