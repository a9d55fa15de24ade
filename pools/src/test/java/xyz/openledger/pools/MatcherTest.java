package xyz.openledger.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.pools.World.SECRET;
import static xyz.openledger.pools.World.cheapest;
import static xyz.openledger.pools.World.digest;
import static xyz.openledger.pools.World.node;
import static xyz.openledger.pools.World.nodeId;
import static xyz.openledger.pools.World.owner;
import static xyz.openledger.pools.World.policy;
import static xyz.openledger.pools.World.priced;
import static xyz.openledger.pools.World.request;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import xyz.openledger.pools.Explanation.Removed;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;

class MatcherTest {
  private final Matcher strict = new Matcher(new PoolTerms(0, 0, 10), SECRET);

  @Test
  void takesTheCheapestUnderACheapestPolicy() {
    var roster = Roster.of(List.of(priced("ada", 300), priced("bob", 100), priced("cy", 200)));

    assertThat(names(strict.place(request(1, cheapest(2)), roster, 2)))
        .containsExactly(nodeId("bob"), nodeId("cy"));
  }

  @Test
  void takesTheCleanestUnderAGreenPolicy() {
    var green = policy(new Policy.Weights(0, 0, 0, 100), World.anything(), 1);
    var roster =
        Roster.of(
            List.of(
                node("ada", "ada", "eu", 600, 1, 9_000, 1),
                node("bob", "bob", "eu", 30, 9, 100, 1)));

    assertThat(names(strict.place(request(1, green), roster, 1))).containsExactly(nodeId("bob"));
  }

  @Test
  void givesOneOwnerOneReplicaHoweverCheapItsNodes() {
    var roster =
        Roster.of(
            List.of(
                node("first", "eve", "eu", 200, 1, 5_000, 4),
                node("second", "eve", "eu", 200, 1, 5_000, 4),
                priced("bob", 1_000_000)));

    var placement = strict.place(request(1, cheapest(2)), roster, 2);

    assertThat(placement.chosen())
        .extracting(Node::owner)
        .containsExactly(owner("eve"), owner("bob"));
  }

  @Test
  void saysWhichClausesKeepATaskWaiting() {
    var limits = new Policy.Limits(World.GIGAFUEL, 60_000, List.of("eu"), 300, 4_000);
    var roster =
        Roster.of(
            List.of(
                node("ada", "ada", "us", 100, 1, 5_000, 4),
                node("bob", "bob", "us", 900, 1, 5_000, 4),
                node("cy", "cy", "eu", 900, 1, 5_000, 4),
                node("dan", "dan", "eu", 100, 1, 3_000, 4),
                node("eve", "eve", "eu", 100, 1, 5_000, 0)));

    var placement =
        strict.place(request(1, policy(new Policy.Weights(1, 0, 0, 0), limits, 2)), roster, 2);

    assertThat(placement.explanation())
        .isEqualTo(
            new Explanation(
                5,
                List.of(
                    new Removed(Clause.REGION, 0, 2),
                    new Removed(Clause.CARBON, 0, 1),
                    new Removed(Clause.REPUTATION, 1, 0),
                    new Removed(Clause.SLOT, 1, 0)),
                0,
                List.of(),
                2));
    assertThat(placement.hopeless()).isFalse();
    assertThat(placement.explanation().choices()).isEmpty();
    assertThat(placement.explanation().waiting())
        .isEqualTo(
            "2 replicas need a node; of 5 nodes, 2 removed by region, 1 removed by carbon, "
                + "1 removed by reputation for now, 1 removed by slot for now");
  }

  @Test
  void saysWhyEachNodeWasChosenInWordsThatStayTrue() {
    var roster = Roster.of(List.of(node("ada"), node("bob"), priced("eve", 90_000_000_000L)));

    var chosen = strict.place(request(1, cheapest(2)), roster, 2).explanation();

    assertThat(chosen.choices())
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).startsWith("node-").contains(" of 3 nodes: scored "));
    assertThat(chosen.choices().getFirst()).endsWith("; 1 removed by price");
    assertThat(chosen.choices().getLast()).doesNotContain("removed");
  }

  @Test
  void callsItHopelessIfTooFewOwnersCouldEverRunIt() {
    var roster = Roster.of(List.of(node("ada"), priced("bob", 90_000_000_000L)));

    assertThat(strict.place(request(1, cheapest(2)), roster, 2).hopeless()).isTrue();
    assertThat(strict.place(request(1, cheapest(2)), Roster.EMPTY, 1).hopeless()).isTrue();
  }

  @Test
  void objectsInWords() {
    var limits = new Policy.Limits(World.GIGAFUEL, 60_000, List.of("eu"), 300, 4_000);
    var request = request(1, policy(new Policy.Weights(1, 0, 0, 0), limits, 1));
    var again =
        new Request(
            request.task(), 1, cheapest(2), 1, 1, Set.of(owner("ada")), Set.of(nodeId("bob")), 1);

    assertThat(Matcher.objection(request, node("ada"))).isEmpty();
    assertThat(Matcher.objection(request, node("a", "a", "us", 1, 1, 5_000, 1)))
        .contains("in region us, policy allows [eu]");
    assertThat(Matcher.objection(request, node("a", "a", "eu", 301, 1, 5_000, 1)))
        .contains("grid at 301 g CO2/kWh, policy allows 300");
    assertThat(Matcher.objection(request, priced("a", 10_000_001)))
        .contains("up to 10000001 nano-OPEN for a replica, the budget leaves 10000000");
    assertThat(Matcher.objection(request, node("a", "a", "eu", 1, 1, 3_999, 1)))
        .contains("reputation 3999, policy asks 4000");
    assertThat(Matcher.objection(request, node("a", "a", "eu", 1, 1, 5_000, 0)))
        .contains("all 8 slots are busy");
    assertThat(Matcher.objection(again, node("ada")))
        .contains("its owner " + owner("ada") + " runs another replica");
    assertThat(Matcher.objection(again, node("bob"))).contains("lost this task before");
  }

  @Test
  void spreadsWorkEvenlyOverNodesThatAreAsGood() {
    var matcher = new Matcher(new PoolTerms(500, 0, 10), SECRET);
    var roster =
        Roster.of(IntStream.range(0, 10).mapToObj(i -> priced("n" + i, 1_000 + i)).toList());
    Map<NodeId, Integer> drawn = new HashMap<>();
    for (int i = 0; i < 10_000; i++) {
      names(matcher.place(request(i, cheapest(1)), roster, 1))
          .forEach(node -> drawn.merge(node, 1, Integer::sum));
    }

    // 1,000 each, and five standard deviations.
    assertThat(drawn).hasSize(10).allSatisfy((_, times) -> assertThat(times).isBetween(850, 1_150));
  }

  @Test
  void drawsWhatOnlyTheSecretForetells() {
    var other = EpochSecret.of(digest("epoch 2").bytes());
    var terms = new PoolTerms(500, 0, 10);
    var roster = Roster.of(IntStream.range(0, 10).mapToObj(i -> node("n" + i)).toList());
    int same = 0;
    for (int i = 0; i < 1_000; i++) {
      var request = request(i, cheapest(1));
      var first = names(new Matcher(terms, SECRET).place(request, roster, 1));
      assertThat(names(new Matcher(terms, SECRET).place(request, roster, 1))).isEqualTo(first);
      same += names(new Matcher(terms, other).place(request, roster, 1)).equals(first) ? 1 : 0;
    }

    assertThat(same).isBetween(50, 150);
    assertThat(SECRET.commitment()).isNotEqualTo(other.commitment());
  }

  @Test
  void drawsAnewForAFurtherAttempt() {
    var matcher = new Matcher(new PoolTerms(500, 0, 10), SECRET);
    var roster = Roster.of(IntStream.range(0, 10).mapToObj(i -> node("n" + i)).toList());
    long distinct =
        IntStream.range(0, 50)
            .mapToObj(
                attempt ->
                    new Request(
                        World.task(1), attempt, cheapest(1), 1, 1, Set.of(), Set.of(), 1_000_000))
            .map(request -> names(matcher.place(request, roster, 1)))
            .distinct()
            .count();

    assertThat(distinct).isGreaterThan(5);
  }

  @Test
  void triesANewcomerNowAndThenBesideOneThatChecksIt() {
    var matcher = new Matcher(new PoolTerms(0, 200, 10), SECRET);
    var newcomer =
        new Node(
            nodeId("new"),
            owner("new"),
            World.POOL,
            "eu",
            200,
            9_000_000,
            1_000_000_000,
            1_000,
            1L << 30,
            1,
            1,
            5_000,
            0,
            true,
            Traits.UNKNOWN);
    var roster = Roster.of(List.of(newcomer, priced("ada", 1), priced("bob", 1)));
    int tried = 0;
    for (int i = 0; i < 10_000; i++) {
      assertThat(names(matcher.place(request(i, cheapest(1)), roster, 1)))
          .doesNotContain(nodeId("new"));
      var pair = matcher.place(request(i, cheapest(2)), roster, 2);
      assertThat(pair.explanation().chosen().get(1).newcomer()).isFalse();
      tried += pair.explanation().chosen().getFirst().newcomer() ? 1 : 0;
    }

    // 2 % of 10,000, and five standard deviations.
    assertThat(tried).isBetween(130, 270);
    assertThat(tried(matcher, Policy.Method.ADAPTIVE, false, roster)).isBetween(130, 270);
    assertThat(tried(matcher, Policy.Method.TRUST, false, roster)).isBetween(130, 270);
    // Its answer would be shown before anyone has checked it.
    assertThat(tried(matcher, Policy.Method.ADAPTIVE, true, roster)).isZero();
    assertThat(tried(matcher, Policy.Method.ADAPTIVE, 2, true, roster)).isZero();
    // Nor a second time, once it was caught: that is a history, too.
    var caught =
        Roster.of(
            List.of(newcomer.standing(1, 2_500, 0, true), priced("ada", 1), priced("bob", 1)));
    assertThat(tried(matcher, Policy.Method.ADAPTIVE, false, caught)).isZero();
  }

  private static int tried(
      Matcher matcher, Policy.Method method, boolean answersFirst, Roster roster) {
    return tried(matcher, method, 1, answersFirst, roster);
  }

  private static int tried(
      Matcher matcher, Policy.Method method, int agreement, boolean answersFirst, Roster roster) {
    Policy plain = cheapest(1);
    var policy =
        new Policy(
            plain.objective(),
            plain.limits(),
            new Policy.Verification(
                method,
                agreement == 1 ? null : new Policy.Parameters(agreement, 5),
                null,
                method == Policy.Method.TRUST ? 2 : null,
                null,
                answersFirst ? true : null,
                null),
            null);
    int tried = 0;
    for (int i = 0; i < 10_000; i++) {
      var chosen = matcher.place(request(i, policy), roster, 1).explanation().chosen();
      tried += chosen.getFirst().newcomer() ? 1 : 0;
    }
    return tried;
  }

  private static List<NodeId> names(Placement placement) {
    return placement.chosen().stream().map(Node::id).toList();
  }
}
