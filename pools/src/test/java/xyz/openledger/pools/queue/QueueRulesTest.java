package xyz.openledger.pools.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.pools.queue.Scene.ADA;
import static xyz.openledger.pools.queue.Scene.BOB;
import static xyz.openledger.pools.queue.Scene.entry;
import static xyz.openledger.pools.queue.Scene.member;
import static xyz.openledger.pools.queue.Scene.node;
import static xyz.openledger.pools.queue.Scene.nodeId;
import static xyz.openledger.pools.queue.Scene.roster;
import static xyz.openledger.pools.queue.Scene.task;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import xyz.openledger.pools.Matcher;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.PoolTerms;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.Scheduling;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.TaskId;

class QueueRulesTest {
  private static final PoolTerms POOL = new PoolTerms(0, 0, 100);

  private final PoolQueue queue = queue(QueueTerms.DEFAULT);

  private static PoolQueue queue(QueueTerms terms) {
    return new PoolQueue(new Matcher(POOL, Scene.SECRET), POOL, terms);
  }

  @Test
  void servesTheHigherPriorityFirst() {
    queue.offer(entry(0, ADA, 0, 1), 0);
    queue.offer(entry(1, ADA, 9, 1), 0);

    assertThat(granted(roster(node("n", 1, 1)), 0)).containsExactly(task(1));
  }

  /** What is free is the dearest of three nodes, and the fastest of them. */
  @Test
  void amongTasksOfLikeRankTheOneGoesFirstToWhichTheFreeNodeIsWorthMost() {
    var roster = Roster.of(List.of(priced("near", 1, 1_000), priced("far", 0, 100)));
    Policy fast =
        new Policy(
            new Policy.Objective(new Policy.Weights(0, 100, 0, 0)),
            Scene.limits(List.of()),
            Scene.cheapest(1).verification(),
            null);
    queue.offer(entry(0, ADA, 4, 1), 0);
    queue.offer(asking(1, fast, 4), 60_000);
    assertThat(granted(roster, 60_000)).containsExactly(task(1));

    PoolQueue other = queue(QueueTerms.DEFAULT);
    other.offer(entry(0, ADA, 4, 1), 0);
    other.offer(asking(1, fast, 3), 1);
    assertThat(other.next(roster, 60_000).getFirst().entry().request().task()).isEqualTo(task(0));

    PoolQueue late = queue(QueueTerms.DEFAULT);
    late.offer(entry(0, ADA, 4, 1), 0);
    late.offer(asking(1, fast, 4), 300_001);
    assertThat(late.next(roster, 300_001).getFirst().entry().request().task()).isEqualTo(task(0));
  }

  private static PoolQueue.Entry asking(int number, Policy policy, int priority) {
    return new PoolQueue.Entry(
        Scene.request(task(number), policy, 2_000_000_000, new Scheduling(ADA, priority, 0, "")),
        1,
        Long.MAX_VALUE);
  }

  private static Node priced(String name, int free, long price) {
    Node node = node(name, 1, free);
    return new Node(
        node.id(),
        node.owner(),
        node.pool(),
        node.region(),
        node.carbonGramsPerKwh(),
        price,
        node.fuelPerCpuSecond(),
        node.roundTripMicros(),
        node.memoryMaxBytesPerSlot(),
        free,
        1,
        node.reputation(),
        node.acceptedReplicas(),
        true,
        node.traits());
  }

  @Test
  void aTaskOfTheLowestPriorityIsPassedOnlyUpToTheBound() {
    long bound = QueueTerms.DEFAULT.passedByMillis();
    queue.offer(entry(0, ADA, 0, 1), 0);
    queue.offer(entry(1, BOB, 9, 1), bound + 1);
    assertThat(granted(roster(node("n", 1, 1)), bound + 1)).containsExactly(task(0));
  }

  @Test
  void aTenantThatHasUsedMuchStandsBack() {
    for (int i = 0; i < 3; i++) {
      queue.offer(entry(i, ADA, 4, 100), 0);
    }
    granted(roster(node("n", 4, 3)), 0);
    queue.offer(entry(10, ADA, 4, 100), 1_000);
    queue.offer(entry(11, BOB, 4, 100), 2_000);

    assertThat(granted(roster(node("n", 4, 1)), 3_000)).containsExactly(task(11));
  }

  @Test
  void givesATenantNoMoreThanItsQuotaAndSaysSo() {
    var quotas = new Quotas(Map.of(ADA, new Quotas.Quota(1, 1, 0, 0)), null);
    PoolQueue limited = queue(QueueTerms.DEFAULT.with(quotas));
    limited.offer(entry(0, ADA, 4, 1), 0);
    limited.offer(entry(1, ADA, 4, 1), 0);

    assertThat(limited.next(roster(node("n", 4, 4)), 0)).hasSize(1);
    assertThat(limited.outlook(task(1), 0).getFirst())
        .isEqualTo("ada would use 2 slots; its quota is 1 and it may borrow 0");

    limited.ended(task(0), nodeId("n"), PoolQueue.End.BROUGHT, 5);
    assertThat(limited.next(roster(node("n", 4, 4)), 5)).hasSize(1);
  }

  @Test
  void startsAGangTogetherOrNotAtAll() {
    queue.offer(member(0, 0, 2, 1), 0);
    assertThat(granted(roster(node("n", 4, 4)), 0)).isEmpty();
    assertThat(queue.outlook(task(0, 0), 0).getFirst())
        .isEqualTo("waits for the rest of its gang: 1 of 2 tasks are here");

    queue.offer(member(0, 1, 2, 1), 1);
    assertThat(granted(roster(node("n", 4, 1)), 1)).isEmpty();
    assertThat(granted(roster(node("n", 4, 2)), 2)).containsExactly(task(0, 0), task(0, 1));
  }

  @Test
  void fillsInBehindABlockedGangOnlyWhatReturnsInTime() {
    queue.offer(entry(0, ADA, 4, 100), 0);
    granted(roster(node("n", 2, 1)), 0);
    queue.offer(member(1, 0, 2, 10), 1);
    queue.offer(member(1, 1, 2, 10), 1);
    queue.offer(entry(2, ADA, 4, 200), 2);
    queue.offer(entry(3, ADA, 4, 90), 3);

    assertThat(granted(roster(node("n", 2, 1)), 4)).containsExactly(task(3));
    assertThat(queue.outlook(task(2), 4).getFirst())
        .isEqualTo("free slots are kept for a gang before it");
  }

  @Test
  void fillsInWithoutLimitOnNodesThatTheGangDoesNotNeed() {
    queue.offer(entry(0, ADA, 4, 100), 0);
    granted(roster(node("n", 2, 1)), 0);
    Node small = node("m", "m", "eu", 1_000_000, 32L * Scene.MIB, 1, 1, 5_000);
    queue.offer(member(1, 0, 2, 10), 1);
    queue.offer(member(1, 1, 2, 10), 1);
    Request request = entry(2, ADA, 4, 200).request();
    var modest =
        new Request(
            request.task(),
            0,
            request.policy(),
            request.fuelMax(),
            Scene.MIB,
            request.ownersExcluded(),
            request.nodesExcluded(),
            request.budgetNanoOpen(),
            request.scheduling());
    queue.offer(new PoolQueue.Entry(modest, 1, Long.MAX_VALUE), 2);

    assertThat(queue.next(roster(node("n", 2, 1), small), 4).getFirst().placement().chosen())
        .containsExactly(small);
  }

  @Test
  void keepsWorkFromANodeThatLostItTwiceAndTriesItAgainLater() {
    Node bad = node("bad", 1, 1);
    Roster roster = roster(bad, node("good", 1, 0));
    for (int i = 0; i < 2; i++) {
      queue.offer(entry(i, ADA, 4, 1), i);
      assertThat(granted(roster, i)).containsExactly(task(i));
      queue.ended(task(i), bad.id(), PoolQueue.End.LOST, i);
    }
    queue.offer(entry(5, ADA, 4, 1), 10);
    assertThat(queue.breaker(bad.id(), WorkloadClass.of(entry(5, ADA, 4, 1).request()), 10))
        .isEqualTo(Breakers.State.OPEN);
    Roster both = roster(bad, node("good", 1, 1));

    assertThat(queue.next(both, 11).getFirst().placement().chosen().getFirst().id())
        .isEqualTo(nodeId("good"));
  }

  @Test
  void foretellsAWaitFromThePaceAndWhatIsAhead() {
    for (int i = 0; i < 12; i++) {
      queue.offer(entry(i, ADA, 4, 1), 0);
    }
    granted(roster(node("n", 1, 0)), 0);
    assertThat(queue.eta(task(11), 0)).isEmpty();
    granted(roster(node("n", 1, 1)), 10_000);
    granted(roster(node("n", 1, 1)), 20_000);

    assertThat(queue.eta(task(11), 20_000)).contains(new Forecast.Eta(100_000, 400_000, 100_000));
    assertThat(queue.outlook(task(11), 20_000))
        .containsExactly(
            "priority 4 of tenant ada; slots wanted before it: about 9; expected in about 100 s; in"
                + " nine of ten cases within 6 min");
  }

  private List<TaskId> granted(Roster roster, long nowMillis) {
    return queue.next(roster, nowMillis).stream()
        .map(grant -> grant.entry().request().task())
        .toList();
  }
}
