package xyz.openledger.pools.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.pools.Matcher;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.OwnTerms;
import xyz.openledger.pools.PoolTerms;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.Scheduling;
import xyz.openledger.pools.Work;
import xyz.openledger.pools.governance.Floors;
import xyz.openledger.pools.governance.Governed;
import xyz.openledger.pools.queue.PoolQueue.Entry;
import xyz.openledger.pools.queue.PoolQueue.Grant;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.TaskId;

/**
 * Holds a queue over an index, which tries only lanes that a changed node may serve, against one
 * over lists, which tries all. Both strictly by rank: a choice among close ranks looks at so many
 * lanes, and parked ones are not among them.
 */
class ParkedTest {
  private static final PoolTerms TERMS = new PoolTerms(500, 200, 60);
  private static final long FAR = Long.MAX_VALUE;

  private record Leased(TaskId task, NodeId node) {}

  private final PoolQueue indexed = queue();
  private final PoolQueue listed = queue();
  private final Map<NodeId, Node> nodes = new TreeMap<>();
  private final List<Leased> leases = new ArrayList<>();
  private Roster roster = Roster.EMPTY;

  private static PoolQueue queue() {
    return new PoolQueue(new Matcher(TERMS, Scene.SECRET), TERMS, QueueTerms.DEFAULT.byRank());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aQueueOverAnIndexGrantsWhatOneOverAListGrants(long seed) {
    var random = new SplittableRandom(seed);
    var tasks = new ArrayList<TaskId>();
    int granted = 0;
    for (int now = 0; now < 500; now++) {
      long millis = now * 50L;
      for (int i = random.nextInt(3); i > 0; i--) {
        tasks.add(offer(random, now, millis));
      }
      if (random.nextInt(8) == 0 && !tasks.isEmpty()) {
        TaskId task = tasks.get(random.nextInt(tasks.size()));
        assertThat(indexed.cancel(task)).isEqualTo(listed.cancel(task));
      }
      change(random);
      end(random, millis);
      assertThat(indexed.expire(millis)).isEqualTo(listed.expire(millis));
      var grants = indexed.next(roster, millis);
      assertThat(told(grants)).isEqualTo(told(listed.next(Roster.of(nodes.values()), millis)));
      grants.forEach(this::lease);
      granted += grants.size();
      assertThat(indexed.size()).isEqualTo(listed.size());
    }
    assertThat(granted).isGreaterThan(50);
  }

  @Test
  void aNodeThatComesServesWhoWaitedForItAmongManyWhoWaitForAnother() {
    var wide = new PoolTerms(0, 0, 700);
    var queue = new PoolQueue(new Matcher(wide, Scene.SECRET), wide, QueueTerms.DEFAULT);
    var pool = Roster.EMPTY.with(Scene.node("ada", 1, 0));
    for (int i = 0; i < 600; i++) {
      queue.offer(new Entry(Scene.request(i, Scene.inRegion("us-" + i)), 1, FAR), 0);
    }
    pool = pool.with(Scene.node("ada", 1, 1));
    while (queue.parked() < 600) {
      assertThat(queue.next(pool, 0)).isEmpty();
    }

    var bob = Scene.node("bob", "bob", "us-123", 1_000_000, 256L * Scene.MIB, 1, 1, 5_000);
    assertThat(queue.next(pool.with(bob), 1))
        .extracting(grant -> grant.entry().request().task())
        .containsExactly(Scene.task(123));
    assertThat(queue.parked()).isEqualTo(599);
  }

  @Test
  void whoWaitsForAnotherRegionIsServedWhenTheNodeItIsFarFromLeaves() {
    var terms = new PoolTerms(0, 0, 10);
    var queue = new PoolQueue(new Matcher(terms, Scene.SECRET), terms, QueueTerms.DEFAULT);
    var policy = Scene.cheapest(2);
    var apart =
        new Policy(
            policy.objective(),
            policy.limits(),
            policy.verification(),
            policy.capacity(),
            null,
            null,
            null,
            null,
            new Policy.Spread(Policy.Spread.By.REGION, true));
    queue.offer(new Entry(Scene.request(1, apart), 2, FAR), 0);
    var pool = Roster.EMPTY.with(Scene.node("ada", 1, 1)).with(Scene.node("bob", 1, 0));

    assertThat(queue.next(pool, 0)).hasSize(1);
    pool = pool.with(Scene.node("ada", 1, 0)).with(Scene.node("bob", 1, 1));
    assertThat(queue.next(pool, 1)).isEmpty();
    assertThat(queue.next(pool, 2)).isEmpty();
    assertThat(queue.next(pool.without(Scene.nodeId("ada")), 3)).hasSize(1);
  }

  private TaskId offer(SplittableRandom random, int now, long millis) {
    var limits =
        new Policy.Limits(
            Scene.GIGAFUEL,
            60_000,
            List.of(List.of("eu", "us", "ap").get(random.nextInt(3))),
            random.nextBoolean() ? null : 300,
            random.nextBoolean() ? 0 : 7_000);
    boolean gang = random.nextInt(20) == 0;
    var request =
        new Request(
            Scene.task(now * 10 + random.nextInt(4)),
            0,
            spread(random, Scene.policy(limits, random.nextInt(1, 4))),
            random.nextInt(1, 4) * Scene.GIGAFUEL,
            random.nextInt(1, 5) * 100L * Scene.MIB,
            random.nextInt(4) > 0 ? Set.of() : Set.of(Scene.owner("o" + random.nextInt(12))),
            random.nextInt(4) > 0 ? Set.of() : Set.of(Scene.nodeId("n" + random.nextInt(20))),
            random.nextLong(500_000, 6_000_000),
            new Scheduling(
                random.nextBoolean() ? Scene.ADA : Scene.BOB, random.nextInt(10), gang ? 1 : 0, ""),
            new Work(
                "wasm",
                random.nextBoolean() ? Map.of() : Map.of("tier", "gold"),
                random.nextInt(4) > 0
                    ? Governed.FREELY
                    : new Governed(
                        List.of(), List.of(), List.of("us"), Floors.NONE, Governed.ITS_OWN)));
    var entry = new Entry(request, random.nextInt(1, 4), millis + random.nextInt(20_000));
    assertThat(indexed.offer(entry, millis)).isEqualTo(listed.offer(entry, millis));
    return request.task();
  }

  /** A node joins, leaves, or is no longer what it was. */
  private void change(SplittableRandom random) {
    if (random.nextInt(4) == 0) {
      var drawn = Scene.roster(random, 20).nodes();
      var node = drawn.get(random.nextInt(drawn.size()));
      if (random.nextInt(3) == 0) {
        nodes.remove(node.id());
        roster = roster.without(node.id());
      } else {
        put(asItStands(random, node));
      }
    }
    if (!nodes.isEmpty() && random.nextInt(4) == 0) {
      var known = List.copyOf(nodes.values()).get(random.nextInt(nodes.size()));
      put(asItStands(random, known));
    }
  }

  /** A node on a grid of some hour, of some reputation, that takes some jobs. */
  private static Node asItStands(SplittableRandom random, Node node) {
    return switch (random.nextInt(4)) {
      case 0 -> node.onGrid(random.nextInt(600));
      case 1 -> node.standing(node.freeSlots(), random.nextInt(10_001), 10, true);
      case 2 -> node.under(OwnTerms.NONE);
      default ->
          node.under(
              new OwnTerms(
                  List.of("", "job.tenant == 'ada'", "has(job.labels.tier)", "job.priority > 3")
                      .get(random.nextInt(4)),
                  ""));
    };
  }

  private static Policy spread(SplittableRandom random, Policy policy) {
    return random.nextInt(4) > 0
        ? policy
        : new Policy(
            policy.objective(),
            policy.limits(),
            policy.verification(),
            policy.capacity(),
            null,
            null,
            null,
            null,
            new Policy.Spread(Policy.Spread.By.REGION, random.nextBoolean()));
  }

  private void put(Node node) {
    nodes.put(node.id(), node);
    roster = roster.with(node);
  }

  private void lease(Grant grant) {
    for (Node node : grant.placement().chosen()) {
      var now = nodes.get(node.id());
      put(now.withFreeSlots(now.freeSlots() - 1));
      leases.add(new Leased(grant.entry().request().task(), node.id()));
    }
  }

  private void end(SplittableRandom random, long millis) {
    while (!leases.isEmpty() && random.nextInt(3) > 0) {
      var over = leases.remove(random.nextInt(leases.size()));
      var how = PoolQueue.End.values()[random.nextInt(PoolQueue.End.values().length)];
      indexed.ended(over.task(), over.node(), how, millis);
      listed.ended(over.task(), over.node(), how, millis);
      var node = nodes.get(over.node());
      if (node != null && node.freeSlots() < node.slots()) {
        put(node.withFreeSlots(node.freeSlots() + 1));
      }
    }
  }

  private static List<String> told(List<Grant> grants) {
    return grants.stream()
        .map(grant -> grant.entry().request().task() + " " + grant.placement())
        .toList();
  }

  /** Three seeds, and a hundred if it is to be thorough. */
  static LongStream seeds() {
    return LongStream.rangeClosed(1, Boolean.getBoolean("thorough") ? 100 : 3);
  }
}
