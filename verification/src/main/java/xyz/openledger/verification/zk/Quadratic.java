package xyz.openledger.verification.zk;

import java.math.BigInteger;

/**
 * A number {@code real + imaginary i} with i² = −1, over the base field of BN254: where the
 * coordinates of G2 live.
 */
record Quadratic(BigInteger real, BigInteger imaginary) {
  /** The order of the base field. */
  static final BigInteger FIELD =
      new BigInteger(
          "21888242871839275222246405745257275088696311157297823662689037894645226208583");

  static final Quadratic ZERO = of(0, 0);
  static final Quadratic ONE = of(1, 0);

  static Quadratic of(long real, long imaginary) {
    return new Quadratic(BigInteger.valueOf(real), BigInteger.valueOf(imaginary));
  }

  static Quadratic of(BigInteger real) {
    return new Quadratic(real, BigInteger.ZERO);
  }

  Quadratic plus(Quadratic other) {
    return reduced(real.add(other.real), imaginary.add(other.imaginary));
  }

  Quadratic minus(Quadratic other) {
    return reduced(real.subtract(other.real), imaginary.subtract(other.imaginary));
  }

  Quadratic times(Quadratic other) {
    BigInteger left = real.multiply(other.real);
    BigInteger right = imaginary.multiply(other.imaginary);
    BigInteger both = real.add(imaginary).multiply(other.real.add(other.imaginary));
    return reduced(left.subtract(right), both.subtract(left).subtract(right));
  }

  Quadratic times(BigInteger factor) {
    return reduced(real.multiply(factor), imaginary.multiply(factor));
  }

  Quadratic square() {
    return times(this);
  }

  Quadratic negated() {
    return reduced(real.negate(), imaginary.negate());
  }

  /** The Frobenius map of this field: the imaginary part changes its sign. */
  Quadratic conjugate() {
    return reduced(real, imaginary.negate());
  }

  /** One divided by this, which is not zero. */
  Quadratic inverse() {
    BigInteger norm = real.multiply(real).add(imaginary.multiply(imaginary)).modInverse(FIELD);
    return reduced(real.multiply(norm), imaginary.negate().multiply(norm));
  }

  Quadratic power(BigInteger exponent) {
    Quadratic result = ONE;
    for (int bit = exponent.bitLength() - 1; bit >= 0; bit--) {
      result = result.square();
      if (exponent.testBit(bit)) {
        result = result.times(this);
      }
    }
    return result;
  }

  boolean isZero() {
    return real.signum() == 0 && imaginary.signum() == 0;
  }

  private static Quadratic reduced(BigInteger real, BigInteger imaginary) {
    return new Quadratic(real.mod(FIELD), imaginary.mod(FIELD));
  }
}
