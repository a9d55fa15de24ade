package xyz.openledger.pools.governance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.protocol.Policy;

class FloorsTest {
  @ParameterizedTest(name = "{0} with floors {1} weighs {2}")
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          100 0 0 0,  0 0 0 20,  80 0 0 20
          0 0 0 7,    0 0 0 20,  0 0 0 7
          30 0 0 10,  0 0 0 25,  30 0 0 10
          50 50 0 0,  0 0 0 30,  35 35 0 30
          1 1 1 0,    0 0 0 1,   33 33 33 1
          100 0 0 0,  0 0 50 50, 0 0 50 50
          60 0 40 0,  0 0 30 40, 26 0 34 40
          """)
  void raisesToTheFloorsAndSharesTheRest(String said, String floors, String then) {
    int[] floor = numbers(floors);

    assertThat(
            new Floors(floor[0], floor[1], floor[2], floor[3])
                .raise(policy(numbers(said), null))
                .objective()
                .weights())
        .isEqualTo(weights(numbers(then)));
  }

  @Test
  void takesFromThePreferenceInOwnWordsAsFromTheOthers() {
    var own = new Policy.Preference("node.cores", 100);
    Policy raised = new Floors(0, 0, 0, 50).raise(policy(new int[] {100, 0, 0, 0}, own));

    assertThat(raised.objective().weights()).isEqualTo(new Policy.Weights(25, 0, 0, 50));
    assertThat(raised.prefer()).isEqualTo(new Policy.Preference("node.cores", 25));
    assertThat(new Floors(0, 0, 0, 100).raise(policy(new int[] {100, 0, 0, 0}, own)).prefer())
        .isNull();
  }

  @Test
  void leaveAllElseThatAPolicySays() {
    var said =
        new Policy(
            new Policy.Objective(weights(new int[] {100, 0, 0, 0})),
            policy(new int[] {100, 0, 0, 0}, null).limits(),
            policy(new int[] {100, 0, 0, 0}, null).verification(),
            null,
            "node.cores > 1",
            null,
            null,
            null,
            new Policy.Spread(Policy.Spread.By.REGION, true));

    assertThat(new Floors(0, 0, 0, 50).raise(said))
        .usingRecursiveComparison()
        .ignoringFields("objective")
        .isEqualTo(said);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void keepsEveryFloorAndNeverWeighsMoreThanAll(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 2_000; i++) {
      int[] said = new int[4];
      said[random.nextInt(4)] = 1;
      for (int j = 0; j < 4; j++) {
        said[j] = Math.min(100, said[j] + (random.nextBoolean() ? 0 : random.nextInt(100)));
      }
      var floors =
          new Floors(
              random.nextInt(26), random.nextInt(26), random.nextInt(26), random.nextInt(26));
      var prefer = random.nextBoolean() ? null : new Policy.Preference("1", random.nextInt(1, 101));
      Policy policy = policy(said, prefer);

      Policy raised = floors.raise(policy);

      Policy.Weights weights = raised.objective().weights();
      int own = raised.prefer() == null ? 0 : raised.prefer().weight();
      int sum = weights.cost() + weights.latency() + weights.reliability() + weights.carbon() + own;
      assertThat(weights.cost() * 100).isGreaterThanOrEqualTo(floors.cost() * sum);
      assertThat(weights.latency() * 100).isGreaterThanOrEqualTo(floors.latency() * sum);
      assertThat(weights.reliability() * 100).isGreaterThanOrEqualTo(floors.reliability() * sum);
      assertThat(weights.carbon() * 100).isGreaterThanOrEqualTo(floors.carbon() * sum);
      if (raised != policy) {
        assertThat(sum).isEqualTo(100);
        assertThat(floors.raise(raised)).isSameAs(raised);
      }
    }
  }

  private static Policy policy(int[] weights, Policy.@Nullable Preference prefer) {
    Policy plain = Specs.of(Map.of(), List.of(), 1).policy();
    return new Policy(
        new Policy.Objective(weights(weights)),
        plain.limits(),
        plain.verification(),
        null,
        null,
        prefer,
        null);
  }

  private static Policy.Weights weights(int[] of) {
    return new Policy.Weights(of[0], of[1], of[2], of[3]);
  }

  private static int[] numbers(String text) {
    return List.of(text.strip().split(" ")).stream().mapToInt(Integer::parseInt).toArray();
  }
}
