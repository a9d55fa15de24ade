package xyz.openledger.verification.credibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MajorityVotingTest {
  private static final int VOTES = Boolean.getBoolean("thorough") ? 4_000_000 : 400_000;

  private static final long STATED = 7;

  private final long seed = Long.getLong("seed", Long.getLong("run.seed", STATED));

  /** Of so many cells one lies beyond three deviations in every tenth draw or so. */
  private final int deviations = seed == STATED ? 3 : 5;

  @ParameterizedTest
  @CsvSource({
    "0.20, 2, 0.10400",
    "0.20, 3, 0.05792",
    "0.35, 2, 0.28175",
    "0.35, 3, 0.23517",
    "0.05, 2, 0.00725",
    "0.05, 3, 0.00116"
  })
  void hasTheKnownErrors(double wrong, int m, double error) {
    assertThat(MajorityVoting.error(wrong, m)).isCloseTo(error, within(0.00001));
  }

  @ParameterizedTest
  @CsvSource({
    "0.20, 2, 2.320",
    "0.20, 3, 3.633",
    "0.35, 2, 2.455",
    "0.35, 3, 3.992",
    "0.05, 2, 2.095"
  })
  void costsWhatWasMeasured(double wrong, int m, double copies) {
    assertThat(MajorityVoting.copies(wrong, m)).isCloseTo(copies, within(0.005));
  }

  @Test
  void costsLessThanTheUsualApproximationSinceLiarsEndVotesToo() {
    assertThat(MajorityVoting.copies(0.35, 2)).isLessThan(2 / (1 - 0.35));
    assertThat(MajorityVoting.copies(0, 3)).isEqualTo(3);
  }

  @ParameterizedTest(name = "f {0}, s {1}, m {2}")
  @MethodSource("grid")
  void agreesWithVotesThatAreHeld(double saboteurs, double errorRate, int m) {
    var random = new SplittableRandom(seed + m);
    double wrong = saboteurs * errorRate;
    long errors = 0;
    long copies = 0;
    long squares = 0;
    for (int vote = 0; vote < VOTES; vote++) {
      int right = 0;
      int lied = 0;
      while (right < m && lied < m) {
        boolean liar = random.nextDouble() < saboteurs;
        if (liar && random.nextDouble() < errorRate) {
          lied++;
        } else {
          right++;
        }
      }
      errors += lied == m ? 1 : 0;
      copies += right + lied;
      squares += (long) (right + lied) * (right + lied);
    }
    double error = MajorityVoting.error(wrong, m);
    double deviation = Math.sqrt(error * (1 - error) / VOTES);
    assertThat((double) errors / VOTES).isCloseTo(error, within(deviations * deviation));
    assertThat((double) copies / VOTES)
        .isCloseTo(
            MajorityVoting.copies(wrong, m), within(deviations * copiesDeviation(copies, squares)));
  }

  /** Of the mean. */
  private static double copiesDeviation(long copies, long squares) {
    double mean = (double) copies / VOTES;
    return Math.sqrt(((double) squares / VOTES - mean * mean) / VOTES);
  }

  static Stream<Arguments> grid() {
    return Stream.of(0.05, 0.2, 0.35)
        .flatMap(
            f ->
                Stream.of(0.05, 0.3, 1.0, 0.6)
                    .flatMap(s -> Stream.of(2, 3).map(m -> Arguments.of(f, s, m))));
  }
}
