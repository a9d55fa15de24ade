package xyz.openledger.cluster.bench.match;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Traits;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;

/**
 * Nodes as members know them, and kinds of requests, drawn from a seed. Of the 64 kinds a quarter
 * takes nearly any node and the others ask for one of eight regions, clean grids, quick answers or
 * a reputation; prices and speeds spread over a factor of ten.
 */
final class DrawnPool {
  /** Leases that each node holds at once. */
  static final int SLOTS = 4;

  static final int KINDS = 64;

  private static final PoolId POOL = PoolId.of("bench", "pool");
  private static final TenantId TENANT = new TenantId("bench");
  private static final long GIGAFUEL = 1_000_000_000;
  private static final int REGIONS = 8;
  private static final int MIB = 1 << 20;

  private DrawnPool() {}

  static List<Node> nodes(Random random, int from, int count) {
    return IntStream.range(from, from + count).mapToObj(i -> node(random, i)).toList();
  }

  private static Node node(Random random, int number) {
    return new Node(
        NodeId.of(digest("node " + number)),
        Address.of(Arrays.copyOf(digest("owner " + number / 2), Address.BYTES)),
        POOL,
        "region-" + random.nextInt(REGIONS),
        1 + random.nextInt(900),
        100_000 + random.nextLong(900_000),
        200_000_000 + random.nextLong(1_800_000_000),
        500 + random.nextInt(20_000),
        (64L + random.nextInt(960)) * MIB,
        SLOTS,
        SLOTS,
        random.nextInt(10_001),
        random.nextInt(1_000),
        true,
        new Traits(
            Map.of("tier", random.nextBoolean() ? "gold" : "silver"),
            random.nextInt(4) > 0 ? "amd64" : "aarch64",
            "Linux 6.1",
            "bubblewrap",
            1 + random.nextInt(128),
            (1L + random.nextInt(256)) << 30,
            (1L + random.nextInt(4_096)) << 30,
            List.of(),
            random.nextInt(2_000)));
  }

  private static byte[] digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8)).bytes();
  }

  static List<Request> kinds(Random random) {
    return IntStream.range(0, KINDS).mapToObj(i -> kind(random, i)).toList();
  }

  private static Request kind(Random random, int number) {
    boolean easy = number % 4 == 0;
    var policy =
        new Policy(
            new Policy.Objective(
                new Policy.Weights(
                    1 + random.nextInt(100),
                    random.nextInt(100),
                    random.nextInt(100),
                    random.nextInt(100))),
            new Policy.Limits(
                GIGAFUEL,
                60_000,
                easy ? List.of() : List.of("region-" + random.nextInt(REGIONS)),
                easy ? null : 300 + random.nextInt(600),
                easy ? 0 : random.nextInt(5_000)),
            new Policy.Verification(Policy.Method.TRUSTED, new Policy.Parameters(1, 7)),
            null);
    return new Request(
        task(number),
        0,
        policy,
        GIGAFUEL / 2 + random.nextLong(GIGAFUEL),
        (16L + random.nextInt(240)) * MIB,
        Set.of(),
        Set.of(),
        1_500_000);
  }

  static TaskId task(int number) {
    return new TaskId(JobId.of(TENANT, "job " + number), 0);
  }

  /** Another task of the kind; with its own budget it is a kind of its own. */
  static Request task(Request kind, int number, long budgetNanoOpen) {
    return new Request(
        task(number),
        0,
        kind.policy(),
        kind.fuelMax(),
        kind.memoryMaxBytes(),
        Set.of(),
        Set.of(),
        budgetNanoOpen);
  }

  /** The same task with fuel and money of its own: no other asks the same. */
  static Request apart(Request task, int number) {
    return new Request(
        task.task(),
        0,
        task.policy(),
        task.fuelMax() + number % MIB,
        task.memoryMaxBytes() + number % MIB,
        Set.of(),
        Set.of(),
        task.budgetNanoOpen() + number);
  }
}
