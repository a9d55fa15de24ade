package xyz.openledger.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.pools.World.cheapest;
import static xyz.openledger.pools.World.node;
import static xyz.openledger.pools.World.policy;
import static xyz.openledger.pools.World.request;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.PoolId;

class PoolRouterTest {
  private final PoolSummary clean =
      summary(
          "clean",
          0,
          node("ada", "ada", "eu", 30, 2_000_000, 9_000, 4),
          node("bob", "bob", "eu", 40, 2_500_000, 8_000, 4));
  private final PoolSummary cheap =
      summary(
          "cheap",
          0,
          node("cy", "cy", "us", 500, 500_000, 5_000, 4),
          node("dan", "dan", "us", 600, 600_000, 4_000, 4));

  @ParameterizedTest
  @CsvSource({"100,0,0,0,cheap", "0,0,100,0,clean", "0,0,0,100,clean", "50,0,10,0,cheap"})
  void choosesThePoolThatDoesBestWhatThePolicyWeighs(
      int cost, int latency, int reliability, int carbon, String best) {
    var weights = new Policy.Weights(cost, latency, reliability, carbon);

    assertThat(ranked(policy(weights, World.anything(), 2))).first().isEqualTo(best);
  }

  @Test
  void prefersTheOtherPoolOnceTheQueueOfTheBestIsLong() {
    var crowded = summary("crowded", 10_000, node("eve", "eve", "us", 1, 450_000, 1, 0));

    assertThat(PoolRouter.rank(request(1, cheapest(1)), List.of(crowded, cheap)))
        .isInstanceOfSatisfying(
            Route.Ranked.class,
            route -> {
              assertThat(route.pools())
                  .extracting(Route.Choice::name)
                  .containsExactly("cheap", "crowded");
              assertThat(route.pools().getLast().backlog()).isEqualTo(4_996);
            });
  }

  @Test
  void prefersThePoolThatHoldsTheInputsTheMoreTheLongerTheyAre() {
    Digest input = Digest.of(new byte[] {1});
    var near = request(1, cheapest(1)).near(new Affinity(List.of(input), Set.of()));
    var dearer =
        summary("dearer", 0, node("eve", "eve", "us", 500, 520_000, 5_000, 4))
            .holding(HeldBlobs.of(Map.of(input.first(), 1)));
    List<PoolSummary> pools = List.of(cheap, clean, dearer);

    assertThat(first(PoolRouter.rank(near, pools, _ -> 1L << 10)).name()).isEqualTo("cheap");
    Route.Choice chosen = first(PoolRouter.rank(near, pools, _ -> 100L << 20));
    assertThat(chosen.name()).isEqualTo("dearer");
    assertThat(chosen.holds()).isEqualTo("holds 104.8 MB of 104.8 MB");
    assertThat(first(PoolRouter.rank(near, pools)).name())
        .as("of unknown length")
        .isEqualTo("cheap");
  }

  private static Route.Choice first(Route route) {
    return ((Route.Ranked) route).pools().getFirst();
  }

  @Test
  void putsLastThePoolsWhoseNodesMustEarnTheirReputationFirst() {
    var limits = new Policy.Limits(World.GIGAFUEL, 60_000, List.of(), null, 6_000);

    assertThat(ranked(policy(new Policy.Weights(100, 0, 0, 0), limits, 2)))
        .containsExactly("clean", "cheap");
  }

  @Test
  void saysByClauseWhyNoPoolCanEverServeAJob() {
    var limits = new Policy.Limits(World.GIGAFUEL, 60_000, List.of("eu"), 20, 0);
    var job = request(1, policy(new Policy.Weights(100, 0, 0, 0), limits, 3));
    var empty = PoolSummary.of(pool("empty"), Roster.EMPTY, 0);

    assertThat(PoolRouter.rank(job, List.of(clean, cheap, empty)))
        .isInstanceOfSatisfying(
            Route.Unsatisfiable.class,
            route -> {
              assertThat(route.counts())
                  .isEqualTo(Map.of(Clause.OWNER, 3, Clause.REGION, 1, Clause.CARBON, 2));
              assertThat(route.detail())
                  .isEqualTo(
                      "of 3 pools, none can serve this: region fails in 1, carbon fails in 2,"
                          + " owner fails in 3");
              assertThat(route.refused().getFirst().objections())
                  .contains(
                      new Route.Objection(
                          Clause.CARBON, "cleanest grid at 30 g CO2/kWh, policy allows 20"));
            });
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void neverRefusesAPoolThatCouldPlaceTheJob(long seed) {
    var random = new SplittableRandom(seed);
    var matcher = new Matcher(PoolTerms.DEFAULT, World.SECRET);
    for (int i = 0; i < 500; i++) {
      var roster = World.roster(random, random.nextInt(0, 12));
      var request = World.request(random);
      var placement = matcher.place(request, roster, request.agreement());

      var route = PoolRouter.rank(request, List.of(PoolSummary.of(pool("drawn"), roster, 0)));

      if (!placement.hopeless()) {
        assertThat(route).isInstanceOf(Route.Ranked.class);
      }
    }
  }

  private List<String> ranked(Policy policy) {
    return PoolRouter.rank(request(1, policy), List.of(clean, cheap)) instanceof Route.Ranked route
        ? route.pools().stream().map(Route.Choice::name).toList()
        : List.of();
  }

  private static PoolSummary summary(String name, int queued, Node... nodes) {
    return PoolSummary.of(pool(name), Roster.of(List.of(nodes)), queued);
  }

  private static Pool pool(String name) {
    return new Pool(PoolId.of("olga", name), name, "olga", PoolTerms.DEFAULT);
  }
}
