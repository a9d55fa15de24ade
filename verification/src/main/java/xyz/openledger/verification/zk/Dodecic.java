package xyz.openledger.verification.zk;

import java.util.Arrays;
import java.util.List;

/**
 * A polynomial of degree 5 in w over {@link Quadratic}, with w⁶ = 9 + i: where pairings of BN254
 * take their values.
 *
 * @param coefficients of w⁰ to w⁵
 */
record Dodecic(List<Quadratic> coefficients) {
  /** What w⁶ is. */
  static final Quadratic SIXTH = Quadratic.of(9, 1);

  private static final int DEGREE = 6;

  static final Dodecic ONE = sparse(Quadratic.ONE, Quadratic.ZERO, Quadratic.ZERO);

  /** {@code constant + first w + third w³}: what a line of the Miller loop is. */
  static Dodecic sparse(Quadratic constant, Quadratic first, Quadratic third) {
    return new Dodecic(
        List.of(constant, first, Quadratic.ZERO, third, Quadratic.ZERO, Quadratic.ZERO));
  }

  Dodecic times(Dodecic other) {
    Quadratic[] product = new Quadratic[DEGREE];
    Arrays.fill(product, Quadratic.ZERO);
    for (int i = 0; i < DEGREE; i++) {
      for (int j = 0; j < DEGREE; j++) {
        Quadratic right = other.coefficients.get(j);
        if (!right.isZero()) {
          Quadratic term = coefficients.get(i).times(right);
          int power = i + j;
          product[power % DEGREE] =
              product[power % DEGREE].plus(power < DEGREE ? term : term.times(SIXTH));
        }
      }
    }
    return new Dodecic(List.of(product));
  }

  /** Whether it stays the same where w changes its sign. */
  boolean isEven() {
    return coefficients.get(1).isZero()
        && coefficients.get(3).isZero()
        && coefficients.get(5).isZero();
  }
}
