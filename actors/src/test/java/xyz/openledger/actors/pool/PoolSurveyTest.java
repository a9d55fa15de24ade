package xyz.openledger.actors.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.actors.job.Cast.POOL;
import static xyz.openledger.actors.job.Cast.node;
import static xyz.openledger.actors.job.Cast.owner;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.pubsub.Topic;
import org.junit.jupiter.api.Test;
import xyz.openledger.pools.EpochSecret;
import xyz.openledger.pools.Pool;
import xyz.openledger.pools.PoolTerms;
import xyz.openledger.pools.Traits;

class PoolSurveyTest {
  @Test
  void tellsOfTheNodesAsTheyStand() {
    var news = TestInbox.<Topic.Command<PoolNews>>create();
    var desk =
        new Desk(
            POOL,
            EpochSecret.of(new byte[EpochSecret.BYTES]),
            news.getRef(),
            Clock.fixed(Instant.ofEpochMilli(1_000), ZoneOffset.UTC));
    assertThat(desk.survey(survey(10))).isEqualTo(new PoolSurvey(POOL, "", 0, List.of(), 0, null));

    desk.resume(new PoolState(new Pool(POOL, "attic", "ada", PoolTerms.DEFAULT), Map.of(), 0));
    desk.fencesTo(Fences.BLOCK);
    IntStream.range(0, 5).forEach(i -> desk.up(up("node " + i)));

    PoolSurvey survey = desk.survey(survey(3));

    assertThat(survey.name()).isEqualTo("attic");
    assertThat(survey.total()).isEqualTo(5);
    assertThat(survey.nodes()).hasSize(3).allMatch(node -> node.offeredSlots() == 2);
    assertThat(desk.survey(survey(10)).nodes()).hasSize(5);
  }

  private PoolMessage.Survey survey(int max) {
    return new PoolMessage.Survey(max, TestInbox.<PoolSurvey>create().getRef());
  }

  private static PoolMessage.NodeUp up(String name) {
    var offer =
        new NodeOffer(
            node(name),
            name,
            owner(name),
            10,
            2,
            65_536,
            "eu-west",
            300,
            50,
            1_000_000_000,
            1_000,
            "bubblewrap",
            Traits.UNKNOWN);
    return new PoolMessage.NodeUp(offer, List.of(), 0);
  }
}
