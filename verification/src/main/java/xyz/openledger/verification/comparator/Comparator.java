package xyz.openledger.verification.comparator;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.IntStream;
import xyz.openledger.protocol.Tolerance;

/**
 * Compares outputs that are arrays of little-endian {@code float32}. What has no number (a NaN, an
 * infinity) is equal to the same bits alone, and an output that is no such array to the same bytes
 * alone: a tolerance never makes nonsense equal to a result.
 */
public final class Comparator {
  private final Tolerance tolerance;

  /** Compares within that tolerance. */
  public Comparator(Tolerance tolerance) {
    this.tolerance = tolerance;
  }

  /** Whether two outputs count as equal. Symmetric; an output is equal to itself. */
  public boolean equal(byte[] left, byte[] right) {
    if (java.util.Arrays.equals(left, right)) {
      return true;
    }
    if (left.length != right.length || left.length % Float.BYTES != 0) {
      return false;
    }
    float[] a = floats(left);
    float[] b = floats(right);
    Integer top = tolerance.topK();
    if (top != null) {
      return finite(a) && finite(b) && sameTop(a, b, Math.min(top, a.length));
    }
    for (int i = 0; i < a.length; i++) {
      if (!close(a[i], b[i])) {
        return false;
      }
    }
    return true;
  }

  private boolean close(float a, float b) {
    if (!Float.isFinite(a) || !Float.isFinite(b)) {
      return Float.floatToRawIntBits(a) == Float.floatToRawIntBits(b);
    }
    Integer ulps = tolerance.ulpsMax();
    if (ulps != null) {
      return Math.abs(ordinal(a) - ordinal(b)) <= ulps;
    }
    Integer partsPerMillion = tolerance.relativePartsPerMillionMax();
    // The difference of two floats and its millionfold are exact enough in doubles.
    double difference = Math.abs((double) a - b);
    double larger = Math.max(Math.abs((double) a), Math.abs((double) b));
    return partsPerMillion != null && difference * 1e6 <= larger * partsPerMillion;
  }

  /** The place of a float among all floats, so that neighbours differ by one and zeros by none. */
  private static long ordinal(float value) {
    int bits = Float.floatToRawIntBits(value);
    return bits < 0 ? Integer.MIN_VALUE - (long) bits : bits;
  }

  /** Equal numbers stand in the order of their places, so the order is always one. */
  private static boolean sameTop(float[] a, float[] b, int k) {
    return java.util.Arrays.equals(top(a, k), top(b, k));
  }

  private static int[] top(float[] values, int k) {
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(
            java.util.Comparator.<Integer>comparingDouble(i -> -values[i]).thenComparingInt(i -> i))
        .limit(k)
        .mapToInt(i -> i)
        .toArray();
  }

  private static boolean finite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  private static float[] floats(byte[] bytes) {
    var floats = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
    return floats;
  }
}
