package xyz.openledger.verification.toploc;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The largest activations of a chunk in 2 + 2k bytes: a polynomial through (place mod m, bits), by
 * which whoever computes the chunk again compares its own largest ones.
 *
 * <p>What it does not see: any change that leaves the last hidden state alike, such as another
 * choice of the next token, or a smaller model asked first.
 */
@SuppressWarnings("ArrayRecordComponent") // compared by its bytes
public record ActivationProof(int modulus, int[] coefficients) {
  /** As published: so many of a chunk's activations. */
  public static final int LARGEST = 128;

  /** At least so many of 128 must have the same exponent. */
  public static final int EXPONENTS_MIN = 90;

  /** The most that the mantissas of those may differ on average. */
  public static final double MANTISSA_MEAN_MAX = 10;

  /** The most that the median of them may differ. */
  public static final double MANTISSA_MEDIAN_MAX = 8;

  /**
   * Models here are run in float32, so nearer is asked than was published for bfloat16: weights of
   * eight bits pass the published thresholds. Measured with the tiny model over twelve answers
   * each: sums that differ in their last bits came to 0.15 at most, eight bits to 1.30 at least.
   */
  public static final double FLOAT32_MANTISSA_MEAN_MAX = 0.5;

  /** As above; 0 was measured for the one, 1 at least for the other. */
  public static final double FLOAT32_MANTISSA_MEDIAN_MAX = 0;

  private static final int MANTISSA_BITS = 7;

  /**
   * How alike a chunk is to the one that was committed to.
   *
   * @param exponents how many are the same, sign included
   * @param mantissaMean of the differences where they are
   */
  public record Likeness(int exponents, double mantissaMean, double mantissaMedian) {
    /** Whether that is near enough, by the published thresholds. */
    public boolean near() {
      return exponents >= EXPONENTS_MIN
          && mantissaMean <= MANTISSA_MEAN_MAX
          && mantissaMedian <= MANTISSA_MEDIAN_MAX;
    }

    /** Whether that is also near enough for two machines that compute in float32. */
    public boolean nearInFloat32() {
      return near()
          && mantissaMean <= FLOAT32_MANTISSA_MEAN_MAX
          && mantissaMedian <= FLOAT32_MANTISSA_MEDIAN_MAX;
    }
  }

  /**
   * The proof of a chunk's activations, flattened.
   *
   * @throws IllegalArgumentException if they are fewer than {@link #LARGEST}, or one is not finite
   */
  public static ActivationProof of(float[] activations) {
    List<Activations.Large> large = Activations.largest(activations, LARGEST);
    int modulus = modulus(large);
    int[] x = large.stream().mapToInt(it -> it.index() % modulus).toArray();
    int[] y = large.stream().mapToInt(Activations.Large::bits).toArray();
    return new ActivationProof(modulus, Polynomial.through(x, y));
  }

  /** The largest modulus under which no two places fall together. */
  private static int modulus(List<Activations.Large> large) {
    for (int modulus = Polynomial.P; modulus >= large.size(); modulus--) {
      var seen = new BitSet(modulus);
      int m = modulus;
      if (large.stream().allMatch(it -> free(seen, it.index() % m))) {
        return modulus;
      }
    }
    throw new IllegalArgumentException("no modulus tells the places apart");
  }

  private static boolean free(BitSet seen, int place) {
    boolean free = !seen.get(place);
    seen.set(place);
    return free;
  }

  /** Compares with activations that were computed again. */
  public Likeness likeness(float[] activations) {
    return likeness(Activations.largest(activations, LARGEST));
  }

  /** Compares with the largest of activations that were computed again. */
  public Likeness likeness(List<Activations.Large> largest) {
    if (largest.size() != LARGEST) {
      throw new IllegalArgumentException("%d are compared, not 128".formatted(largest.size()));
    }
    int exponents = 0;
    int[] apart = new int[LARGEST];
    for (Activations.Large own : largest) {
      int said = Polynomial.at(coefficients, own.index() % modulus);
      if (said >>> MANTISSA_BITS == own.bits() >>> MANTISSA_BITS) {
        int mask = (1 << MANTISSA_BITS) - 1;
        apart[exponents++] = Math.abs((said & mask) - (own.bits() & mask));
      }
    }
    int[] sorted = Arrays.copyOf(apart, exponents);
    Arrays.sort(sorted);
    if (exponents == 0) {
      return new Likeness(0, 1 << MANTISSA_BITS, 1 << MANTISSA_BITS);
    }
    double median = (sorted[(exponents - 1) / 2] + sorted[exponents / 2]) / 2.0;
    return new Likeness(exponents, Arrays.stream(sorted).average().orElse(0), median);
  }

  /** 258 bytes: the modulus, then the coefficients, lowest first, big-endian. */
  public byte[] bytes() {
    var out = ByteBuffer.allocate(2 + 2 * coefficients.length);
    out.putShort((short) modulus);
    for (int coefficient : coefficients) {
      out.putShort((short) coefficient);
    }
    return out.array();
  }

  /**
   * Reads a proof.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static ActivationProof read(byte[] bytes) {
    if (bytes.length != 2 + 2 * LARGEST) {
      throw new IllegalArgumentException("a proof has 258 bytes, this has " + bytes.length);
    }
    var in = ByteBuffer.wrap(bytes);
    int modulus = Short.toUnsignedInt(in.getShort());
    int[] coefficients = new int[LARGEST];
    for (int i = 0; i < LARGEST; i++) {
      coefficients[i] = Short.toUnsignedInt(in.getShort());
      if (coefficients[i] >= Polynomial.P) {
        throw new IllegalArgumentException("coefficient " + i + " is no element of the field");
      }
    }
    if (modulus < LARGEST || modulus > Polynomial.P) {
      throw new IllegalArgumentException("the modulus " + modulus + " is not 128 to 65497");
    }
    return new ActivationProof(modulus, coefficients);
  }
}
