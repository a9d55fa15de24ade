package xyz.openledger.pools;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.protocol.NodeId;

/**
 * What is kept of an answer is forgotten in time: leases come and go, and the scan says the same.
 */
class LeadersTest {
  private static final int NODES = 300;

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void theSameAskedBetweenLeasesIsAnsweredAsByTheScan(long seed) {
    var random = new SplittableRandom(seed);
    // From a narrow margin, where one lease changes who leads, to one that nearly all are within.
    var matcher = new Matcher(new PoolTerms((int) (seed % 5) * 1_000, 2_000, 10), World.SECRET);
    var kinds = IntStream.range(0, 5).mapToObj(_ -> World.policy(random)).toList();
    var nodes = new TreeMap<NodeId, Node>();
    for (int i = 0; i < NODES; i++) {
      nodes.put(World.nodeId("n" + i), World.node(random, i));
    }
    Roster indexed = Roster.indexed(nodes.values());
    for (int i = 0; i < 500; i++) {
      int number = random.nextInt(NODES);
      var id = World.nodeId("n" + number);
      var node = nodes.get(id);
      var changed =
          switch (random.nextInt(20)) {
            case 0 -> World.node(random, number);
            case 1 -> node.standing(node.freeSlots(), random.nextInt(10_001), 1, true);
            case 2 -> node.standing(node.freeSlots(), node.reputation(), 1, random.nextBoolean());
            default -> node.withFreeSlots(random.nextInt(2) * node.slots());
          };
      nodes.put(changed.id(), changed);
      indexed = indexed.with(changed);
      if (random.nextInt(30) == 0) {
        nodes.remove(id);
        indexed = indexed.without(id);
        nodes.put(node.id(), node);
        indexed = indexed.with(node);
      }
      var request = World.request(i, kinds.get(random.nextInt(kinds.size())));
      var placed = matcher.place(request, indexed, random.nextInt(1, 4));

      assertThat(placed)
          .isEqualTo(
              matcher.place(
                  request,
                  Roster.of(nodes.values()),
                  placed.chosen().size() + placed.explanation().missing()));
    }
  }

  @Test
  void moreThanAreKeptAreStillDrawnFrom() {
    var nodes =
        IntStream.range(0, Leaders.MAX + 50).mapToObj(i -> World.priced("n" + i, 1_000)).toList();
    var indexed = Roster.indexed(nodes);
    var matcher = new Matcher(new PoolTerms(0, 0, 10), World.SECRET);
    for (int i = 0; i < 10; i++) {
      var request = World.request(i, World.cheapest(1));

      var placed = matcher.place(request, indexed, 2);

      assertThat(placed).isEqualTo(matcher.place(request, Roster.of(nodes), 2));
      assertThat(placed.explanation().chosen().getFirst().eligible()).isEqualTo(nodes.size());
    }
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, Boolean.getBoolean("thorough") ? 100 : 5);
  }
}
