package xyz.openledger.verification.freivalds;

/**
 * Whether C = A·W, without multiplying: for a random x, C·x must be A·(W·x).
 *
 * <p>A and W are int8, C is int32, x is uniform over the field of 2^61 - 1 elements. If C is wrong,
 * some entry of A·W - C is a whole number other than 0 and smaller than the prime, so one round
 * takes it for right with a chance of at most 1/(2^61 - 1). That holds if x was unknown when C was
 * fixed. One round costs about rows·(inner + columns) + inner·columns steps; the product itself
 * rows·inner·columns.
 */
public final class Freivalds {
  /** Elements of int32 that may be multiplied by 21 bits and summed within a long. */
  private static final int BLOCK = 1 << 10;

  private static final int LOW_BITS = 32;
  private static final int LIMB_BITS = 21;
  private static final long LIMB = (1L << LIMB_BITS) - 1;

  private Freivalds() {}

  /**
   * One round.
   *
   * @param a rows × inner, row by row
   * @param w inner × columns, row by row
   * @param c rows × columns, row by row
   * @param x columns elements of the field, unknown to whoever made {@code c}
   */
  public static boolean holds(byte[] a, byte[] w, int[] c, long[] x) {
    int inner = w.length / x.length;
    return holds(a, image(w, x), c, x, c.length / x.length, inner);
  }

  /** W·x, which does not depend on the input: a checker that keeps x secret keeps this too. */
  public static long[] image(byte[] w, long[] x) {
    int columns = x.length;
    int inner = w.length / columns;
    long[] low = low(x);
    long[] high = high(x);
    long[] image = new long[inner];
    for (int k = 0; k < inner; k++) {
      image[k] = dot(w, k * columns, low, high);
    }
    return image;
  }

  /** C·x for int32. */
  public static long[] image(int[] c, long[] x) {
    int columns = x.length;
    long[] limbs0 = limb(x, 0);
    long[] limbs1 = limb(x, 1);
    long[] limbs2 = limb(x, 2);
    long[] image = new long[c.length / columns];
    for (int row = 0; row < image.length; row++) {
      image[row] = wide(c, row * columns, limbs0, limbs1, limbs2);
    }
    return image;
  }

  /** One round with W·x at hand: inner + columns steps for each row. */
  public static boolean holds(byte[] a, long[] image, int[] c, long[] x, int rows, int inner) {
    int columns = x.length;
    if (a.length != rows * inner || c.length != rows * columns || image.length != inner) {
      return false;
    }
    long[] low = low(image);
    long[] high = high(image);
    long[] limbs0 = limb(x, 0);
    long[] limbs1 = limb(x, 1);
    long[] limbs2 = limb(x, 2);
    for (int row = 0; row < rows; row++) {
      long expected = dot(a, row * inner, low, high);
      if (wide(c, row * columns, limbs0, limbs1, limbs2) != expected) {
        return false;
      }
    }
    return true;
  }

  /** int8 · 32 bits, up to 2^16 of them, stay within a long. */
  private static long dot(byte[] left, int from, long[] low, long[] high) {
    long lows = 0;
    long highs = 0;
    for (int i = 0; i < low.length; i++) {
      lows += left[from + i] * low[i];
      highs += left[from + i] * high[i];
    }
    return Field61.add(Field61.of(lows), Field61.shift(Field61.of(highs), LOW_BITS));
  }

  private static long wide(int[] left, int from, long[] limbs0, long[] limbs1, long[] limbs2) {
    long sum = 0;
    for (int start = 0; start < limbs0.length; start += BLOCK) {
      int end = Math.min(limbs0.length, start + BLOCK);
      long sum0 = 0;
      long sum1 = 0;
      long sum2 = 0;
      for (int i = start; i < end; i++) {
        long value = left[from + i];
        sum0 += value * limbs0[i];
        sum1 += value * limbs1[i];
        sum2 += value * limbs2[i];
      }
      sum = Field61.add(sum, Field61.of(sum0));
      sum = Field61.add(sum, Field61.shift(Field61.of(sum1), LIMB_BITS));
      sum = Field61.add(sum, Field61.shift(Field61.of(sum2), 2 * LIMB_BITS));
    }
    return sum;
  }

  private static long[] low(long[] elements) {
    long[] low = new long[elements.length];
    for (int i = 0; i < low.length; i++) {
      low[i] = elements[i] & 0xffff_ffffL;
    }
    return low;
  }

  private static long[] high(long[] elements) {
    long[] high = new long[elements.length];
    for (int i = 0; i < high.length; i++) {
      high[i] = elements[i] >>> LOW_BITS;
    }
    return high;
  }

  private static long[] limb(long[] elements, int limb) {
    long[] limbs = new long[elements.length];
    for (int i = 0; i < limbs.length; i++) {
      limbs[i] = (elements[i] >>> (limb * LIMB_BITS)) & LIMB;
    }
    return limbs;
  }
}
