package xyz.openledger.verification.toploc;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The largest activations of a chunk of tokens, by magnitude, as bfloat16. */
public final class Activations {
  /** Bit patterns from here on are no element of the field: NaN and infinity below zero. */
  static final int PATTERNS = Polynomial.P;

  private Activations() {}

  /**
   * One of them.
   *
   * @param bits of the bfloat16, 0 to 65,496
   */
  public record Large(int index, int bits) {}

  /**
   * The {@code count} largest by magnitude, the first among equals, in the order of their places.
   *
   * @throws IllegalArgumentException if there are fewer, or one is not finite
   */
  public static List<Large> largest(float[] values, int count) {
    if (values.length < count) {
      throw new IllegalArgumentException("there are only " + values.length + " activations");
    }
    Comparator<Large> bySize =
        Comparator.comparingInt((Large it) -> it.bits() & 0x7fff)
            .thenComparing(Comparator.comparingInt(Large::index).reversed());
    var kept = new PriorityQueue<Large>(count + 1, bySize);
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException("activation " + i + " is not finite");
      }
      kept.add(new Large(i, bits(values[i])));
      if (kept.size() > count) {
        kept.poll();
      }
    }
    var large = new ArrayList<>(kept);
    large.sort(Comparator.comparingInt(Large::index));
    return List.copyOf(large);
  }

  /** A float as bfloat16, to the nearest, a half to the even one. */
  static int bits(float value) {
    int bits = Float.floatToRawIntBits(value);
    int rounded = (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
    if (rounded >= PATTERNS || (rounded & 0x7f80) == 0x7f80) {
      throw new IllegalArgumentException(value + " is no finite bfloat16");
    }
    return rounded;
  }
}
