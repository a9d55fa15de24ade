package xyz.openledger.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PriceTest {
  private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

  @Test
  void isTheExactProductRoundedUp() {
    var random = new SplittableRandom(1);
    for (int i = 0; i < 100_000; i++) {
      check(
          random.nextLong() >>> random.nextInt(1, 64), random.nextLong() >>> random.nextInt(1, 64));
    }
  }

  @Test
  void isExactAtTheEdges() {
    long[] edges = {
      0, 1, 2, 999_999_999, 1_000_000_000, 1_000_000_001, 1L << 31, 1L << 32, Long.MAX_VALUE
    };
    for (long fuel : edges) {
      for (long price : edges) {
        check(fuel, price);
      }
    }
    // 2^63 - 1 nano-OPEN exactly, and the next one.
    check(Long.MAX_VALUE, 1_000_000_000);
    check(Long.MAX_VALUE, 1_000_000_001);
  }

  @Test
  void theDearestLegalReplicaFits() {
    assertThat(Price.ofReplica(10_000_000_000_000L, Price.NANO_OPEN_PER_GIGAFUEL_MAX))
        .isEqualTo(1_000_000_000_000_000_000L);
  }

  @Test
  void refusesNegativeAmounts() {
    assertThatThrownBy(() -> Price.ofReplica(-1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Price.ofReplica(1, -1)).isInstanceOf(IllegalArgumentException.class);
  }

  private static void check(long fuel, long price) {
    BigInteger[] exact =
        BigInteger.valueOf(fuel)
            .multiply(BigInteger.valueOf(price))
            .divideAndRemainder(BigInteger.valueOf(Price.GIGAFUEL));
    BigInteger rounded = exact[0].add(BigInteger.valueOf(exact[1].signum()));
    if (rounded.compareTo(MAX) > 0) {
      assertThatThrownBy(() -> Price.ofReplica(fuel, price))
          .as("%d x %d", fuel, price)
          .isInstanceOf(ArithmeticException.class);
    } else {
      assertThat(Price.ofReplica(fuel, price))
          .as("%d x %d", fuel, price)
          .isEqualTo(rounded.longValueExact());
    }
  }
}
