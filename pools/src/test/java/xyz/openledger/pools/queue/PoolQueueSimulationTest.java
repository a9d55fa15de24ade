package xyz.openledger.pools.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.pools.Matcher;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.PoolTerms;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.queue.PoolQueue.Admission;
import xyz.openledger.pools.queue.PoolQueue.Entry;
import xyz.openledger.pools.queue.PoolQueue.Grant;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.TaskId;

/** Holds the queue against one that tries every waiting task in the order of arrival. */
class PoolQueueSimulationTest {
  private static final PoolTerms TERMS = new PoolTerms(500, 200, 40);

  private final Matcher matcher = new Matcher(TERMS, Scene.SECRET);
  private final PoolQueue queue = new PoolQueue(matcher, TERMS, QueueTerms.DEFAULT.byRank());
  private final List<Entry> model = new ArrayList<>();

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void grantsWhatTryingEveryTaskInTurnWouldGrant(long seed) {
    var random = new SplittableRandom(seed);
    for (int now = 0; now < 1_500; now++) {
      for (int i = random.nextInt(6); i > 0; i--) {
        offer(new Entry(draw(random), random.nextInt(1, 4), now + random.nextInt(200)), now);
      }
      if (random.nextInt(10) == 0 && !model.isEmpty()) {
        TaskId task = model.remove(random.nextInt(model.size())).request().task();
        assertThat(queue.cancel(task)).isTrue();
      }
      expire(now);
      var roster = Scene.roster(random, random.nextInt(0, 4));
      assertThat(told(queue.next(roster, now))).isEqualTo(told(modelNext(roster)));
      assertThat(queue.size()).isEqualTo(model.size());
    }
  }

  /** Each bound is one of two, so that many requests share a lane and others differ in one. */
  private static Request draw(SplittableRandom random) {
    var limits =
        new Policy.Limits(
            Scene.GIGAFUEL,
            60_000,
            random.nextBoolean() ? List.of() : List.of("eu"),
            random.nextBoolean() ? null : 500,
            random.nextBoolean() ? 0 : 5_000);
    return new Request(
        Scene.task(random.nextInt()),
        0,
        Scene.policy(limits, random.nextInt(1, 4)),
        random.nextBoolean() ? Scene.GIGAFUEL : 2 * Scene.GIGAFUEL,
        (random.nextBoolean() ? 16L : 250L) * Scene.MIB,
        Set.of(),
        random.nextBoolean() ? Set.of() : Set.of(Scene.nodeId("n0")),
        random.nextBoolean() ? 1_000_000 : 3_000_000);
  }

  private void offer(Entry entry, int now) {
    boolean full = model.size() >= TERMS.queueMax();
    assertThat(queue.offer(entry, now) instanceof Admission.Refused).isEqualTo(full);
    if (!full) {
      model.add(entry);
    }
  }

  private void expire(int now) {
    var late = model.stream().filter(entry -> entry.deadlineMillis() <= now).toList();
    assertThat(queue.expire(now)).containsExactlyInAnyOrderElementsOf(late);
    model.removeAll(late);
  }

  private static List<String> told(List<Grant> grants) {
    return grants.stream()
        .map(
            grant ->
                grant.entry().request().task()
                    + " to "
                    + grant.placement().chosen().stream().map(Node::id).toList())
        .toList();
  }

  private List<Grant> modelNext(Roster roster) {
    var grants = new ArrayList<Grant>();
    for (Entry entry : List.copyOf(model)) {
      var placement = matcher.place(entry.request(), roster, entry.count());
      if (!placement.chosen().isEmpty()) {
        grants.add(new Grant(entry, placement));
        Request rest = entry.request();
        for (Node node : placement.chosen()) {
          roster = roster.with(node.withFreeSlots(node.freeSlots() - 1));
          rest = rest.after(node);
        }
        int missing = placement.explanation().missing();
        if (missing > 0) {
          model.set(model.indexOf(entry), new Entry(rest, missing, entry.deadlineMillis()));
        } else {
          model.remove(entry);
        }
      }
    }
    return grants;
  }

  /** Three seeds, and a hundred if it is to be thorough. */
  static LongStream seeds() {
    return LongStream.rangeClosed(1, Boolean.getBoolean("thorough") ? 100 : 3);
  }
}
