package xyz.openledger.actors.governance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit.CommandResultWithReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.governance.GovernanceMessage.Answer;
import xyz.openledger.pools.governance.GovernedRules;
import xyz.openledger.protocol.Problem;

class GovernanceEntityTest {
  private static final ActorTestKit KIT = ActorTestKit.create(EventSourcedBehaviorTestKit.config());
  private static final long NOW = 1_000;
  private static final String SECOND = "{\"epoch\":2,\"regionsForbidden\":[\"xx\"]}";

  private final EventSourcedBehaviorTestKit<
          GovernanceMessage, GovernanceEvent, GovernanceEntity.InForce>
      governance =
          EventSourcedBehaviorTestKit.create(
              KIT.system(),
              GovernanceEntity.create(Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC)),
              EventSourcedBehaviorTestKit.disabledSerializationSettings());

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void governsNothingUntilRulesAreAdopted() {
    assertThat(show()).isEqualTo(new Answer(null, "", "", "", "", 0));
  }

  @Test
  void journalsCanonicalRulesWithTheirHash() {
    var adopted = adopt("{\"regionsForbidden\": [\"xx\"], \"epoch\": 2}");

    GovernedRules rules = GovernedRules.read(SECOND.getBytes(StandardCharsets.UTF_8));
    assertThat(adopted.event())
        .isEqualTo(new GovernanceEvent.Adopted(2, rules.hash(), SECOND, "operator", NOW));
    assertThat(adopted.reply()).isEqualTo(new Answer(null, "", "", SECOND, "operator", NOW));
  }

  @Test
  void keepsThemOverARestart() {
    adopt(SECOND);

    governance.restart();

    assertThat(show().rules()).isEqualTo(SECOND);
  }

  @Test
  void anEpochOnlyGrows() {
    adopt(SECOND);

    for (String lower : new String[] {"{\"epoch\":1}", "{\"epoch\":2}"}) {
      var refused = adopt(lower);
      assertThat(refused.hasNoEvents()).isTrue();
      assertThat(refused.reply().problem()).isEqualTo(Problem.WRONG_STATE);
      assertThat(refused.reply().field()).isEqualTo("epoch");
      assertThat(refused.reply().detail()).startsWith("governance epoch 2 is in force");
      assertThat(refused.reply().rules()).isEqualTo(SECOND);
    }
    assertThat(adopt("{\"epoch\":3}").reply().rules()).isEqualTo("{\"epoch\":3}");
  }

  @Test
  void noOperatorOutbidsAVote() {
    adopt(SECOND);

    var voted = adopt("{\"epoch\":1}", "vote, proposal 1");
    assertThat(voted.reply().rules()).isEqualTo("{\"epoch\":1}");
    assertThat(voted.reply().source()).isEqualTo("vote, proposal 1");

    var refused = adopt("{\"epoch\":9}");
    assertThat(refused.hasNoEvents()).isTrue();
    assertThat(refused.reply().problem()).isEqualTo(Problem.WRONG_STATE);
    assertThat(refused.reply().detail()).startsWith("governance epoch 1 was voted");
    assertThat(adopt("{\"epoch\":1}", "vote").hasNoEvents()).isTrue();
    assertThat(adopt("{\"epoch\":2}", "vote").reply().rules()).isEqualTo("{\"epoch\":2}");
  }

  @Test
  void aMemberKnowsThatAVotePrevailsAndWhoDecided() {
    var rules = new RulesInForce();
    rules.learn(new Answer(null, "", "", SECOND, "operator", NOW));
    assertThat(rules.voted()).isNull();
    assertThat(rules.decidedBy()).isEmpty();

    rules.learn(new Answer(null, "", "", "{\"epoch\":1}", "vote, proposal 4", NOW));
    rules.learn(new Answer(null, "", "", SECOND, "operator", NOW));

    assertThat(rules.rules().epoch()).isEqualTo(1);
    assertThat(rules.voted()).isEqualTo(rules.rules());
    assertThat(rules.decidedBy()).isEqualTo(" (proposal 4)");
  }

  @Test
  void aRepeatChangesNothing() {
    adopt(SECOND);

    var again = adopt(SECOND);

    assertThat(again.hasNoEvents()).isTrue();
    assertThat(again.reply()).isEqualTo(new Answer(null, "", "", SECOND, "operator", NOW));
  }

  @Test
  void whatCannotBeReadIsRefusedWithItsPlace() {
    var refused = adopt("{\"epoch\":2,\"classes\":[{\"name\":\"a\"}]}");

    assertThat(refused.hasNoEvents()).isTrue();
    assertThat(refused.reply().problem()).isEqualTo(Problem.INVALID_REQUEST);
    assertThat(refused.reply().field()).isEqualTo("classes[0]");
  }

  @Test
  void aMemberTakesTheHigherEpochWhateverComesLast() {
    var rules = new RulesInForce();
    assertThat(rules.known().toCompletableFuture()).isNotDone();

    rules.learn(new Answer(null, "", "", SECOND, "operator", NOW));
    rules.learn(new Answer(null, "", "", "{\"epoch\":1}", "operator", NOW));
    rules.learn(new Answer(null, "", "", "", "", 0));

    assertThat(rules.rules().epoch()).isEqualTo(2);
    assertThat(rules.known().toCompletableFuture()).isDone();
  }

  private CommandResultWithReply<
          GovernanceMessage, GovernanceEvent, GovernanceEntity.InForce, Answer>
      adopt(String rules) {
    return adopt(rules, "operator");
  }

  private CommandResultWithReply<
          GovernanceMessage, GovernanceEvent, GovernanceEntity.InForce, Answer>
      adopt(String rules, String source) {
    return governance.runCommand(
        (ActorRef<Answer> replyTo) -> new GovernanceMessage.Adopt(rules, source, replyTo));
  }

  private Answer show() {
    return governance.<Answer>runCommand(GovernanceMessage.Show::new).reply();
  }
}
