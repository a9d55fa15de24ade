package xyz.openledger.pools.queue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import xyz.openledger.pools.EpochSecret;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.Scheduling;
import xyz.openledger.pools.Traits;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;

/** Nodes and requests for queues, made from names or drawn from a seed. */
final class Scene {
  static final EpochSecret SECRET = EpochSecret.of(digest("epoch 1").bytes());
  static final PoolId POOL = PoolId.of("olga", "test");
  static final TenantId ADA = new TenantId("ada");
  static final TenantId BOB = new TenantId("bob");
  static final long GIGAFUEL = 1_000_000_000;
  static final int MIB = 1 << 20;

  private Scene() {}

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
    return task(number, 0);
  }

  static TaskId task(int job, int index) {
    return new TaskId(JobId.of(new TenantId("requester"), "job " + job), index);
  }

  /** A node of an owner of the same name that burns a gigafuel in a second. */
  static Node node(String name, int slots, int free) {
    return node(name, name, "eu", 1_000_000, 256L * MIB, slots, free, 5_000);
  }

  static Node node(
      String name,
      String owner,
      String region,
      long price,
      long memory,
      int slots,
      int free,
      int reputation) {
    return new Node(
        nodeId(name),
        owner(owner),
        POOL,
        region,
        200,
        price,
        GIGAFUEL,
        0,
        memory,
        free,
        slots,
        reputation,
        10,
        true,
        Traits.UNKNOWN);
  }

  static Roster roster(Node... nodes) {
    return Roster.of(List.of(nodes));
  }

  static Roster roster(SplittableRandom random, int nodes) {
    return Roster.of(IntStream.range(0, nodes).mapToObj(i -> node(random, i)).toList());
  }

  private static Node node(SplittableRandom random, int number) {
    int slots = random.nextInt(1, 9);
    return node(
        "n" + number,
        "o" + random.nextInt(12),
        List.of("eu", "us", "ap").get(random.nextInt(3)),
        random.nextLong(0, 3_000_000),
        (long) random.nextInt(16, 512) * MIB,
        slots,
        random.nextInt(0, slots + 1),
        random.nextInt(0, 10_001));
  }

  static Policy policy(Policy.Limits limits, int agreement) {
    return new Policy(
        new Policy.Objective(new Policy.Weights(100, 0, 0, 0)),
        limits,
        new Policy.Verification(
            agreement == 1 ? Policy.Method.TRUSTED : Policy.Method.QUORUM,
            new Policy.Parameters(agreement, 7)),
        null);
  }

  static Policy cheapest(int agreement) {
    return policy(limits(List.of()), agreement);
  }

  static Policy inRegion(String region) {
    return policy(limits(List.of(region)), 1);
  }

  static Policy.Limits limits(List<String> regions) {
    return new Policy.Limits(GIGAFUEL, 60_000, regions, null, 0);
  }

  static Request request(int number, Policy policy) {
    return request(task(number), policy, GIGAFUEL, Scheduling.USUAL);
  }

  static Request request(TaskId task, Policy policy, long fuelMax, Scheduling scheduling) {
    return new Request(
        task, 0, policy, fuelMax, 64 * MIB, Set.of(), Set.of(), 10_000_000_000L, scheduling);
  }

  /** A task that needs one slot for so many seconds. */
  static PoolQueue.Entry entry(int number, TenantId tenant, int priority, int seconds) {
    return new PoolQueue.Entry(
        request(
            task(number), cheapest(1), seconds * GIGAFUEL, new Scheduling(tenant, priority, 0, "")),
        1,
        Long.MAX_VALUE);
  }

  /** One task of a gang of so many. */
  static PoolQueue.Entry member(int job, int index, int tasks, int seconds) {
    return new PoolQueue.Entry(
        request(
            task(job, index),
            cheapest(1),
            seconds * GIGAFUEL,
            new Scheduling(ADA, Scheduling.PRIORITY_USUAL, tasks, "")),
        1,
        Long.MAX_VALUE);
  }
}
