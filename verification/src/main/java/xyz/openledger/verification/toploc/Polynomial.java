package xyz.openledger.verification.toploc;

/** Polynomials over the field of 65,497 elements. */
final class Polynomial {
  static final int P = 65_497;

  private Polynomial() {}

  /** The coefficients, lowest first, of the one polynomial through points with distinct x. */
  static int[] through(int[] x, int[] y) {
    int n = x.length;
    long[] newton = new long[n];
    for (int i = 0; i < n; i++) {
      newton[i] = y[i];
    }
    for (int order = 1; order < n; order++) {
      for (int i = n - 1; i >= order; i--) {
        long rise = Math.floorMod(newton[i] - newton[i - 1], P);
        newton[i] = rise * inverse(Math.floorMod(x[i] - x[i - order], P)) % P;
      }
    }
    int[] coefficients = new int[n];
    for (int i = n - 1; i >= 0; i--) {
      // Everything so far times (X - x[i]), plus the next of Newton's coefficients.
      for (int j = n - 1; j > 0; j--) {
        coefficients[j] =
            (int) Math.floorMod(coefficients[j - 1] - (long) coefficients[j] * x[i], (long) P);
      }
      coefficients[0] = (int) Math.floorMod(newton[i] - (long) coefficients[0] * x[i], (long) P);
    }
    return coefficients;
  }

  static int at(int[] coefficients, int x) {
    long value = 0;
    for (int i = coefficients.length - 1; i >= 0; i--) {
      value = (value * x + coefficients[i]) % P;
    }
    return (int) value;
  }

  private static long inverse(long element) {
    long power = 1;
    long base = element;
    for (int exponent = P - 2; exponent > 0; exponent >>= 1) {
      if ((exponent & 1) == 1) {
        power = power * base % P;
      }
      base = base * base % P;
    }
    return power;
  }
}
