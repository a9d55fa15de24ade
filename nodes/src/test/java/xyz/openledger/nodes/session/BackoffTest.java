package xyz.openledger.nodes.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
  private final SplittableRandom random = new SplittableRandom(1);

  @ParameterizedTest
  @CsvSource({"1, 200", "2, 400", "3, 800", "8, 25600", "9, 30000", "1000, 30000"})
  void doublesUpToItsMaximumAndTakesARandomHalfOff(int failures, long wholeMillis) {
    for (int i = 0; i < 200; i++) {
      assertThat(Backoff.DEFAULT.delay(failures, random).toMillis())
          .isBetween(wholeMillis / 2, wholeMillis);
    }
  }

  @Test
  void partsThoseWhoFailedTogether() {
    assertThat(random.ints(100).mapToObj(_ -> Backoff.DEFAULT.delay(6, random)).distinct().count())
        .isGreaterThan(50);
  }
}
