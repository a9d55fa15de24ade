package xyz.openledger.verification.credibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AuditFloorTest {
  private final long seed = Long.getLong("seed", Long.getLong("run.seed", 7));

  @Test
  void isAboutOnePercentForAStakeOfAHundredRewards() {
    var floor = new AuditFloor(1_000, 800, 0, 100_000, 0.1, 1);

    assertThat(floor.probability()).isCloseTo(0.0088, within(0.0001));
  }

  @Test
  void partsThoseWhomLyingPaysFromThoseWhomItCosts() {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 10_000; i++) {
      long reward = random.nextLong(1, 1_000_000);
      var floor =
          new AuditFloor(
              reward,
              random.nextLong(1, reward + 1),
              random.nextLong(0, 1_000_000),
              random.nextLong(0, 100_000_000),
              random.nextDouble(0, 0.9),
              random.nextInt(1, 4));
      double at = floor.probability();
      if (at < 1) {
        assertThat(floor.advantageOfLying(Math.min(1, at * 1.1))).as("seed %d", seed).isNegative();
        assertThat(floor.advantageOfLying(at * 0.9)).as("seed %d", seed).isPositive();
      }
    }
  }
}
