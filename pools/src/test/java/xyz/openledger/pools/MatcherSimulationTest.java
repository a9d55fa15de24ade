package xyz.openledger.pools;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.protocol.Address;

/** Draws pools and requests from a seed and holds each placement against the rule, restated. */
class MatcherSimulationTest {
  private static final int DRAWS = 400;

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyPlacementKeepsItsPolicyAndLeavesNoFitOwnerUnasked(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < DRAWS; i++) {
      var roster = World.roster(random, random.nextInt(0, 60));
      var request = World.request(random);
      int count = random.nextInt(1, 5);

      var placement = new Matcher(PoolTerms.DEFAULT, World.SECRET).place(request, roster, count);

      var fit = roster.nodes().stream().filter(node -> mayRun(request, node)).toList();
      assertThat(fit).containsAll(placement.chosen());
      assertThat(owners(placement.chosen())).hasSameSizeAs(placement.chosen());
      assertThat(placement.chosen()).hasSize(Math.min(count, owners(fit).size()));
      checkExplanation(roster, fit, count, placement);
      checkHope(request, roster, count, placement);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyNodeChosenIsWithinTheMarginOfTheBestThatWasLeft(long seed) {
    var random = new SplittableRandom(seed);
    int margin = random.nextInt(0, 1_000);
    var matcher = new Matcher(new PoolTerms(margin, 0, 10), World.SECRET);
    for (int i = 0; i < DRAWS; i++) {
      var roster = World.roster(random, random.nextInt(1, 60));
      var request = World.request(random);
      var placement = matcher.place(request, roster, 3);
      var left =
          new ArrayList<>(roster.nodes().stream().filter(node -> mayRun(request, node)).toList());
      var all = List.copyOf(left);
      for (var chosen : placement.explanation().chosen()) {
        int best = left.stream().mapToInt(node -> score(request, node, all)).max().orElseThrow();
        long eligible =
            left.stream().filter(node -> score(request, node, all) >= best - margin).count();

        assertThat(chosen.score()).isGreaterThanOrEqualTo(best - margin);
        assertThat((long) chosen.eligible()).isEqualTo(eligible);
        left.removeIf(node -> node.owner().equals(chosen.owner()));
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void theOrderInWhichNodesJoinedDoesNotMatter(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < DRAWS; i++) {
      var roster = World.roster(random, 30);
      var request = World.request(random);
      var shuffled = new ArrayList<>(roster.nodes());
      Collections.shuffle(shuffled, new Random(random.nextLong()));
      var joined = Roster.EMPTY;
      for (Node node : shuffled) {
        joined = joined.with(node.withFreeSlots(0)).with(node);
      }
      var matcher = new Matcher(PoolTerms.DEFAULT, World.SECRET);

      assertThat(matcher.place(request, joined, 2)).isEqualTo(matcher.place(request, roster, 2));
    }
  }

  private static void checkExplanation(
      Roster roster, List<Node> fit, int count, Placement placement) {
    var explanation = placement.explanation();
    int removed = explanation.removed().stream().mapToInt(r -> r.never() + r.notYet()).sum();
    assertThat(explanation.nodes()).isEqualTo(roster.nodes().size());
    assertThat(explanation.feasible()).isEqualTo(fit.size());
    assertThat(explanation.feasible() + removed).isEqualTo(explanation.nodes());
    assertThat(explanation.missing()).isEqualTo(count - placement.chosen().size());
    assertThat(explanation.chosen())
        .extracting(Explanation.Chosen::node)
        .isEqualTo(placement.chosen().stream().map(Node::id).toList());
  }

  private static void checkHope(Request request, Roster roster, int count, Placement placement) {
    var possible = roster.nodes().stream().filter(node -> mayEverRun(request, node)).toList();
    assertThat(placement.hopeless())
        .isEqualTo(placement.chosen().size() < count && owners(possible).size() < count);
  }

  private static boolean mayRun(Request request, Node node) {
    return mayEverRun(request, node)
        && !request.ownersExcluded().contains(node.owner())
        && node.reputation() >= request.policy().limits().reputationMin()
        && node.accepting()
        && node.freeSlots() > 0;
  }

  private static boolean mayEverRun(Request request, Node node) {
    var limits = request.policy().limits();
    var carbonMax = limits.carbonGramsPerKwhMax();
    var priceMax =
        BigInteger.valueOf(request.budgetNanoOpen()).multiply(BigInteger.valueOf(1_000_000_000));
    var price =
        BigInteger.valueOf(request.fuelMax())
            .multiply(BigInteger.valueOf(node.priceNanoOpenPerGigafuel()));
    return (limits.regions().isEmpty() || limits.regions().contains(node.region()))
        && (carbonMax == null || carbon(node) <= carbonMax)
        && node.memoryMaxBytesPerSlot() >= request.memoryMaxBytes()
        && price.compareTo(priceMax) <= 0
        && !request.nodesExcluded().contains(node.id());
  }

  /** The weighted mean, as the documentation of the scores tells it. */
  private static int score(Request request, Node node, List<Node> fit) {
    var weights = request.policy().objective().weights();
    long cheapest = fit.stream().mapToLong(Node::priceNanoOpenPerGigafuel).min().orElseThrow();
    long fastest = fit.stream().mapToLong(n -> micros(request, n)).min().orElseThrow();
    long cost = (cheapest + 1) * 10_000 / (node.priceNanoOpenPerGigafuel() + 1);
    long latency = (fastest + 1) * 10_000 / (micros(request, node) + 1);
    long carbon = 10_000 - 10L * Math.min(1_000, carbon(node));
    return (int)
        ((weights.cost() * cost
                + weights.latency() * latency
                + (long) weights.reliability() * node.reputation()
                + weights.carbon() * carbon)
            / (weights.cost() + weights.latency() + weights.reliability() + weights.carbon()));
  }

  private static long micros(Request request, Node node) {
    return BigInteger.valueOf(request.fuelMax())
            .multiply(BigInteger.valueOf(1_000_000))
            .divide(BigInteger.valueOf(node.fuelPerCpuSecond()))
            .longValueExact()
        + node.roundTripMicros();
  }

  private static Set<Address> owners(List<Node> nodes) {
    return new HashSet<>(nodes.stream().map(Node::owner).toList());
  }

  /** Three seeds, and a hundred if it is to be thorough. */
  static LongStream seeds() {
    return LongStream.rangeClosed(1, Boolean.getBoolean("thorough") ? 100 : 3);
  }

  /** What is not declared is taken for the worst. */
  private static int carbon(Node node) {
    return node.carbonGramsPerKwh() == 0 ? Integer.MAX_VALUE : node.carbonGramsPerKwh();
  }
}
