package xyz.openledger.verification.freivalds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Digest;
import xyz.openledger.verification.matmul.NetworkRun;
import xyz.openledger.verification.matmul.Operator;
import xyz.openledger.verification.matmul.Tensor;

class FreivaldsTest {
  private static final int CORRUPTIONS = Boolean.getBoolean("thorough") ? 100_000 : 4_000;
  private static final int PER_PRODUCT = 50;

  private record Drawn(int rows, int columns, byte[] a, byte[] w, int[] c) {
    static Drawn of(RandomGenerator random, int sideMax) {
      int rows = random.nextInt(1, sideMax);
      int inner = random.nextInt(1, sideMax);
      int columns = random.nextInt(1, sideMax);
      byte[] a = new byte[rows * inner];
      byte[] w = new byte[inner * columns];
      random.nextBytes(a);
      random.nextBytes(w);
      var product = new Operator.Product(Operator.INPUT, columns, w);
      return new Drawn(
          rows,
          columns,
          a,
          w,
          NetworkRun.product(product, new Tensor.Int8(rows, inner, a), () -> {}).elements());
    }
  }

  @Test
  void computesModuloThePrimeAsBigIntegersDo() {
    var random = new SplittableRandom(1);
    BigInteger p = BigInteger.valueOf(Field61.P);
    for (int i = 0; i < 20_000; i++) {
      long a = edge(random);
      long b = edge(random);
      BigInteger bigA = BigInteger.valueOf(a);
      BigInteger bigB = BigInteger.valueOf(b);
      assertThat(Field61.multiply(a, b)).isEqualTo(bigA.multiply(bigB).mod(p).longValue());
      assertThat(Field61.add(a, b)).isEqualTo(bigA.add(bigB).mod(p).longValue());
      assertThat(Field61.subtract(a, b)).isEqualTo(bigA.subtract(bigB).mod(p).longValue());
      long any = random.nextLong() >> random.nextInt(64);
      assertThat(Field61.of(any)).isEqualTo(BigInteger.valueOf(any).mod(p).longValue());
      if (a != 0) {
        assertThat(Field61.multiply(a, Field61.inverse(a))).isOne();
      }
    }
  }

  private static long edge(SplittableRandom random) {
    return switch (random.nextInt(8)) {
      case 0 -> random.nextLong(3);
      case 1 -> Field61.P - 1 - random.nextLong(3);
      default -> random.nextLong(Field61.P);
    };
  }

  @Test
  void catchesEveryChangeOfOneEntryAndNoTruth() {
    var random = new SplittableRandom(2);
    for (int i = 0; i < CORRUPTIONS / PER_PRODUCT; i++) {
      Drawn drawn = Drawn.of(random, 40);
      for (int j = 0; j < PER_PRODUCT; j++) {
        long[] x = Coins.secret(random).next(drawn.columns);
        assertThat(Freivalds.holds(drawn.a, drawn.w, drawn.c, x)).isTrue();
        int[] wrong = drawn.c.clone();
        int off = random.nextInt(1, 4) * (random.nextBoolean() ? 1 : -1);
        // Also a whole row that is wrong in two places, so that its sum is right.
        int place = random.nextInt(wrong.length);
        wrong[place] += off;
        if (random.nextBoolean() && drawn.columns > 1) {
          int row = place / drawn.columns;
          int other = row * drawn.columns + (place + 1) % drawn.columns;
          if (other != place) {
            wrong[other] -= off;
          }
        }
        assertThat(Freivalds.holds(drawn.a, drawn.w, wrong, x)).isFalse();
      }
    }
  }

  @Test
  void catchesAWrongEntryInAnyRowOfALargeProduct() {
    var random = new SplittableRandom(3);
    Drawn drawn = Drawn.of(random, 300);
    long[] x = Coins.secret(random).next(drawn.columns);
    assertThat(Freivalds.holds(drawn.a, drawn.w, drawn.c, x)).isTrue();
    for (int row = 0; row < drawn.rows; row++) {
      int[] wrong = drawn.c.clone();
      wrong[row * drawn.columns + random.nextInt(drawn.columns)] ^= 1 << random.nextInt(32);
      assertThat(Freivalds.holds(drawn.a, drawn.w, wrong, x)).isFalse();
    }
  }

  @Test
  void holdsAtTheExtremesOfEveryType() {
    int side = 1 << 12;
    byte[] a = new byte[2 * side];
    byte[] w = new byte[side];
    Arrays.fill(a, 0, side, (byte) -128);
    Arrays.fill(a, side, 2 * side, (byte) 127);
    Arrays.fill(w, (byte) -128);
    int[] c = {side * 128 * 128, side * 127 * -128};
    long[] x = {Field61.P - 1};
    assertThat(Freivalds.holds(a, w, c, x)).isTrue();
    c[1]++;
    assertThat(Freivalds.holds(a, w, c, x)).isFalse();
  }

  @Test
  void keepsASecretUntilItRefuses() {
    var random = new SplittableRandom(4);
    Drawn drawn = Drawn.of(random, 60);
    SecretCheck check = SecretCheck.of(drawn.w, drawn.columns, random);
    assertThat(check.holds(drawn.a, drawn.c)).isTrue();
    assertThat(check.holds(drawn.a, drawn.c)).isTrue();
    int[] wrong = drawn.c.clone();
    wrong[wrong.length - 1]++;
    assertThat(check.holds(drawn.a, wrong)).isFalse();
    assertThatThrownBy(() -> check.holds(drawn.a, drawn.c))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void drawsOpenCoinsFromAllThatWasCommittedTo() {
    Digest task = Digest.of(new byte[] {1});
    Digest output = Digest.of(new byte[] {2});
    long[] coins = Coins.open(task, output, 3, 0).next(9);
    assertThat(Coins.open(task, output, 3, 0).next(9)).isEqualTo(coins);
    assertThat(Coins.open(output, output, 3, 0).next(9)).isNotEqualTo(coins);
    assertThat(Coins.open(task, task, 3, 0).next(9)).isNotEqualTo(coins);
    assertThat(Coins.open(task, output, 4, 0).next(9)).isNotEqualTo(coins);
    assertThat(Coins.open(task, output, 3, 1).next(9)).isNotEqualTo(coins);
    assertThat(Arrays.stream(coins)).allMatch(element -> element >= 0 && element < Field61.P);
  }

  /** With the challenge known beforehand a wrong product is easy to make: why it comes after. */
  @Test
  void isFooledByWhoeverKnowsTheChallenge() {
    var random = new SplittableRandom(5);
    Drawn drawn = Drawn.of(random, 30);
    long[] x = new long[drawn.columns];
    x[0] = 1;
    int[] wrong = drawn.c.clone();
    if (drawn.columns > 1) {
      wrong[1]++;
    }
    assertThat(Freivalds.holds(drawn.a, drawn.w, wrong, x)).isTrue();
  }
}
