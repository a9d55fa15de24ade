package xyz.openledger.pools;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;

class LocalityTest {
  private static final Digest MODULE = World.digest("module");
  private static final Digest INPUT = World.digest("input");
  private static final long MB = 1_000_000;

  private final Set<NodeId> warm = new HashSet<>();
  private long inputBytes = 12 * MB;
  private final Locality locality =
      new Locality(
          (node, blob) -> warm.contains(node) && blob.equals(INPUT),
          blob -> blob.equals(INPUT) ? inputBytes : 2 * MB);
  private final Matcher matcher = new Matcher(new PoolTerms(0, 0, 10), World.SECRET, locality);

  @Test
  void prefersTheNodeThatHoldsTheInputAndSaysSo() {
    warm.add(World.nodeId("bob"));
    var placement = place(Roster.of(List.of(World.node("ada"), World.node("bob"))));

    assertThat(placement.chosen()).extracting(Node::id).containsExactly(World.nodeId("bob"));
    assertThat(placement.explanation().choices().getFirst()).contains("; holds 12.0 MB of 14.0 MB");
  }

  @Test
  void goesWhereThePolicySaysForAFewBytes() {
    warm.add(World.nodeId("bob"));
    inputBytes = 0;
    var roster = Roster.of(List.of(World.priced("ada", 900_000), World.priced("bob", 1_000_000)));

    assertThat(place(roster).chosen()).extracting(Node::id).containsExactly(World.nodeId("ada"));
  }

  @Test
  void leavesTheScoreAloneWhereNothingIsKnown() {
    var request = request();

    assertThat(Locality.NONE.score(request, World.node("ada"), 4_321)).isEqualTo(4_321);
    assertThat(Locality.NONE.words(request, World.node("ada"))).isEmpty();
  }

  static Stream<Long> seeds() {
    Long seed = Long.getLong("seed");
    return seed == null ? new SplittableRandom(381).longs(200).boxed() : Stream.of(seed);
  }

  /** However much a node holds, it gets nothing that it may not run. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void neverMakesANodeFeasible(long seed) {
    var random = new SplittableRandom(seed);
    var roster = World.roster(random, random.nextInt(1, 40));
    var request = World.request(random).near(new Affinity(List.of(MODULE, INPUT), Set.of()));
    roster.nodes().stream()
        .filter(node -> Matcher.objection(request, node).isPresent())
        .forEach(node -> warm.add(node.id()));

    var placement = matcher.place(request, roster, 3);

    assertThat(placement.chosen())
        .allSatisfy(node -> assertThat(Matcher.objection(request, node)).isEmpty());
    assertThat(placement.explanation().feasible())
        .isEqualTo(
            new Matcher(PoolTerms.DEFAULT, World.SECRET)
                .place(request, roster, 3)
                .explanation()
                .feasible());
  }

  /** Twenty tasks of five inputs over eight nodes: what has to travel falls. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void movesFewerBytesThanWithoutIt(long seed) {
    assertThat(moved(seed, true)).isLessThanOrEqualTo(moved(seed, false));
  }

  private static long moved(long seed, boolean on) {
    var random = new SplittableRandom(seed);
    var held = new HashSet<String>();
    var aware =
        new Locality((node, blob) -> on && held.contains(node.value() + blob), _ -> 10 * MB);
    var matcher = new Matcher(PoolTerms.DEFAULT, World.SECRET, aware);
    var roster = Roster.of(IntStream.range(0, 8).mapToObj(i -> World.node("n" + i)).toList());
    long bytes = 0;
    for (int i = 0; i < 20; i++) {
      Digest input = World.digest("input " + random.nextInt(5));
      var request =
          World.request(random.nextInt(), World.cheapest(1))
              .near(new Affinity(List.of(input), Set.of()));
      Node node = matcher.place(request, roster, 1).chosen().getFirst();
      bytes += held.add(node.id().value() + input) ? 10 * MB : 0;
    }
    return bytes;
  }

  private Placement place(Roster roster) {
    return matcher.place(request(), roster, 1);
  }

  private static Request request() {
    return World.request(1, World.cheapest(1)).near(new Affinity(List.of(MODULE, INPUT), Set.of()));
  }
}
