package xyz.openledger.pools.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.pools.queue.Scene.cheapest;
import static xyz.openledger.pools.queue.Scene.inRegion;
import static xyz.openledger.pools.queue.Scene.node;
import static xyz.openledger.pools.queue.Scene.owner;
import static xyz.openledger.pools.queue.Scene.request;
import static xyz.openledger.pools.queue.Scene.task;

import java.util.List;
import org.junit.jupiter.api.Test;
import xyz.openledger.pools.Clause;
import xyz.openledger.pools.Explanation;
import xyz.openledger.pools.Matcher;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.PoolTerms;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.queue.PoolQueue.Admission;
import xyz.openledger.pools.queue.PoolQueue.Entry;
import xyz.openledger.protocol.TaskId;

class PoolQueueTest {
  private static final long FAR = 1_000_000;

  private final PoolTerms terms = new PoolTerms(0, 0, 4);
  private final PoolQueue queue =
      new PoolQueue(new Matcher(terms, Scene.SECRET), terms, QueueTerms.DEFAULT);

  @Test
  void servesInTheOrderOfArrival() {
    for (int i = 0; i < 4; i++) {
      queue.offer(new Entry(request(i, cheapest(1)), 1, FAR), 0);
    }

    assertThat(granted(roster("ada", 3))).containsExactly(task(0), task(1), task(2));
    assertThat(granted(roster("ada", 3))).containsExactly(task(3));
  }

  @Test
  void letsOthersPassATaskThatFitsNoFreeSlot() {
    queue.offer(new Entry(request(0, inRegion("us")), 1, FAR), 0);
    queue.offer(new Entry(request(1, cheapest(1)), 1, FAR), 0);

    assertThat(granted(roster("ada", 2))).containsExactly(task(1));
    assertThat(queue.explain(task(0)))
        .hasValueSatisfying(
            why ->
                assertThat(why.removed())
                    .containsExactly(new Explanation.Removed(Clause.REGION, 0, 1)));
  }

  @Test
  void keepsThePlaceOfATaskThatGotOnlyPartOfItsNodes() {
    queue.offer(new Entry(request(0, cheapest(2)), 2, FAR), 0);
    queue.offer(new Entry(request(1, cheapest(2)), 2, FAR), 0);

    var first = queue.next(roster("ada", 1), 0);

    assertThat(first).extracting(grant -> grant.entry().request().task()).containsExactly(task(0));
    assertThat(first.getFirst().placement().chosen()).hasSize(1);

    var second = queue.next(Roster.of(List.of(slots("ada", 1), slots("bob", 1))), 1);

    assertThat(second)
        .extracting(grant -> grant.entry().request().task())
        .containsExactly(task(0), task(1));
    assertThat(second.getFirst().placement().chosen())
        .extracting(Node::owner)
        .containsExactly(owner("bob"));
    assertThat(queue.size()).isEqualTo(1);
  }

  @Test
  void refusesBeyondItsBoundAndSaysWhenToComeBack() {
    for (int i = 0; i < 4; i++) {
      assertThat(queue.offer(new Entry(request(i, cheapest(1)), 1, FAR), 0))
          .isEqualTo(new Admission.Queued(i + 1));
    }

    assertThat(queue.offer(new Entry(request(4, cheapest(1)), 1, FAR), 0))
        .isEqualTo(new Admission.Refused(1_000));
    assertThat(queue.size()).isEqualTo(4);
  }

  @Test
  void saysALaterTimeIfItDrainsSlowly() {
    for (int i = 0; i < 3; i++) {
      queue.offer(new Entry(request(i, cheapest(1)), 1, FAR), 0);
      queue.next(roster("ada", 1), i * 40_000L);
    }
    for (int i = 10; i < 14; i++) {
      queue.offer(new Entry(request(i, cheapest(1)), 1, FAR), 0);
    }

    // The average after two gaps of 40 s, the first of which starts it from zero, is 9.375 s.
    assertThat(queue.offer(new Entry(request(20, cheapest(1)), 1, FAR), 0))
        .isEqualTo(new Admission.Refused(18_750));
  }

  @Test
  void letsGoOfTasksWhoseDeadlineHasCome() {
    queue.offer(new Entry(request(0, cheapest(1)), 1, 300), 0);
    queue.offer(new Entry(request(1, cheapest(1)), 1, 100), 0);
    queue.offer(new Entry(request(2, cheapest(1)), 1, 301), 0);

    assertThat(queue.expire(300))
        .extracting(entry -> entry.request().task())
        .containsExactly(task(1), task(0));
    assertThat(granted(roster("ada", 4))).containsExactly(task(2));
  }

  @Test
  void lastOfferOfATaskCountsInItsOldPlace() {
    queue.offer(new Entry(request(0, inRegion("us")), 1, FAR), 0);
    queue.offer(new Entry(request(1, cheapest(1)), 1, FAR), 0);
    queue.offer(new Entry(request(0, cheapest(1)), 1, FAR), 0);

    assertThat(granted(roster("ada", 1))).containsExactly(task(0));
  }

  @Test
  void forgetsACancelledTask() {
    queue.offer(new Entry(request(0, cheapest(1)), 1, FAR), 0);

    assertThat(queue.cancel(task(0))).isTrue();
    assertThat(queue.cancel(task(0))).isFalse();
    assertThat(granted(roster("ada", 1))).isEmpty();
  }

  @Test
  void getsRoundToEveryLaneHoweverMany() {
    int lanes = 2 * PoolQueue.LANES_TRIED_MAX + 10;
    var wide = new PoolTerms(0, 0, lanes + 1);
    var crowded = new PoolQueue(new Matcher(wide, Scene.SECRET), wide, QueueTerms.DEFAULT.byRank());
    for (int i = 0; i < lanes; i++) {
      crowded.offer(new Entry(request(i, inRegion("us-" + i)), 1, FAR), 0);
    }
    crowded.offer(new Entry(request(lanes, cheapest(1)), 1, FAR), 0);
    var roster = roster("ada", 1);

    assertThat(crowded.next(roster, 0)).isEmpty();
    assertThat(crowded.next(roster, 1)).isEmpty();
    assertThat(crowded.next(roster, 2)).hasSize(1);
  }

  private List<TaskId> granted(Roster roster) {
    return queue.next(roster, 0).stream().map(grant -> grant.entry().request().task()).toList();
  }

  private static Roster roster(String name, int freeSlots) {
    return Roster.of(List.of(slots(name, freeSlots)));
  }

  private static Node slots(String name, int freeSlots) {
    return node(name, 8, freeSlots);
  }
}
