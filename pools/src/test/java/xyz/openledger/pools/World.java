package xyz.openledger.pools;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import xyz.openledger.pools.governance.DataRule;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.DataClass;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;

/** Nodes, policies and requests, made from names or drawn from a seed. */
public final class World {
  static final EpochSecret SECRET = EpochSecret.of(digest("epoch 1").bytes());
  static final PoolId POOL = PoolId.of("olga", "test");
  static final long GIGAFUEL = 1_000_000_000;
  static final int MIB = 1 << 20;

  private World() {}

  static Digest digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8));
  }

  static Address owner(String name) {
    return Address.of(Arrays.copyOf(digest("owner " + name).bytes(), Address.BYTES));
  }

  static NodeId nodeId(String name) {
    return NodeId.of(digest("node " + name).bytes());
  }

  static TaskId task(int number) {
    return new TaskId(JobId.of(new TenantId("requester"), "job " + number), 0);
  }

  /** A node in the middle of everything, of an owner of the same name. */
  public static Node node(String name) {
    return node(name, name, "eu", 200, 1_000_000, 5_000, 4);
  }

  static Node node(
      String name,
      String owner,
      String region,
      int carbonGramsPerKwh,
      long priceNanoOpenPerGigafuel,
      int reputation,
      int freeSlots) {
    return new Node(
        nodeId(name),
        owner(owner),
        POOL,
        region,
        carbonGramsPerKwh,
        priceNanoOpenPerGigafuel,
        1_000_000_000,
        1_000,
        256L * MIB,
        freeSlots,
        8,
        reputation,
        10,
        true,
        Traits.UNKNOWN);
  }

  static Node priced(String name, long priceNanoOpenPerGigafuel) {
    return node(name, name, "eu", 200, priceNanoOpenPerGigafuel, 5_000, 4);
  }

  public static Node node(SplittableRandom random, int number) {
    int slots = random.nextInt(1, 9);
    return new Node(
        nodeId("n" + number),
        owner("o" + random.nextInt(12)),
        POOL,
        List.of("eu", "us", "ap").get(random.nextInt(3)),
        random.nextInt(0, 900),
        random.nextLong(0, 3_000_000),
        random.nextLong(200_000_000, 2_000_000_000),
        random.nextInt(100, 50_000),
        (long) random.nextInt(16, 512) * MIB,
        random.nextInt(0, slots + 1),
        slots,
        random.nextInt(0, 10_001),
        random.nextInt(0, 4),
        random.nextInt(8) > 0,
        traits(random));
  }

  /** The same node with other labels. */
  static Node labelled(Node node, Map<String, String> labels) {
    return node.with(node.traits().labelled(labels));
  }

  /** The same node, which may say little of where it is, how it isolates, and what it may see. */
  static Node exposed(SplittableRandom random, Node node) {
    Traits traits = node.traits();
    var labels = new TreeMap<>(traits.labels());
    if (random.nextInt(4) > 0) {
      labels.put(
          DataRule.HOLDS_LABEL,
          List.of("internal", "confidential", "restricted", "anything").get(random.nextInt(4)));
    }
    return new Node(
        node.id(),
        node.owner(),
        node.pool(),
        random.nextInt(4) == 0 ? "" : node.region(),
        node.carbonGramsPerKwh(),
        node.priceNanoOpenPerGigafuel(),
        node.fuelPerCpuSecond(),
        node.roundTripMicros(),
        node.memoryMaxBytesPerSlot(),
        node.freeSlots(),
        node.slots(),
        node.reputation(),
        node.acceptedReplicas(),
        node.accepting(),
        new Traits(
            labels,
            traits.architecture(),
            traits.operatingSystem(),
            List.of("", "process", "bubblewrap").get(random.nextInt(3)),
            traits.cores(),
            traits.memoryBytes(),
            traits.diskFreeBytes(),
            traits.accelerators(),
            traits.watts()),
        node.terms());
  }

  /** A row of a matrix: a usual one, or any. */
  static DataRule dataRule(SplittableRandom random) {
    var of = DataClass.values()[random.nextInt(DataClass.values().length)];
    return random.nextBoolean()
        ? DataRule.usual(of)
        : new DataRule(
            of,
            random.nextBoolean()
                ? null
                : List.of("process", "bubblewrap").subList(0, random.nextInt(1, 3)),
            random.nextBoolean() ? 0 : random.nextInt(8_000),
            random.nextBoolean(),
            random.nextBoolean() ? null : List.of("eu", "us").subList(0, random.nextInt(1, 3)),
            random.nextBoolean(),
            random.nextBoolean()
                ? null
                : List.of(owner("o1"), owner("o2"), owner("o3"), owner("o4"), owner("o5")),
            random.nextBoolean(),
            null);
  }

  private static Traits traits(SplittableRandom random) {
    return new Traits(
        random.nextBoolean() ? Map.of() : Map.of("tier", random.nextBoolean() ? "gold" : "silver"),
        random.nextBoolean() ? "amd64" : "aarch64",
        "Linux",
        "bubblewrap",
        random.nextInt(1, 129),
        random.nextLong(1, 512) << 30,
        random.nextLong(1, 4_096) << 30,
        random.nextInt(4) > 0
            ? List.of()
            : List.of("a100", "h100").subList(0, random.nextInt(1, 3)),
        random.nextInt(0, 2_000));
  }

  static Roster roster(SplittableRandom random, int nodes) {
    return Roster.of(IntStream.range(0, nodes).mapToObj(i -> node(random, i)).toList());
  }

  static Policy policy(Policy.Weights weights, Policy.Limits limits, int agreement) {
    return new Policy(
        new Policy.Objective(weights),
        limits,
        new Policy.Verification(
            agreement == 1 ? Policy.Method.TRUSTED : Policy.Method.QUORUM,
            new Policy.Parameters(agreement, 7)),
        null);
  }

  static Policy cheapest(int agreement) {
    return policy(new Policy.Weights(100, 0, 0, 0), anything(), agreement);
  }

  static Policy.Limits anything() {
    return new Policy.Limits(GIGAFUEL, 60_000, List.of(), null, 0);
  }

  static Policy policy(SplittableRandom random) {
    var regions =
        List.<List<String>>of(List.of(), List.of("eu"), List.of("us", "ap")).get(random.nextInt(3));
    return policy(
        new Policy.Weights(
            random.nextInt(101), random.nextInt(101), random.nextInt(101), random.nextInt(1, 101)),
        new Policy.Limits(
            GIGAFUEL,
            60_000,
            regions,
            random.nextBoolean() ? null : random.nextInt(200, 900),
            random.nextBoolean() ? 0 : random.nextInt(5_000)),
        random.nextInt(1, 4));
  }

  static Request request(int number, Policy policy) {
    return new Request(task(number), 0, policy, GIGAFUEL, 64 * MIB, Set.of(), Set.of(), 10_000_000);
  }

  static Request request(SplittableRandom random) {
    return new Request(
        task(random.nextInt()),
        0,
        policy(random),
        random.nextLong(1, 4 * GIGAFUEL),
        (long) random.nextInt(1, 300) * MIB,
        random.nextBoolean() ? Set.of() : Set.of(owner("o" + random.nextInt(12))),
        random.nextBoolean() ? Set.of() : Set.of(nodeId("n" + random.nextInt(20))),
        random.nextLong(100_000, 8_000_000));
  }
}
