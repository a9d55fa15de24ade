package xyz.openledger.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.pools.World.cheapest;
import static xyz.openledger.pools.World.node;
import static xyz.openledger.pools.World.nodeId;
import static xyz.openledger.pools.World.owner;
import static xyz.openledger.pools.World.policy;
import static xyz.openledger.pools.World.priced;
import static xyz.openledger.pools.World.request;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Policy;

class ScoresTest {
  private final Request request = request(1, cheapest(1));

  @Test
  void twiceThePriceScoresHalf() {
    var cost = new Scores.Cost();
    var field = field(priced("ada", 999_999), priced("bob", 1_999_999));

    assertThat(cost.of(request, priced("ada", 999_999), field)).isEqualTo(10_000);
    assertThat(cost.of(request, priced("bob", 1_999_999), field)).isEqualTo(5_000);
  }

  @Test
  void whatCostsNothingScoresBestAndTheRestCanBeCompared() {
    var cost = new Scores.Cost();
    var field = field(priced("ada", 0), priced("bob", 9));

    assertThat(cost.of(request, priced("ada", 0), field)).isEqualTo(10_000);
    assertThat(cost.of(request, priced("bob", 9), field)).isEqualTo(1_000);
  }

  @Test
  void twiceTheTimeScoresHalf() {
    var latency = new Scores.Latency();
    var field = field(timed("ada", 1_000_000_000, 0), timed("bob", 500_000_000, 0));

    assertThat(latency.of(request, timed("ada", 1_000_000_000, 0), field)).isEqualTo(10_000);
    assertThat(latency.of(request, timed("bob", 500_000_000, 1), field)).isEqualTo(5_000);
    assertThat(timed("bob", 300_000_000, 7).durationMicros(1_000_000_000)).isEqualTo(3_333_340);
  }

  @Test
  void theDearestAndSlowestOfAllStaysInRange() {
    var request =
        new Request(
            World.task(1),
            0,
            cheapest(1),
            10_000_000_000_000L,
            1,
            Set.of(),
            Set.of(),
            Long.MAX_VALUE);
    var worst =
        new Node(
            nodeId("w"),
            owner("w"),
            World.POOL,
            "eu",
            100_000,
            100_000_000_000_000L,
            100_000,
            Integer.MAX_VALUE,
            1,
            1,
            1,
            0,
            0,
            true,
            Traits.UNKNOWN);
    var field = Score.Field.of(request, List.of(worst));

    assertThat(new Scores.Cost().of(request, worst, field)).isEqualTo(10_000);
    assertThat(new Scores.Latency().of(request, worst, field)).isEqualTo(10_000);
    assertThat(new Scores.Carbon().of(request, worst, field)).isZero();
    assertThat(Matcher.objection(request, worst)).isEmpty();
  }

  @Test
  void theTotalIsTheMeanWeightedByThePolicy() {
    var weighed = request(1, policy(new Policy.Weights(30, 0, 10, 60), World.anything(), 1));
    var ada = node("ada", "ada", "eu", 300, 999, 5_000, 1);
    var field = field(ada, priced("bob", 499));

    // (30 × 5,000 + 10 × 5,000 + 60 × 7,000) / 100
    assertThat(Scores.total(weighed, ada, field)).isEqualTo(6_200);
    assertThat(Scores.parts(weighed, ada, field))
        .containsExactly(
            new Explanation.Part("cost", 5_000, 30),
            new Explanation.Part("reliability", 5_000, 10),
            new Explanation.Part("carbon", 7_000, 60));
  }

  @Test
  void anUndeclaredGridCountsAsTheDirtiest() {
    var silent = node("silent", "silent", "eu", 0, 999, 5_000, 1);
    var lignite = node("lignite", "lignite", "eu", 1_000, 999, 5_000, 1);
    var hydro = node("hydro", "hydro", "eu", 24, 999, 5_000, 1);
    var field = field(silent, lignite, hydro);

    assertThat(new Scores.Carbon().of(request, silent, field))
        .isEqualTo(new Scores.Carbon().of(request, lignite, field))
        .isLessThan(new Scores.Carbon().of(request, hydro, field));
  }

  private Score.Field field(Node... nodes) {
    return Score.Field.of(request, List.of(nodes));
  }

  private static Node timed(String name, long fuelPerCpuSecond, int roundTripMicros) {
    return new Node(
        nodeId(name),
        owner(name),
        World.POOL,
        "eu",
        1,
        1,
        fuelPerCpuSecond,
        roundTripMicros,
        1,
        1,
        1,
        5_000,
        1,
        true,
        Traits.UNKNOWN);
  }
}
