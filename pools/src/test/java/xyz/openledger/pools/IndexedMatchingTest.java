package xyz.openledger.pools;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.pools.expression.Drawn;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;

/**
 * The index answers as the scan does, word for word: the same nodes in the same order, the same
 * scores, the same counts of what each clause removed and whether for now.
 */
class IndexedMatchingTest {
  private static final List<OwnTerms> TERMS =
      List.of(
          OwnTerms.NONE, new OwnTerms("job.priority > 2", ""), new OwnTerms("", "job.priority"));

  private static final int NAMES = 90;

  private final Matcher matcher = new Matcher(new PoolTerms(300, 4_000, 10), World.SECRET);

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aDrawnRosterIsMatchedAsByTheScan(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 60; i++) {
      var nodes = World.roster(random, random.nextInt(0, 200)).nodes();
      var indexed = Roster.indexed(nodes);
      var listed = Roster.of(nodes);
      for (int j = 0; j < 4; j++) {
        same(request(random), indexed, listed, random.nextInt(1, 5));
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void soIsOneThatChangesWhileTheSameIsAskedAgain(long seed) {
    var random = new SplittableRandom(seed);
    var kinds = IntStream.range(0, 12).mapToObj(_ -> request(random)).toList();
    var nodes = new TreeMap<NodeId, Node>();
    Roster indexed = Roster.EMPTY;
    for (int i = 0; i < 900; i++) {
      if (random.nextInt(6) == 0) {
        var gone = World.nodeId("n" + random.nextInt(NAMES));
        nodes.remove(gone);
        indexed = indexed.without(gone);
      } else {
        var node = changed(random, nodes);
        nodes.put(node.id(), node);
        indexed = indexed.with(node);
      }
      if (random.nextInt(3) == 0) {
        var kind = kinds.get(random.nextInt(kinds.size()));
        same(asked(random, kind), indexed, Roster.of(nodes.values()), random.nextInt(1, 5));
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyVersionStaysAsItWas(long seed) {
    var random = new SplittableRandom(seed);
    var request = request(random);
    var versions = new ArrayList<Roster>(List.of(Roster.EMPTY));
    var expected = new ArrayList<Map<NodeId, Node>>(List.of(new TreeMap<>()));
    for (int i = 0; i < 300; i++) {
      // From any version on, so that they branch.
      int from = random.nextInt(3) == 0 ? random.nextInt(versions.size()) : versions.size() - 1;
      var nodes = new TreeMap<>(expected.get(from));
      if (random.nextInt(4) == 0) {
        var gone = World.nodeId("n" + random.nextInt(NAMES));
        nodes.remove(gone);
        versions.add(versions.get(from).without(gone));
      } else {
        var node = changed(random, nodes).under(TERMS.get(random.nextInt(TERMS.size())));
        nodes.put(node.id(), node);
        versions.add(versions.get(from).with(node));
      }
      expected.add(nodes);
      int looked = random.nextInt(versions.size());
      var version = versions.get(looked);
      var listed = Roster.of(expected.get(looked).values());
      assertThat(version.nodes()).isEqualTo(listed.nodes());
      assertThat(version.freeSlots()).isEqualTo(listed.freeSlots());
      assertThat(version.slots()).isEqualTo(listed.slots());
      assertThat(version.memoryBytes()).isEqualTo(listed.memoryBytes());
      assertThat(version.terms()).isEqualTo(listed.terms());
      same(request, version, listed, 2);
    }
  }

  @Test
  void theCheapestNodeThatComesAndGoesChangesWhatOthersScore() {
    var nodes = IntStream.range(0, 200).mapToObj(i -> World.priced("n" + i, 1_000 + i)).toList();
    var bargain = World.priced("bargain", 1);
    Roster indexed = Roster.indexed(nodes);
    for (int i = 0; i < 50; i++) {
      indexed = i % 2 == 0 ? indexed.with(bargain) : indexed.with(bargain.withFreeSlots(0));
      same(World.request(i, World.cheapest(1)), indexed, Roster.of(indexed.nodes()), 3);
    }
  }

  @Test
  void whatCannotBeReadHereFitsNobodyHereEither() {
    var unreadable = requiring(World.cheapest(1), "node.from.the.future");
    var roster = World.roster(new SplittableRandom(1), 20);

    same(World.request(1, unreadable), Roster.indexed(roster.nodes()), roster, 2);
  }

  @Test
  void theHighestPriceIsTheLastThatTheBudgetCovers() {
    var random = new SplittableRandom(5);
    for (int i = 0; i < 2_000; i++) {
      var request = World.request(random);
      long max = FilterTerms.priceMax(request);
      assertThat(new Filters.WorstCasePrice().test(request, World.priced("ada", max)))
          .isInstanceOf(Filter.Verdict.Feasible.class);
      assertThat(new Filters.WorstCasePrice().test(request, World.priced("ada", max + 1)))
          .isInstanceOf(Filter.Verdict.Never.class);
    }
  }

  private void same(Request request, Roster indexed, Roster listed, int count) {
    assertThat(matcher.place(request, indexed, count))
        .isEqualTo(matcher.place(request, listed, count));
    assertThat(Matcher.hopeless(request, indexed, count))
        .isEqualTo(Matcher.hopeless(request, listed, count));
  }

  /** A node as it might be, or as it stands a little later. */
  private static Node changed(SplittableRandom random, Map<NodeId, Node> nodes) {
    int number = random.nextInt(NAMES);
    var known = nodes.get(World.nodeId("n" + number));
    return known == null || random.nextInt(4) == 0
        ? World.node(random, number)
        : known.withFreeSlots(random.nextInt(0, known.slots() + 1));
  }

  private static Request request(SplittableRandom random) {
    var drawn = World.request(random);
    var policy = drawn.policy();
    if (random.nextBoolean()) {
      policy = requiring(policy, new Drawn(random).requirement());
    }
    return new Request(
        drawn.task(),
        0,
        policy,
        drawn.fuelMax(),
        drawn.memoryMaxBytes(),
        drawn.ownersExcluded(),
        drawn.nodesExcluded(),
        drawn.budgetNanoOpen());
  }

  /** The same from another task, which excludes others. */
  private static Request asked(SplittableRandom random, Request kind) {
    Set<Address> owners = new HashSet<>();
    Set<NodeId> nodes = new HashSet<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      owners.add(World.owner("o" + random.nextInt(12)));
      nodes.add(World.nodeId("n" + random.nextInt(NAMES)));
    }
    return new Request(
        World.task(random.nextInt()),
        random.nextInt(3),
        kind.policy(),
        kind.fuelMax(),
        kind.memoryMaxBytes(),
        owners,
        nodes,
        kind.budgetNanoOpen());
  }

  private static Policy requiring(Policy policy, String require) {
    return new Policy(
        policy.objective(),
        policy.limits(),
        policy.verification(),
        policy.capacity(),
        require,
        random(require)
            ? new Policy.Preference("node.slots * 500 + node.reputation / 4", 40)
            : null,
        null);
  }

  private static boolean random(String text) {
    return text.length() % 2 == 0;
  }

  /** Three seeds, and a hundred if it is to be thorough. */
  static LongStream seeds() {
    return LongStream.rangeClosed(1, Boolean.getBoolean("thorough") ? 100 : 3);
  }
}
