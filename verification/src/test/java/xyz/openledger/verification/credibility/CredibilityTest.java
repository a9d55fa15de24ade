package xyz.openledger.verification.credibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CredibilityTest {
  private final long seed = Long.getLong("seed", Long.getLong("run.seed", 7));

  @Test
  void believesAMachineMoreTheMoreChecksItPassed() {
    assertThat(Credibility.ofMachine(0.2, 0)).isEqualTo(0.8);
    assertThat(Credibility.ofMachine(0.2, 1)).isEqualTo(0.8);
    assertThat(Credibility.ofMachine(0.2, 20)).isEqualTo(0.99);
    assertThat(Credibility.ofMachine(0.2, Long.MAX_VALUE)).isEqualTo(Credibility.MAX);
  }

  @Test
  void isWhatBayesRuleSaysOfGroupsOfWhichOneAtMostIsRight() {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 10_000; i++) {
      List<List<Double>> groups = new ArrayList<>();
      int count = random.nextInt(1, 5);
      for (int g = 0; g < count; g++) {
        List<Double> members = new ArrayList<>();
        int size = random.nextInt(1, 5);
        for (int m = 0; m < size; m++) {
          members.add(random.nextDouble(0.05, 0.999));
        }
        groups.add(members);
      }
      List<Double> weights = groups.stream().map(Credibility::weight).toList();
      for (int g = 0; g < count; g++) {
        assertThat(Credibility.ofGroup(weights.get(g), weights))
            .as("seed %d", seed)
            .isCloseTo(bayes(groups, g), within(1e-9));
      }
    }
  }

  /** P(group right, others wrong) over P(at most one right), by counting all of it out. */
  private static double bayes(List<List<Double>> groups, int which) {
    double none = 1;
    for (List<Double> group : groups) {
      none *= wrong(group);
    }
    double all = none;
    double one = 0;
    for (int g = 0; g < groups.size(); g++) {
      double only = right(groups.get(g));
      for (int other = 0; other < groups.size(); other++) {
        only *= other == g ? 1 : wrong(groups.get(other));
      }
      all += only;
      one = g == which ? only : one;
    }
    return one / all;
  }

  private static double right(List<Double> group) {
    return group.stream().reduce(1.0, (left, c) -> left * c);
  }

  private static double wrong(List<Double> group) {
    return group.stream().reduce(1.0, (left, c) -> left * (1 - c));
  }

  @Test
  void staysANumberForGroupsThatOutweighEverything() {
    assertThat(Credibility.ofGroup(Double.POSITIVE_INFINITY, List.of(Double.POSITIVE_INFINITY)))
        .isEqualTo(Credibility.MAX);
    assertThat(Credibility.ofGroup(1, List.of(1.0, Double.POSITIVE_INFINITY))).isZero();
  }
}
