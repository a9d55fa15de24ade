package xyz.openledger.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xyz.openledger.protocol.Policy;

/** Both sides rank: the pool its nodes, and nodes the jobs. */
class LikingTest {
  private static final Request ASKED = World.request(1, World.cheapest(1));

  @ParameterizedTest
  @CsvSource({
    "10000, '',     8000, 8000",
    "0,     '',     8000, 7200",
    "5000,  '',     8000, 7600",
    "10000, 0,      8000, 7200",
    "10000, 5000,   8000, 7600",
    "0,     0,      8000, 6480",
    "10000, 10000,  8000, 8000",
    "0,     0,      0,    0",
    "10000, 99999,  8000, 8000"
  })
  void eachTakesATenthAtTheMost(int pool, String own, int policy, int score) {
    Node node = World.node("ada").liked(pool).under(new OwnTerms("", own));

    assertThat(Liking.of(ASKED, node, policy)).isEqualTo(score);
  }

  @Test
  void nobodyGainsBySayingThatAllIsLiked() {
    var random = new SplittableRandom(7);
    for (int i = 0; i < 1_000; i++) {
      Node node = World.node(random, i);
      int policy = random.nextInt(10_001);
      Node eager = node.under(new OwnTerms("", "10000"));
      Node picky = node.under(new OwnTerms("", "job.priority * " + random.nextInt(1_500)));

      assertThat(Liking.of(ASKED, eager, policy)).isEqualTo(policy);
      assertThat(Liking.of(ASKED, picky, policy)).isBetween(policy * 9 / 10, policy);
    }
  }

  @Test
  void thePoolsPreferenceDecidesBetweenNodesThatThePolicyFindsEqual() {
    Node ada = World.node("ada");
    Node bob = World.labelled(World.node("bob"), java.util.Map.of("tier", "gold"));
    Membership members =
        Membership.OPEN
            .with(ada)
            .with(bob)
            .under(null, "'tier' in node.labels && node.labels.tier == 'gold' ? 10000 : 0");

    for (int i = 0; i < 40; i++) {
      Placement placement =
          new Matcher(new PoolTerms(0, 0, 10), World.SECRET)
              .place(World.request(i, World.cheapest(1)), members.admitted(), 1);
      assertThat(placement.chosen()).extracting(Node::id).containsExactly(bob.id());
      assertThat(placement.explanation().chosen().getFirst().score()).isEqualTo(10_000);
    }
  }

  @Test
  void aNodeThatLikesTheJobLessStepsBack() {
    Node ada = World.node("ada").under(new OwnTerms("", "job.kind == 'wasm' ? 1000 : 10000"));
    Node bob = World.node("bob");
    Roster roster = Roster.of(List.of(ada, bob));

    for (int i = 0; i < 40; i++) {
      assertThat(
              new Matcher(new PoolTerms(0, 0, 10), World.SECRET)
                  .place(World.request(i, World.cheapest(1)), roster, 1)
                  .chosen())
          .extracting(Node::id)
          .containsExactly(bob.id());
    }
  }

  @Test
  void aPreferenceNeverOutweighsWhatIsMoreThanATenthBetter() {
    Node cheap = World.priced("cheap", 800_000).liked(0).under(new OwnTerms("", "0"));
    Node dear = World.priced("dear", 1_000_000);

    assertThat(
            new Matcher(new PoolTerms(0, 0, 10), World.SECRET)
                .place(ASKED, Roster.of(List.of(cheap, dear)), 1)
                .chosen())
        .extracting(Node::id)
        .containsExactly(cheap.id());
  }

  @Test
  void theReasonsToldWithAPlacementSayWhatWasLost() {
    Node ada = World.node("ada").liked(4_000).under(new OwnTerms("", "2500"));

    assertThat(
            new Matcher(PoolTerms.DEFAULT, World.SECRET)
                .place(ASKED, Roster.indexed(List.of(ada)), 1)
                .explanation()
                .choices()
                .getFirst())
        .contains("scored 8695 of 10000")
        .contains("liked 4000 of 10000 by its pool; likes the job 2500 of 10000");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          node.coars * 2         ~ node has no field coars
          node.region == 'eu'    ~ expected type 'int' but found 'bool'
          node.freeSlots * 10    ~ changes from one task to the next
          node.reputation        ~ changes from one task to the next
          node.cores +           ~ ends too early
          """)
  void aPreferenceThatCannotBeIsRefused(String prefer, String sentence) {
    assertThatThrownBy(() -> Membership.preference(prefer))
        .hasMessageContaining("prefer")
        .hasMessageContaining(sentence);
  }

  @Test
  void oneThatCannotBeReadHereLikesAllAlike() {
    Membership members =
        Membership.OPEN.with(World.node("ada")).under(null, "node.from.the.future");

    assertThat(members.admitted().nodes().getFirst().liking()).isEqualTo(10_000);
  }

  @Test
  void whatIsDrawnIsDrawnAlikeByScanAndIndex() {
    var random = new SplittableRandom(11);
    for (int i = 0; i < 50; i++) {
      Roster listed = World.roster(random, 60);
      Membership members = Membership.OPEN;
      for (Node node : listed.nodes()) {
        members = members.with(node);
      }
      members = members.under(null, "node.cores * 80");
      Policy policy = World.policy(random);
      var matcher = new Matcher(new PoolTerms(300, 0, 10), World.SECRET);

      assertThat(matcher.place(World.request(i, policy), members.admitted(), 2))
          .isEqualTo(
              matcher.place(World.request(i, policy), Roster.of(members.admitted().nodes()), 2));
    }
  }
}
