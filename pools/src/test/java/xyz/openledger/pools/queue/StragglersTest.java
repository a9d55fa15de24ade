package xyz.openledger.pools.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StragglersTest {
  private static final WorkloadClass SMALL = WorkloadClass.of(1 << 20, 1 << 20);

  private final Stragglers stragglers = new Stragglers();

  @Test
  void takesThreeTimesTheForetoldForLateUntilItKnowsBetter() {
    assertThat(stragglers.hedge(SMALL, 1_000, 3_000, false)).isFalse();
    assertThat(stragglers.hedge(SMALL, 1_000, 3_001, false)).isTrue();
  }

  @Test
  void learnsWhatIsLateFromTheClass() {
    var random = new SplittableRandom(5);
    for (int i = 0; i < 1_000; i++) {
      stragglers.brought(SMALL, 1_000, random.nextInt(100) < 98 ? 700 : 1_990);
    }

    assertThat(stragglers.lateMillis(SMALL, 1_000)).isEqualTo(2_000);
    assertThat(stragglers.lateMillis(WorkloadClass.of(1L << 40, 1), 1_000)).isEqualTo(3_000);
  }

  @Test
  void hedgesATaskOnceAndOneLeaseInTwenty() {
    assertThat(stragglers.hedge(SMALL, 1_000, 90_000, true)).isFalse();
    int hedged = 0;
    for (int i = 0; i < 2_000; i++) {
      stragglers.leased();
      hedged += stragglers.hedge(SMALL, 1_000, 90_000, false) ? 1 : 0;
    }

    assertThat(hedged).isBetween(100, 110);
  }

  @Test
  void extrasStayAPartOfWhatIsRegular() {
    var retries = new Allowance(2_000, 3);
    int taken = 0;
    for (int i = 0; i < 1_000; i++) {
      retries.earn();
      while (retries.take()) {
        taken++;
      }
    }

    assertThat(taken).isBetween(200, 203);
  }
}
