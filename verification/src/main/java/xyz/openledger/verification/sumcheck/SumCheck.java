package xyz.openledger.verification.sumcheck;

import static xyz.openledger.verification.freivalds.Field61.P;
import static xyz.openledger.verification.freivalds.Field61.add;
import static xyz.openledger.verification.freivalds.Field61.inverse;
import static xyz.openledger.verification.freivalds.Field61.multiply;
import static xyz.openledger.verification.freivalds.Field61.subtract;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Proves and checks a {@link ProductStatement} over the field of 2^61 - 1 elements. A proof is 24
 * bytes for each doubling of {@code inner}: the values at 0, 1 and 2 of one polynomial a round.
 *
 * <pre>
 *   C(r1, r2) = Σ over z of A(r1, z) · B(z, r2)          A, B, C: the matrices as polynomials
 * </pre>
 *
 * <p>With a = log2 rows, b = log2 inner, c = log2 columns, each rounded up, a false statement
 * passes an interactive check with a chance of at most (a + c + 2b)/(2^61 - 1): a + c for the point
 * at which C is looked at, 2b for the rounds. Here the challenges are hashes of what was said
 * before, the matrices first, so a prover may try again and again: 2^k tries multiply that chance
 * by 2^k. Integers below the prime only, no floating point.
 */
public final class SumCheck {
  /** Bytes of a proof for each round. */
  public static final int ROUND_BYTES = 3 * Long.BYTES;

  private static final long HALF = inverse(2);

  private SumCheck() {}

  /** The proof of a true statement; of a false one, something that the check refuses. */
  public static byte[] prove(ProductStatement statement) {
    var transcript = new Transcript(statement.commitment());
    long[] row = transcript.challenge(ProductStatement.log2(statement.rows()));
    long[] column = transcript.challenge(ProductStatement.log2(statement.columns()));
    int size = 1 << statement.rounds();
    long[] left = Arrays.copyOf(statement.leftFold(row), size);
    long[] right = Arrays.copyOf(statement.rightFold(column), size);
    var proof = ByteBuffer.allocate(ROUND_BYTES * statement.rounds());
    for (int half = size / 2; half > 0; half /= 2) {
      long at0 = 0;
      long at1 = 0;
      long at2 = 0;
      for (int i = 0; i < half; i++) {
        at0 = add(at0, multiply(left[i], right[i]));
        at1 = add(at1, multiply(left[half + i], right[half + i]));
        long left2 = subtract(add(left[half + i], left[half + i]), left[i]);
        long right2 = subtract(add(right[half + i], right[half + i]), right[i]);
        at2 = add(at2, multiply(left2, right2));
      }
      proof.putLong(at0).putLong(at1).putLong(at2);
      transcript.say(at0, at1, at2);
      long challenge = transcript.challenge(1)[0];
      bind(left, half, challenge);
      bind(right, half, challenge);
    }
    return proof.array();
  }

  private static void bind(long[] values, int half, long challenge) {
    for (int i = 0; i < half; i++) {
      long slope = subtract(values[half + i], values[i]);
      values[i] = add(values[i], multiply(challenge, slope));
    }
  }

  /** Whether these bytes prove the statement. Anything may be in them. */
  public static boolean verify(ProductStatement statement, byte[] proof) {
    if (proof.length != ROUND_BYTES * statement.rounds()) {
      return false;
    }
    var transcript = new Transcript(statement.commitment());
    long[] row = transcript.challenge(ProductStatement.log2(statement.rows()));
    long[] column = transcript.challenge(ProductStatement.log2(statement.columns()));
    long claim = statement.productAt(row, column);
    long[] z = new long[statement.rounds()];
    var in = ByteBuffer.wrap(proof);
    for (int round = 0; round < z.length; round++) {
      long at0 = in.getLong();
      long at1 = in.getLong();
      long at2 = in.getLong();
      if (!element(at0) || !element(at1) || !element(at2) || add(at0, at1) != claim) {
        return false;
      }
      transcript.say(at0, at1, at2);
      z[round] = transcript.challenge(1)[0];
      claim = through(at0, at1, at2, z[round]);
    }
    return multiply(statement.leftAt(row, z), statement.rightAt(z, column)) == claim;
  }

  private static boolean element(long word) {
    return word >= 0 && word < P;
  }

  /** The parabola through the values at 0, 1 and 2, at x. */
  private static long through(long at0, long at1, long at2, long x) {
    long twice = subtract(add(at0, at2), add(at1, at1));
    long curve = multiply(twice, HALF);
    long slope = subtract(subtract(at1, at0), curve);
    return add(at0, multiply(x, add(slope, multiply(x, curve))));
  }
}
