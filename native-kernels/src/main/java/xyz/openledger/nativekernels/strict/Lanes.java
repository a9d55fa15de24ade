package xyz.openledger.nativekernels.strict;

/** The fixed tree in which rows are summed. */
final class Lanes {
  private static final int COUNT = 8;

  private Lanes() {}

  static float dot(float[] a, int atA, float[] b, int atB, int count) {
    var lane = new float[COUNT];
    for (int i = 0; i < count; i++) {
      lane[i & 7] = Math.fma(a[atA + i], b[atB + i], lane[i & 7]);
    }
    return folded(lane);
  }

  static float sum(float[] a, int count) {
    var lane = new float[COUNT];
    for (int i = 0; i < count; i++) {
      lane[i & 7] += a[i];
    }
    return folded(lane);
  }

  /** The highest number; NaN counts as none. */
  static float max(float[] a, int count) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      max = a[i] > max ? a[i] : max;
    }
    return max;
  }

  /** Replaces a row by the exponentials of its distances from {@code max}; answers their sum. */
  static float exponentials(float[] a, int count, float max) {
    for (int i = 0; i < count; i++) {
      a[i] = Scalars.exp(a[i] - max);
    }
    return sum(a, count);
  }

  private static float folded(float[] lane) {
    return ((lane[0] + lane[4]) + (lane[2] + lane[6]))
        + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
  }
}
