package xyz.openledger.verification.comparator;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Tolerance;
import xyz.openledger.protocol.tensors.NumberType;
import xyz.openledger.protocol.tensors.Tensor;
import xyz.openledger.protocol.tensors.Tensors;

/**
 * Compares outputs that are arrays of little-endian {@code float32}, or {@link Tensors} of equal
 * names, types and shapes: then each tensor of such floats by itself, and all others by their
 * bytes. What has no number (a NaN, an infinity) is equal to the same bits alone, and an output
 * that is neither to the same bytes alone: a tolerance never makes nonsense equal to a result.
 */
public final class Comparator {
  private final Tolerance tolerance;

  /** Compares within that tolerance. */
  public Comparator(Tolerance tolerance) {
    this.tolerance = tolerance;
  }

  /** Whether two outputs count as equal. Symmetric; an output is equal to itself. */
  public boolean equal(byte[] left, byte[] right) {
    if (Arrays.equals(left, right)) {
      return true;
    }
    if (left.length != right.length) {
      return false;
    }
    if (Tensors.begin(left) && Tensors.begin(right)) {
      return tensors(left)
          .filter(a -> tensors(right).filter(b -> equal(a, b)).isPresent())
          .isPresent();
    }
    return left.length % Float.BYTES == 0 && equal(floats(left), floats(right));
  }

  private static Optional<List<Tensor>> tensors(byte[] output) {
    try {
      return Optional.of(Tensors.read(output));
    } catch (ProblemException malformed) {
      return Optional.empty();
    }
  }

  private boolean equal(List<Tensor> left, List<Tensor> right) {
    if (left.size() != right.size()) {
      return false;
    }
    for (int i = 0; i < left.size(); i++) {
      if (!equal(left.get(i), right.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean equal(Tensor left, Tensor right) {
    return left.name().equals(right.name())
        && left.type() == right.type()
        && left.shape().equals(right.shape())
        && (Arrays.equals(left.data(), right.data())
            || (left.type() == NumberType.F32 && equal(left.floats(), right.floats())));
  }

  private boolean equal(float[] a, float[] b) {
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
    return Arrays.equals(top(a, k), top(b, k));
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
