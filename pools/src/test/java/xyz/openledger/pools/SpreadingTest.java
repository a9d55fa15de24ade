package xyz.openledger.pools;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.protocol.Policy;

class SpreadingTest {
  private final Matcher matcher = new Matcher(new PoolTerms(0, 0, 10), World.SECRET);

  @Test
  void prefersAnotherRegionAndSharesOneWhereThereIsNone() {
    var roster = Roster.of(List.of(in("ada", "eu", ""), in("bob", "eu", ""), in("cyd", "us", "")));

    var placement = matcher.place(request(Policy.Spread.By.REGION, false, 3), roster, 3);

    assertThat(placement.chosen().subList(0, 2))
        .extracting(Node::region)
        .containsExactlyInAnyOrder("eu", "us");
    assertThat(placement.complete()).isTrue();
    assertThat(placement.explanation().choices().getLast())
        .contains("; region eu, shared with another replica");
  }

  @Test
  void ratherWaitsThanSharesWhereItIsRequired() {
    var roster = Roster.of(List.of(in("ada", "eu", "rack 1"), in("bob", "us", "rack 1")));

    var placement = matcher.place(request(Policy.Spread.By.FAILURE_DOMAIN, true, 2), roster, 2);

    assertThat(placement.chosen()).hasSize(1);
    var one = placement.chosen().getFirst();
    var next =
        matcher.place(request(Policy.Spread.By.FAILURE_DOMAIN, true, 2).after(one), roster, 1);
    assertThat(next.chosen()).isEmpty();
    assertThat(next.explanation().waiting()).contains("1 removed by spread for now");
    assertThat(
            Spreading.shortfall(request(Policy.Spread.By.FAILURE_DOMAIN, true, 2), roster.nodes()))
        .contains(
            "spread: 2 replicas must be apart by failure domain, and the nodes that may run it are"
                + " in 1");
  }

  static Stream<Long> seeds() {
    Long seed = Long.getLong("seed");
    return seed == null ? new SplittableRandom(382).longs(200).boxed() : Stream.of(seed);
  }

  /** Placed at once or one by one, no two replicas share a region if they must not. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void keepsAllReplicasApart(long seed) {
    var random = new SplittableRandom(seed);
    var roster = World.roster(random, random.nextInt(1, 40));
    var request = request(Policy.Spread.By.REGION, true, 4);
    var regions = new HashSet<String>();
    for (int left = 4; left > 0; ) {
      var placement = matcher.place(request, roster, random.nextInt(1, left + 1));
      if (placement.chosen().isEmpty()) {
        break;
      }
      for (Node node : placement.chosen()) {
        assertThat(regions.add(node.region())).as(node.region()).isTrue();
        request = request.after(node);
        left--;
      }
    }
  }

  private static Request request(Policy.Spread.By by, boolean required, int agreement) {
    Policy plain = World.cheapest(agreement);
    return new Request(
        World.task(1),
        0,
        new Policy(
            plain.objective(),
            plain.limits(),
            plain.verification(),
            null,
            null,
            null,
            null,
            null,
            new Policy.Spread(by, required)),
        1_000,
        64L * World.MIB,
        Set.of(),
        Set.of(),
        10_000_000);
  }

  private static Node in(String name, String region, String failureDomain) {
    Node node = World.node(name, name, region, 200, 1_000_000, 5_000, 4);
    return new Node(
        node.id(),
        node.owner(),
        node.pool(),
        region,
        200,
        node.priceNanoOpenPerGigafuel(),
        node.fuelPerCpuSecond(),
        node.roundTripMicros(),
        node.memoryMaxBytesPerSlot(),
        4,
        8,
        5_000,
        1,
        true,
        new Traits(
            Map.of(Spreading.FAILURE_DOMAIN_LABEL, failureDomain),
            "",
            "",
            "",
            0,
            0,
            0,
            List.of(),
            0));
  }
}
