package xyz.openledger.pools;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;

/** A large cell that is asked something new reads a part of itself, and what it answers is good. */
class SampledMatchingTest {
  private static final int NODES = 20_000;
  private static final double REGRET_MAX = 0.05;
  private static final long GIGAFUEL = 1_000_000_000;

  private final Matcher matcher = new Matcher(new PoolTerms(0, 0, 10), World.SECRET);

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyNodeThatItNamesMayRunTheTaskAndIsNearlyAsGoodAsTheBest(long seed) {
    var random = new SplittableRandom(seed);
    var nodes = nodes(random);
    Roster roster = Roster.indexed(nodes);
    var regrets = new ArrayList<Double>();
    for (int i = 0; i < 25; i++) {
      var request = excluding(random, World.request(random), nodes);
      var feasible =
          roster.nodes().stream().filter(it -> Matcher.objection(request, it).isEmpty()).toList();
      var placement = matcher.place(request, roster, 2);

      assertThat(feasible).containsAll(placement.chosen());
      assertThat(placement.chosen().stream().map(Node::owner).distinct())
          .hasSameSizeAs(placement.chosen());
      var explanation = placement.explanation();
      assertThat(explanation.nodes()).isLessThanOrEqualTo(roster.size());
      assertThat(explanation.removed().stream().mapToInt(it -> it.never() + it.notYet()).sum())
          .isEqualTo(explanation.nodes() - explanation.feasible());
      if (!placement.chosen().isEmpty()) {
        regrets.add(regret(request, placement.chosen().getFirst(), feasible));
      }
      roster = changed(random, roster, placement.chosen());
    }
    assertThat(regrets).hasSizeGreaterThan(10);
    assertThat(regrets.stream().mapToDouble(it -> it).average().orElse(1))
        .isLessThanOrEqualTo(REGRET_MAX);
  }

  @Test
  void itReadsLessThanAllAndOfThatTellsWhatEachClauseRemoved() {
    var nodes = nodes(new SplittableRandom(3));
    var explanation =
        matcher.place(World.request(1, World.cheapest(1)), Roster.indexed(nodes), 1).explanation();

    assertThat(explanation.nodes()).isBetween(1, NODES - 1);
    assertThat(explanation.feasible()).isPositive();
  }

  @Test
  void whatIsAskedForOftenIsAnsweredFromAllOfIt() {
    var nodes = nodes(new SplittableRandom(4));
    var indexed = Roster.indexed(nodes);
    var policy = World.cheapest(1);
    for (int i = 0; i < Sampled.ASKED_MAX; i++) {
      matcher.place(World.request(i, policy), indexed, 1);
    }
    var request = World.request(1_000, policy);

    assertThat(matcher.place(request, indexed, 2))
        .isEqualTo(matcher.place(request, Roster.of(nodes), 2));
  }

  @Test
  void nodesNearALimitAreLookedAtWhereNoOthersAreLeft() {
    Roster roster = Roster.indexed(nodes(new SplittableRandom(6)));
    // Some hundred of 20,000 prices are as low, fewer than bitmaps tell from those above.
    var request = World.request(1, World.cheapest(1)).asking(World.cheapest(1), GIGAFUEL, 316_000);

    var placement = matcher.place(request, roster, 1);

    assertThat(placement.chosen())
        .hasSize(1)
        .allMatch(it -> Matcher.objection(request, it).isEmpty());
    assertThat(placement.explanation().nodes()).isLessThan(NODES);
  }

  @Test
  void whatFindsTooFewThereIsAnsweredFromAllOfIt() {
    var nodes =
        new ArrayList<>(
            nodes(new SplittableRandom(5)).stream().map(it -> it.withFreeSlots(0)).toList());
    nodes.set(17, nodes.get(17).withFreeSlots(1));
    var request = World.request(1, World.cheapest(1));
    var indexed = Roster.indexed(nodes);

    assertThat(matcher.place(request, indexed, 1))
        .isEqualTo(matcher.place(request, Roster.of(nodes), 1));
    assertThat(matcher.place(request, indexed, 2))
        .isEqualTo(matcher.place(request, Roster.of(nodes), 2));
  }

  private static List<Node> nodes(SplittableRandom random) {
    return IntStream.range(0, NODES).mapToObj(i -> node(random, i)).toList();
  }

  /** Prices and speeds over a factor of ten; who gives its work away is another matter. */
  private static Node node(SplittableRandom random, int number) {
    Node node = World.node(random, number);
    return new Node(
        node.id(),
        World.owner("o" + random.nextInt(NODES / 3)),
        node.pool(),
        node.region(),
        1 + random.nextInt(900),
        300_000 + random.nextLong(2_700_000),
        node.fuelPerCpuSecond(),
        node.roundTripMicros(),
        node.memoryMaxBytesPerSlot(),
        node.freeSlots(),
        node.slots(),
        node.reputation(),
        node.acceptedReplicas(),
        node.accepting(),
        node.traits());
  }

  private static Request excluding(SplittableRandom random, Request request, List<Node> nodes) {
    var owners = new HashSet<Address>(request.ownersExcluded());
    for (int i = random.nextInt(4); i > 0; i--) {
      owners.add(nodes.get(random.nextInt(NODES)).owner());
    }
    return request.excluding(Set.copyOf(owners));
  }

  private static Roster changed(SplittableRandom random, Roster roster, List<Node> chosen) {
    for (Node node : chosen) {
      roster = roster.with(node.withFreeSlots(node.freeSlots() - 1));
    }
    NodeId gone = roster.nodes().get(random.nextInt(roster.size())).id();
    return roster.without(gone);
  }

  /** By how much a node is worse than the best, of the best. */
  private static double regret(Request request, Node chosen, List<Node> feasible) {
    var field = Score.Field.of(request, feasible);
    int best = feasible.stream().mapToInt(it -> Scores.total(request, it, field)).max().orElse(1);
    return 1 - (double) Scores.total(request, chosen, field) / best;
  }

  static LongStream seeds() {
    return LongStream.range(1, 7);
  }
}
