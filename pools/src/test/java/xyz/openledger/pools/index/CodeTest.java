package xyz.openledger.pools.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CodeTest {
  @Test
  void keepsTheOrderOfAllNumbers() {
    var random = new SplittableRandom(5);
    for (int i = 0; i < 100_000; i++) {
      long one = random.nextLong(Long.MAX_VALUE) >>> random.nextInt(63);
      long other = random.nextBoolean() ? one + random.nextInt(9) : one >>> 1;
      assertThat(Integer.signum(Code.of(one) - Code.of(Math.max(0, other))))
          .as("%d and %d", one, other)
          .isIn(0, Long.signum(one - Math.max(0, other)));
    }
  }

  @Test
  void isExactBelowTwoThousandAndWithinAThousandthAbove() {
    for (int value = 0; value < 2_048; value++) {
      assertThat(Code.of(value)).isEqualTo(value);
    }
    assertThat(Code.highest(Code.of(1_000_000)) - Code.lowest(Code.of(1_000_000)))
        .isLessThan(1_000);
  }

  @Test
  void everyCodeStandsForNumbersOfItsOwn() {
    for (int code = 0; code <= Code.MAX; code++) {
      assertThat(Code.of(Code.lowest(code))).isEqualTo(code);
      assertThat(Code.of(Code.highest(code))).isEqualTo(code);
    }
    assertThat(Code.highest(Code.MAX)).isEqualTo(Long.MAX_VALUE);
    assertThat(Code.MAX).isLessThan(1 << 16);
  }

  @Test
  void refusesWhatIsBelowZero() {
    assertThatThrownBy(() -> Code.of(-1)).hasMessageContaining("below 0");
  }
}
