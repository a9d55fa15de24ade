package xyz.openledger.verification.credibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContributionWeightTest {
  private final long seed = Long.getLong("seed", Long.getLong("run.seed", 7));

  /** How many machines of a score must agree, for a trust: the published contract's answers. */
  @ParameterizedTest
  @CsvSource({
    "10, 0, 4",
    "10, 12, 3",
    "10, 30, 2",
    "10, 300, 1",
    "10, 303, 1",
    "10, 3003, 1",
    "100, 0, 7",
    "100, 12, 5",
    "100, 30, 3",
    "100, 300, 2",
    "100, 303, 1",
    "100, 3003, 1",
    "1000, 0, 10",
    "1000, 12, 7",
    "1000, 30, 4",
    "1000, 300, 2",
    "1000, 303, 2",
    "1000, 3003, 1",
    "100000, 0, 17",
    "100000, 12, 11",
    "100000, 30, 6",
    "100000, 300, 3",
    "100000, 303, 3",
    "100000, 3003, 2"
  })
  void takesAsManyMachinesAsTheKnownVectorsSay(long trust, long score, int machines) {
    assertThat(consensus(trust, score, machines)).isTrue();
    assertThat(consensus(trust, score, machines - 1)).isFalse();
  }

  private static boolean consensus(long trust, long score, int machines) {
    long weight = ContributionWeight.ofGroup(Collections.nCopies(machines, score));
    return ContributionWeight.consensus(weight, List.of(weight), trust);
  }

  @Test
  void agreesWithTheContractsOwnBookkeepingOnRandomHistories() {
    var random = new SplittableRandom(seed);
    for (int history = 0; history < 10_000; history++) {
      List<List<Long>> groups = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        groups.add(new ArrayList<>());
      }
      var told = new Contract();
      int machines = random.nextInt(1, 8);
      for (int i = 0; i < machines; i++) {
        int group = random.nextInt(3);
        long score = random.nextLong(0, 400);
        groups.get(group).add(score);
        told.contributes(group, score);
      }
      long trust = random.nextLong(1, 1_000);
      List<Long> weights = groups.stream().map(ContributionWeight::ofGroup).toList();
      for (int i = 0; i < 3; i++) {
        assertThat(ContributionWeight.consensus(weights.get(i), weights, trust))
            .as("seed %d, history %d", seed, history)
            .isEqualTo(told.consensus(i, trust));
      }
    }
  }

  /** The rule told again as increments of a running total, without bounds. */
  private static final class Contract {
    private final BigInteger[] groups = {BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO};
    private BigInteger total = BigInteger.ONE;

    void contributes(int group, long score) {
      var weight = BigInteger.valueOf(Math.max(score / 3, 3) - 1);
      var delta = groups[group].max(BigInteger.ONE).multiply(weight).subtract(groups[group]);
      groups[group] = groups[group].add(delta);
      total = total.add(delta);
    }

    boolean consensus(int group, long trust) {
      return groups[group]
              .multiply(BigInteger.valueOf(trust))
              .compareTo(total.multiply(BigInteger.valueOf(trust - 1)))
          > 0;
    }
  }

  @Test
  void neverOverflowsWhateverTheScores() {
    long most = ContributionWeight.ofGroup(Collections.nCopies(15, Long.MAX_VALUE));

    assertThat(ContributionWeight.consensus(most, Collections.nCopies(15, most), 1_000_000))
        .isFalse();
    assertThat(ContributionWeight.consensus(most, List.of(most), 1_000_000)).isTrue();
  }
}
