package xyz.openledger.pools.index;

/**
 * A whole number, 0 or above, in 16 bits that keep the order: exact below 2,048, and with ten bits
 * after the leading one above, which is a part in a thousand.
 */
public final class Code {
  /** The highest code, of the highest long. */
  public static final int MAX = of(Long.MAX_VALUE);

  private static final int PRECISION = 10;
  private static final int EXACT_BELOW = 1 << (PRECISION + 1);

  private Code() {}

  /** The code of {@code value}. */
  public static int of(long value) {
    if (value < EXACT_BELOW) {
      if (value < 0) {
        throw new IllegalArgumentException("below 0: " + value);
      }
      return (int) value;
    }
    int shift = Long.SIZE - 1 - PRECISION - Long.numberOfLeadingZeros(value);
    return (shift << PRECISION) + (int) (value >>> shift);
  }

  /** The lowest number of that code. */
  public static long lowest(int code) {
    if (code < EXACT_BELOW) {
      return code;
    }
    int shift = (code >>> PRECISION) - 1;
    return (long) (code - (shift << PRECISION)) << shift;
  }

  /** The highest number of that code. */
  public static long highest(int code) {
    return code == MAX ? Long.MAX_VALUE : lowest(code + 1) - 1;
  }
}
