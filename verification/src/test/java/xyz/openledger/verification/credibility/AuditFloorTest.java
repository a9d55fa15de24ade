package xyz.openledger.verification.credibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AuditFloorTest {
  private static final int ROUNDS = 400;
  private static final int TASKS = 10_000_000;

  private final long seed = Long.getLong("seed", Long.getLong("run.seed", 7));

  @Test
  void isAboutOnePercentForAStakeOfAHundredRewards() {
    var floor = new AuditFloor(1_000, 800, 0, 100_000, 0.1, 1);

    assertThat(floor.probability()).isCloseTo(0.0088, within(0.0001));
  }

  /**
   * Agents that look which of lying and honesty earned more in the last rounds, and go over to it
   * one in ten at a time; one in a thousand tries the other. A tenth above the rate nearly nobody
   * lies in the end, well below it many do.
   */
  @Test
  void turnsAgentsThatLookAfterThemselvesHonestAboveItAndNotBelow() {
    assertThat(liars(1.1)).isLessThan(0.005);
    assertThat(liars(0.7)).isGreaterThan(0.2);
  }

  private double liars(double ofFloor) {
    var random = new SplittableRandom(seed);
    var floor = new AuditFloor(1_000, 800, 0, 100_000, 0.1, 1);
    double caught = ofFloor * floor.probability() * (1 - 0.1);
    double share = 0.5;
    double lying = 0;
    double seen = 0;
    double late = 0;
    for (int round = 0; round < ROUNDS; round++) {
      double lies = share * TASKS;
      // So many draws that they are as good as normal.
      double found =
          lies * caught + Math.sqrt(lies * caught * (1 - caught)) * random.nextGaussian();
      lying += (lies - found) * floor.reward() - found * floor.stake();
      seen += lies;
      boolean liesPay = lying / seen > floor.reward() - floor.cost();
      // What was long ago counts for less.
      lying *= 0.99;
      seen *= 0.99;
      share += liesPay ? 0.1 * (1 - share) : -0.1 * share;
      share = Math.clamp(share, 0.001, 0.999);
      late += round >= ROUNDS / 2 ? share / (ROUNDS / 2.0) : 0;
    }
    return late;
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
