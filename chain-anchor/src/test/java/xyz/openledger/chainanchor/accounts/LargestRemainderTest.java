package xyz.openledger.chainanchor.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LargestRemainderTest {
  @Test
  void partsAddUpAndAreWithinOneOfTheirShare() {
    var random = new SplittableRandom(11);
    for (int i = 0; i < 5_000; i++) {
      long[] weights = random.longs(random.nextInt(1, 9), 0, 1L << random.nextInt(1, 60)).toArray();
      weights[0] += 1;
      long total = random.nextLong(1L << random.nextInt(1, 60));

      long[] parts = LargestRemainder.split(total, weights);

      assertThat(Arrays.stream(parts).sum()).isEqualTo(total);
      double sum = Arrays.stream(weights).mapToDouble(w -> w).sum();
      for (int p = 0; p < parts.length; p++) {
        double share = total * (weights[p] / sum);
        assertThat(Math.abs(parts[p] - share)).isLessThan(1 + share * 1e-9);
      }
    }
  }

  @Test
  void givesTheOddUnitToTheLargestRemainderAndThenToTheFirst() {
    assertThat(LargestRemainder.split(10, 1, 1, 1)).containsExactly(4, 3, 3);
    assertThat(LargestRemainder.split(10, 1, 2, 3)).containsExactly(2, 3, 5);
  }
}
