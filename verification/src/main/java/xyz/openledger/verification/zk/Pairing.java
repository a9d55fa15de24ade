package xyz.openledger.verification.zk;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import xyz.openledger.verification.zk.Curve.Point;

/**
 * The optimal ate pairing of BN254 (Vercauteren, IEEE Transactions on Information Theory 2010), as
 * the chain's precompile has it. Written to be read: some tenths of a second for four pairs.
 */
final class Pairing {
  /** 6x + 2 for the curve's parameter x = 4965661367192848881. */
  private static final BigInteger LOOP = new BigInteger("29793968203157093288");

  private static final Quadratic FROBENIUS_X =
      Dodecic.SIXTH.power(Quadratic.FIELD.subtract(BigInteger.ONE).divide(BigInteger.valueOf(3)));
  private static final Quadratic FROBENIUS_Y =
      Dodecic.SIXTH.power(Quadratic.FIELD.subtract(BigInteger.ONE).divide(BigInteger.TWO));

  /** (p⁶ + 1) / r: with p⁶ − 1 it makes the final exponent (p¹² − 1) / r. */
  private static final BigInteger HALF_EXPONENT =
      Quadratic.FIELD.pow(6).add(BigInteger.ONE).divide(Curve.ORDER);

  private Pairing() {}

  /** One point of each group. */
  record Pair(Point first, Point second) {}

  /** Whether the product of the pairings is one. The points must be in their groups. */
  static boolean isOne(List<Pair> pairs) {
    Dodecic product = Dodecic.ONE;
    for (Pair pair : pairs) {
      product = product.times(miller(pair));
    }
    // The last step raises to p⁶ − 1, which gives one for exactly the values that w ↦ −w leaves.
    return power(product, HALF_EXPONENT).isEven();
  }

  private static Dodecic miller(Pair pair) {
    Point at = pair.second();
    Dodecic value = Dodecic.ONE;
    for (int bit = LOOP.bitLength() - 2; bit >= 0; bit--) {
      Step doubled = step(at, at, pair.first());
      value = value.times(value).times(doubled.line());
      at = doubled.to();
      if (LOOP.testBit(bit)) {
        Step added = step(at, pair.second(), pair.first());
        value = value.times(added.line());
        at = added.to();
      }
    }
    Point mapped = frobenius(pair.second());
    Step first = step(at, mapped, pair.first());
    Step second = step(first.to(), frobenius(mapped).negated(), pair.first());
    return value.times(first.line()).times(second.line());
  }

  private record Step(Dodecic line, Point to) {}

  /**
   * The line through two points of the twist at a point of G1. A point (x, y) of the twist is (x
   * w², y w³) on the curve, so a slope there is a slope here times w.
   */
  private static Step step(Point left, Point right, Point at) {
    Optional<Quadratic> found = Curve.slope(left, right);
    // A point of prime order meets an upright line only at the end of a longer loop than ours.
    Quadratic slope = found.orElseThrow(() -> new IllegalArgumentException("not a point of G2"));
    Dodecic line =
        Dodecic.sparse(
            at.y(), slope.times(at.x()).negated(), slope.times(left.x()).minus(left.y()));
    return new Step(line, Curve.sum(left, right, slope));
  }

  private static Point frobenius(Point point) {
    return new Point(
        point.x().conjugate().times(FROBENIUS_X), point.y().conjugate().times(FROBENIUS_Y));
  }

  private static Dodecic power(Dodecic base, BigInteger exponent) {
    Dodecic result = Dodecic.ONE;
    for (int bit = exponent.bitLength() - 1; bit >= 0; bit--) {
      result = result.times(result);
      if (exponent.testBit(bit)) {
        result = result.times(base);
      }
    }
    return result;
  }
}
