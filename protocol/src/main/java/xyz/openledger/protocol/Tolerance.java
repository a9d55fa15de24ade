package xyz.openledger.protocol;

import org.jspecify.annotations.Nullable;

/**
 * How far outputs may lie apart and still count as equal: each an array of little-endian {@code
 * float32}, or {@link xyz.openledger.protocol.tensors.Tensors}. Exactly one of the three is given.
 * What is accepted so is <em>tolerant</em>: within a tolerance, not exact, and no proof.
 *
 * @param ulpsMax so many steps between neighbouring floats, number by number; 1 to 65,536
 * @param relativePartsPerMillionMax so much of the larger magnitude, number by number; 1 to 100,000
 * @param topK only that the same {@code k} places hold the largest numbers, in the same order; 1 to
 *     1,024
 */
public record Tolerance(
    @Nullable Integer ulpsMax,
    @Nullable Integer relativePartsPerMillionMax,
    @Nullable Integer topK) {

  /** Checks the ranges, and that there is exactly one. */
  public Tolerance {
    int given =
        count(ulpsMax, "ulpsMax", 65_536)
            + count(relativePartsPerMillionMax, "relativePartsPerMillionMax", 100_000)
            + count(topK, "topK", 1_024);
    if (given != 1) {
      throw Check.refusal(
          "ulpsMax", "give exactly one of ulpsMax, relativePartsPerMillionMax and topK");
    }
  }

  /** Numbers at most so many steps apart. */
  public static Tolerance ulps(int max) {
    return new Tolerance(max, null, null);
  }

  /** Numbers that differ by at most so many millionths. */
  public static Tolerance relative(int partsPerMillionMax) {
    return new Tolerance(null, partsPerMillionMax, null);
  }

  /** The same largest numbers. */
  public static Tolerance top(int k) {
    return new Tolerance(null, null, k);
  }

  /** In words, such as {@code within 4 ulps}. */
  public String words() {
    if (ulpsMax != null) {
      return "within " + ulpsMax + " ulps";
    }
    return relativePartsPerMillionMax != null
        ? "within " + relativePartsPerMillionMax + " millionths"
        : "the same top " + topK;
  }

  private static int count(@Nullable Integer value, String field, int max) {
    if (value == null) {
      return 0;
    }
    Check.range(field, value, 1, max);
    return 1;
  }
}
