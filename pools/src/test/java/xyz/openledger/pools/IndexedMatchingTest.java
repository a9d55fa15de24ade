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
import xyz.openledger.pools.energy.Zones;
import xyz.openledger.pools.expression.Drawn;
import xyz.openledger.pools.governance.ClassRule;
import xyz.openledger.pools.governance.Floors;
import xyz.openledger.pools.governance.Governed;
import xyz.openledger.pools.queue.WorkloadClass;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;

/**
 * The index answers as the scan does, word for word: the same nodes in the same order, the same
 * scores, the same counts of what each clause removed and whether for now.
 */
class IndexedMatchingTest {
  private static final int NAMES = 90;

  private static final List<Digest> BLOBS =
      List.of(World.digest("nothing"), World.digest("little"), World.digest("much"));
  private static final List<Long> BYTES = List.of(0L, 300_000L, 60_000_000L);

  private final Matcher matcher =
      new Matcher(
          new PoolTerms(300, 4_000, 10),
          World.SECRET,
          new Locality(
              (node, blob) -> (node.hashCode() ^ blob.hashCode()) % 5 == 0,
              blob -> BYTES.get(BLOBS.indexOf(blob))));

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aDrawnRosterIsMatchedAsByTheScan(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 60; i++) {
      boolean choosy = random.nextBoolean();
      var nodes =
          IntStream.range(0, random.nextInt(0, 200))
              .mapToObj(number -> drawn(random, number, choosy))
              .toList();
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
    var kinds = new ArrayList<>(IntStream.range(0, 12).mapToObj(_ -> request(random)).toList());
    kinds.add(World.request(1, World.cheapest(1)));
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
        var node = changed(random, nodes);
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
      assertThat(version.spokenOf()).isEqualTo(listed.spokenOf());
      assertThat(version.onlyFree()).isEqualTo(listed.onlyFree());
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
    assertThat(matcher.worth(request, indexed)).isEqualTo(matcher.worth(request, listed));
    assertThat(Matcher.hopeless(request, indexed, count))
        .isEqualTo(Matcher.hopeless(request, listed, count));
  }

  /** A node as it might be, or as it stands a little later. */
  private static Node changed(SplittableRandom random, Map<NodeId, Node> nodes) {
    int number = random.nextInt(NAMES);
    var known = nodes.get(World.nodeId("n" + number));
    if (known == null) {
      return drawn(random, number, random.nextInt(4) == 0);
    }
    return switch (random.nextInt(10)) {
      case 0, 1 -> drawn(random, number, random.nextInt(4) == 0);
      case 2 -> known.under(terms(random));
      case 3 -> known.under(OwnTerms.NONE);
      case 4 -> known.onGrid(random.nextInt(0, 900));
      case 6 -> known.liked(random.nextInt(10_001));
      case 7 -> known.measured(latencies(random));
      case 5 -> known.standing(known.freeSlots(), random.nextInt(10_001), 3, random.nextBoolean());
      default -> known.withFreeSlots(random.nextInt(0, known.slots() + 1));
    };
  }

  /** A node that may name a zone and a failure domain, take isolated work, and be choosy. */
  private static Node drawn(SplittableRandom random, int number, boolean choosy) {
    var node = World.node(random, number);
    var labels = new TreeMap<>(node.traits().labels());
    if (random.nextBoolean()) {
      labels.put(Zones.LABEL, "DE");
    }
    if (random.nextBoolean()) {
      labels.put(Spreading.FAILURE_DOMAIN_LABEL, "rack " + random.nextInt(3));
    }
    if (random.nextBoolean()) {
      labels.put(ClassRule.TAKES_LABEL + "biology", random.nextInt(3) == 0 ? "false" : "true");
    }
    var drawn = World.exposed(random, World.labelled(node, labels)).measured(latencies(random));
    if (random.nextBoolean()) {
      drawn = drawn.liked(random.nextInt(10_001));
    }
    return choosy && random.nextBoolean() ? drawn.under(terms(random)) : drawn;
  }

  /** Of the classes that drawn requests are of, and of others. */
  private static Latencies latencies(SplittableRandom random) {
    return random.nextBoolean()
        ? Latencies.UNKNOWN
        : new Latencies(
            IntStream.range(6, 9)
                .filter(_ -> random.nextBoolean())
                .mapToObj(
                    fuel ->
                        new Latencies.Figure(
                            new WorkloadClass(fuel, random.nextInt(11, 15)),
                            random.nextInt(1, 20_000)))
                .toList());
  }

  /** With limits of latency and licences now and then. */
  private static Policy limited(SplittableRandom random, Policy policy) {
    Policy.Limits limits = policy.limits();
    return new Policy(
        policy.objective(),
        new Policy.Limits(
            limits.priceMaxNanoOpen(),
            limits.deadlineMillis(),
            limits.regions(),
            limits.carbonGramsPerKwhMax(),
            limits.reputationMin(),
            limits.roundTripMicrosMax(),
            limits.dataClass(),
            random.nextBoolean() ? null : (Integer) random.nextInt(1, 12_000),
            random.nextInt(3) > 0 ? null : List.of("MIT", "Apache-2.0")),
        policy.verification(),
        policy.capacity(),
        policy.require(),
        policy.prefer(),
        policy.selector(),
        policy.shift(),
        policy.spread());
  }

  private static OwnTerms terms(SplittableRandom random) {
    return new OwnTerms(
        List.of(
                "",
                "false",
                "this is not an expression",
                "job.tenant == 'ada'",
                "job.priority >= 5",
                "job.kind == 'wasm'",
                "has(job.labels.tier) && job.labels.tier == 'gold'",
                "'biology' in job.classes",
                "job.fuelMax < 2000000000")
            .get(random.nextInt(9)),
        List.of("", "job.priority * 1000", "job.fuelMax > 1000000000 ? 2000 : 9000")
            .get(random.nextInt(3)));
  }

  private static Request request(SplittableRandom random) {
    var drawn = World.request(random);
    var policy = drawn.policy();
    if (random.nextBoolean()) {
      policy = requiring(policy, new Drawn(random).requirement());
    }
    policy = limited(random, spread(random, policy));
    return of(random, drawn, policy, drawn.ownersExcluded(), drawn.nodesExcluded(), drawn.task());
  }

  private static Policy spread(SplittableRandom random, Policy policy) {
    return random.nextBoolean()
        ? policy
        : new Policy(
            policy.objective(),
            policy.limits(),
            policy.verification(),
            policy.capacity(),
            policy.require(),
            policy.prefer(),
            policy.selector(),
            null,
            new Policy.Spread(Policy.Spread.By.values()[random.nextInt(2)], random.nextBoolean()));
  }

  /** The same from another task, which excludes others. */
  private static Request asked(SplittableRandom random, Request kind) {
    Set<Address> owners = new HashSet<>();
    Set<NodeId> nodes = new HashSet<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      owners.add(World.owner("o" + random.nextInt(12)));
      nodes.add(World.nodeId("n" + random.nextInt(NAMES)));
    }
    // With as much fuel and money as another job of that policy may have.
    var other =
        random.nextInt(3) > 0
            ? kind
            : kind.asking(
                kind.policy(),
                random.nextLong(1, 4 * World.GIGAFUEL),
                random.nextLong(100_000, 40_000_000));
    return of(random, other, kind.policy(), owners, nodes, World.task(random.nextInt()));
  }

  /** Of some tenant and job, near to some blobs and beside some replicas. */
  private static Request of(
      SplittableRandom random,
      Request kind,
      Policy policy,
      Set<Address> owners,
      Set<NodeId> nodes,
      TaskId task) {
    Set<NodeId> beside = new HashSet<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      beside.add(World.nodeId("n" + random.nextInt(NAMES)));
    }
    return new Request(
        task,
        random.nextInt(3),
        policy,
        kind.fuelMax(),
        kind.memoryMaxBytes(),
        owners,
        nodes,
        kind.budgetNanoOpen(),
        new Scheduling(
            new TenantId(random.nextBoolean() ? "ada" : "bob"), random.nextInt(10), 0, ""),
        new Work(
            random.nextInt(4) == 0 ? "verify" : "wasm",
            random.nextBoolean() ? Map.of() : Map.of("tier", "gold"),
            governed(random),
            List.of("mit", "GPL-3.0-only").subList(0, random.nextInt(3))),
        new Affinity(BLOBS.subList(0, random.nextInt(4)), beside));
  }

  private static Governed governed(SplittableRandom random) {
    return random.nextInt(3) > 0
        ? Governed.FREELY
        : new Governed(
            List.of("biology"),
            random.nextBoolean() ? List.of() : List.of("biology"),
            random.nextBoolean() ? List.of() : List.of("us"),
            Floors.NONE,
            Governed.ITS_OWN,
            null,
            random.nextBoolean() ? null : World.dataRule(random));
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
