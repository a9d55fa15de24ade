package xyz.openledger.protocol.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BackoffTest {
  @Test
  void staysWithinItsBoundsForAnyAttempt() {
    var random = new SplittableRandom(7);
    var backoff = Backoff.DEFAULT;
    for (int i = 0; i < 10_000; i++) {
      int attempt = random.nextInt(1, 1_000);
      long asked = random.nextLong(-10, Long.MAX_VALUE);

      long delay = backoff.delayMillis(attempt, asked, random.nextDouble());

      assertThat(delay).isBetween(50L, backoff.askedMaxMillis());
    }
  }

  @Test
  void waitsTwiceAsLongEachTimeUntilItsLongest() {
    var backoff = new Backoff(100, 300, 0);

    assertThat(backoff.delayMillis(1, 0, 0.9999)).isEqualTo(99);
    assertThat(backoff.delayMillis(2, 0, 0)).isEqualTo(100);
    assertThat(backoff.delayMillis(9, 0, 0)).isEqualTo(150);
  }

  @Test
  void waitsAsLongAsItIsAskedTo() {
    assertThat(Backoff.DEFAULT.delayMillis(1, 3, 0)).isEqualTo(3_000);
  }
}
