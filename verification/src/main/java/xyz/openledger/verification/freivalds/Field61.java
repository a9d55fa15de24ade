package xyz.openledger.verification.freivalds;

/** Arithmetic modulo the prime 2^61 - 1. Elements are 0 to 2^61 - 2. */
public final class Field61 {
  /** The prime. */
  public static final long P = (1L << 61) - 1;

  private Field61() {}

  /** The sum of two elements. */
  public static long add(long a, long b) {
    return small(a + b);
  }

  /** The difference of two elements. */
  public static long subtract(long a, long b) {
    return small(a - b + P);
  }

  /** The product of two elements. */
  public static long multiply(long a, long b) {
    long high = Math.multiplyHigh(a, b);
    long low = a * b;
    // 2^61 is 1 here, so what stands above bit 61 is added to what stands below.
    return small((low & P) + ((high << 3) | (low >>> 61)));
  }

  /** The element that any whole number stands for. */
  public static long of(long value) {
    long folded = (value & P) + (value >> 61);
    return folded < 0 ? folded + P : small(folded);
  }

  /** An element times a power of two, up to 2^60. */
  public static long shift(long element, int bits) {
    return multiply(element, 1L << bits);
  }

  /** The inverse of an element other than 0. */
  public static long inverse(long element) {
    long power = 1;
    long base = element;
    for (long exponent = P - 2; exponent > 0; exponent >>= 1) {
      if ((exponent & 1) == 1) {
        power = multiply(power, base);
      }
      base = multiply(base, base);
    }
    return power;
  }

  private static long small(long value) {
    return value >= P ? value - P : value;
  }
}
