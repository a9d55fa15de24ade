package xyz.openledger.verification.zk;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import xyz.openledger.verification.zk.Curve.Point;
import xyz.openledger.verification.zk.Pairing.Pair;

/**
 * Checks proofs of Groth (EUROCRYPT 2016) over BN254:
 *
 * <pre>
 *   e(−A, B) · e(alpha, beta) · e(key[0] + Σ signal[i] key[i + 1], gamma) · e(C, delta) = 1
 * </pre>
 *
 * <p>Keys and proofs are words of 32 bytes as the chain's precompiles take them, so that the same
 * bytes are checked here and there.
 */
public final class Groth16 {
  /** The bytes of a proof: A, B, C. */
  public static final int PROOF_BYTES = 256;

  private static final int WORD_BYTES = 32;
  private static final int SIGNALS_MAX = 16;
  private static final int FIXED_WORDS = 14;

  private final Point alpha;
  private final Point beta;
  private final Point gamma;
  private final Point delta;
  private final List<Point> points;

  /**
   * A verification key.
   *
   * @throws IllegalArgumentException if the bytes are not one
   */
  public Groth16(byte[] key) {
    int pointWords = key.length / WORD_BYTES - FIXED_WORDS;
    if (key.length % WORD_BYTES != 0
        || pointWords % 2 != 0
        || pointWords < 4
        || pointWords > 2 * (SIGNALS_MAX + 1)) {
      throw new IllegalArgumentException(
          "a verification key does not have " + key.length + " bytes");
    }
    this.alpha = first(key, 0);
    this.beta = second(key, 2);
    this.gamma = second(key, 6);
    this.delta = second(key, 10);
    this.points = new ArrayList<>();
    for (int word = FIXED_WORDS; word < FIXED_WORDS + pointWords; word += 2) {
      points.add(first(key, word));
    }
  }

  /** How many signals a proof for this key has. */
  public int signals() {
    return points.size() - 1;
  }

  /**
   * Why the proof does not show the statement for these signals; empty if it does.
   *
   * @param signals each below the field's order, or it would be another name of a smaller one
   */
  public Optional<String> fault(List<BigInteger> signals, byte[] proof) {
    if (signals.size() != signals()) {
      return Optional.of("%d signals, the key is for %d".formatted(signals.size(), signals()));
    }
    for (int i = 0; i < signals.size(); i++) {
      BigInteger signal = signals.get(i);
      if (signal.signum() < 0 || signal.compareTo(Curve.ORDER) >= 0) {
        return Optional.of("signal " + i + " is not below the field's order");
      }
    }
    if (proof.length != PROOF_BYTES) {
      return Optional.of("a proof has 256 bytes, this has " + proof.length);
    }
    Point a;
    Point b;
    Point c;
    try {
      a = first(proof, 0);
      b = second(proof, 2);
      c = first(proof, 6);
    } catch (IllegalArgumentException none) {
      return Optional.of(String.valueOf(none.getMessage()));
    }
    var pairs = new ArrayList<Pair>();
    pairs.add(new Pair(a.negated(), b));
    pairs.add(new Pair(alpha, beta));
    sum(signals).ifPresent(sum -> pairs.add(new Pair(sum, gamma)));
    pairs.add(new Pair(c, delta));
    return Pairing.isOne(pairs) ? Optional.empty() : Optional.of("the proof shows something else");
  }

  private Optional<Point> sum(List<BigInteger> signals) {
    Optional<Point> sum = Optional.of(points.getFirst());
    for (int i = 0; i < signals.size(); i++) {
      sum = Curve.plus(sum, Curve.times(points.get(i + 1), signals.get(i)));
    }
    return sum;
  }

  private static Point first(byte[] bytes, int word) {
    var point =
        new Point(Quadratic.of(coordinate(bytes, word)), Quadratic.of(coordinate(bytes, word + 1)));
    if (!Curve.isInFirst(point)) {
      throw new IllegalArgumentException("word " + word + " begins no point of G1");
    }
    return point;
  }

  private static Point second(byte[] bytes, int word) {
    var point =
        new Point(
            new Quadratic(coordinate(bytes, word + 1), coordinate(bytes, word)),
            new Quadratic(coordinate(bytes, word + 3), coordinate(bytes, word + 2)));
    if (!Curve.isInSecond(point)) {
      throw new IllegalArgumentException("word " + word + " begins no point of G2");
    }
    return point;
  }

  private static BigInteger coordinate(byte[] bytes, int word) {
    var value = new BigInteger(1, bytes, word * WORD_BYTES, WORD_BYTES);
    if (value.compareTo(Quadratic.FIELD) >= 0) {
      throw new IllegalArgumentException("word " + word + " is not below the base field's order");
    }
    return value;
  }
}
