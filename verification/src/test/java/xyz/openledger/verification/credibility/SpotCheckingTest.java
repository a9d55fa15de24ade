package xyz.openledger.verification.credibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpotCheckingTest {
  private static final int MACHINES = Boolean.getBoolean("thorough") ? 20_000 : 5_000;

  private static final long STATED = 7;

  private final long seed = Long.getLong("seed", Long.getLong("run.seed", STATED));
  private final int deviations = seed == STATED ? 3 : 5;

  @ParameterizedTest
  @CsvSource({
    "0.1, 100, 0.2, 0.099, 0.00838, 0.00920", "0.1, 100, 0.5, 0.099, 0.02672, 0.03679",
    "0.05, 50, 0.35, 0.392, 0.06537, 0.07924", "0.1, 20, 0.2, 0.476, 0.04100, 0.04598"
  })
  void hasTheKnownErrorsAndBounds(
      double rate, int results, double saboteurs, double errorRate, double error, double bound) {
    var checking = new SpotChecking(rate, results, saboteurs);

    assertThat(checking.error(errorRate)).isCloseTo(error, within(0.00005));
    assertThat(checking.bound()).isCloseTo(bound, within(0.00005));
    assertThat(checking.error(checking.worstErrorRate())).isLessThan(checking.bound());
  }

  @ParameterizedTest
  @CsvSource({"0.1, 100, 0.2", "0.1, 100, 0.5", "0.05, 50, 0.35", "0.1, 20, 0.2"})
  void agreesWithMachinesThatAreChecked(double rate, int results, double saboteurs) {
    var checking = new SpotChecking(rate, results, saboteurs);
    double errorRate = checking.worstErrorRate();
    var random = new SplittableRandom(seed);
    long believed = 0;
    long wrong = 0;
    for (int machine = 0; machine < MACHINES; machine++) {
      boolean liar = random.nextDouble() < saboteurs;
      int lies = 0;
      boolean caught = false;
      for (int task = 0; task < results && !caught; task++) {
        boolean lie = liar && random.nextDouble() < errorRate;
        caught = lie && random.nextDouble() < rate;
        lies += lie ? 1 : 0;
      }
      if (!caught) {
        believed += results;
        wrong += lies;
      }
    }
    // The published form lets lies that went unchecked be as frequent as before the checks; among
    // results that were not caught they are rarer by this.
    double unseen = (1 - rate) / (1 - rate * errorRate);
    double expected = checking.error(errorRate) * unseen;
    // Lies of one machine come together, so machines are what is counted, not tasks.
    double lies = errorRate * unseen;
    double left = saboteurs * Math.pow(1 - rate * errorRate, results);
    double deviation =
        Math.sqrt(left * (lies * lies + lies / results) / MACHINES) / (1 - saboteurs + left);
    assertThat((double) wrong / believed).isLessThan(checking.bound() + 3 * deviation);
    assertThat((double) wrong / believed).isCloseTo(expected, within(deviations * deviation));
  }
}
