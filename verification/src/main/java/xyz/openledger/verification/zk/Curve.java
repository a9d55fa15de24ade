package xyz.openledger.verification.zk;

import java.math.BigInteger;
import java.util.Optional;

/**
 * The two groups of BN254, in affine coordinates. A point of G1 has real coordinates and lies on y²
 * = x³ + 3; one of G2 lies on the twist y² = x³ + 3/(9 + i).
 */
final class Curve {
  /** The order of both groups, and of the field of signals. */
  static final BigInteger ORDER =
      new BigInteger(
          "21888242871839275222246405745257275088548364400416034343698204186575808495617");

  private static final Quadratic THREE = Quadratic.of(3, 0);
  private static final Quadratic TWIST = THREE.times(Dodecic.SIXTH.inverse());
  private static final BigInteger TWO = BigInteger.TWO;

  private Curve() {}

  /** A point that is not the one at infinity. */
  record Point(Quadratic x, Quadratic y) {
    Point negated() {
      return new Point(x, y.negated());
    }
  }

  static boolean isInFirst(Point point) {
    return point.x().imaginary().signum() == 0
        && point.y().imaginary().signum() == 0
        && isOn(point, THREE);
  }

  /** Whether a point is on the twist and in its part of prime order, where pairings are defined. */
  static boolean isInSecond(Point point) {
    return isOn(point, TWIST) && times(point, ORDER).isEmpty();
  }

  private static boolean isOn(Point point, Quadratic constant) {
    return point.y().square().equals(point.x().square().times(point.x()).plus(constant));
  }

  /** The slope of the line through two points, or of the tangent; empty where it is upright. */
  static Optional<Quadratic> slope(Point left, Point right) {
    if (!left.x().equals(right.x())) {
      return Optional.of(right.y().minus(left.y()).times(right.x().minus(left.x()).inverse()));
    }
    if (!left.y().equals(right.y()) || left.y().isZero()) {
      return Optional.empty();
    }
    Quadratic square = left.x().square();
    return Optional.of(square.plus(square).plus(square).times(left.y().times(TWO).inverse()));
  }

  /** The third point of that line, mirrored: the sum. */
  static Point sum(Point left, Point right, Quadratic slope) {
    Quadratic x = slope.square().minus(left.x()).minus(right.x());
    return new Point(x, slope.times(left.x().minus(x)).minus(left.y()));
  }

  /** The sum; empty for the point at infinity. */
  static Optional<Point> plus(Optional<Point> left, Optional<Point> right) {
    if (left.isEmpty() || right.isEmpty()) {
      return left.isEmpty() ? right : left;
    }
    return slope(left.get(), right.get()).map(slope -> sum(left.get(), right.get(), slope));
  }

  static Optional<Point> times(Point point, BigInteger factor) {
    Optional<Point> result = Optional.empty();
    for (int bit = factor.bitLength() - 1; bit >= 0; bit--) {
      result = plus(result, result);
      if (factor.testBit(bit)) {
        result = plus(result, Optional.of(point));
      }
    }
    return result;
  }
}
