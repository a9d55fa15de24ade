package xyz.openledger.actors.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit.CommandResultWithReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.claim.ClaimMessage.Answer;
import xyz.openledger.actors.job.Cast;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;

class ClaimsEntityTest {
  private static final ActorTestKit KIT = ActorTestKit.create(EventSourcedBehaviorTestKit.config());
  private static final Digest TOKEN = Cast.digest("a claim");
  private static final long NOW = 1_000;

  private final EventSourcedBehaviorTestKit<ClaimMessage, ClaimEvent, ClaimsState> claims =
      EventSourcedBehaviorTestKit.create(
          KIT.system(),
          ClaimsEntity.create(Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC)),
          EventSourcedBehaviorTestKit.disabledSerializationSettings());

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void leadsTheMachineThatSpendsItToPoolAndOwner() {
    issue(NOW + 1);

    var spent = spend("bob");

    assertThat(spent.reply()).isEqualTo(new Answer(null, "", Cast.POOL, Cast.owner("ada")));
    assertThat(spent.event()).isEqualTo(new ClaimEvent.Spent(TOKEN, Cast.node("bob"), NOW));
  }

  @Test
  void isSpentOnce() {
    issue(NOW + 1);
    spend("bob");

    var second = spend("eve");

    assertThat(second.reply().problem()).isEqualTo(Problem.CLAIM_USED);
    assertThat(second.reply().pool()).isNull();
    assertThat(second.hasNoEvents()).isTrue();
  }

  @Test
  void answersTheMachineThatSpentItAgain() {
    issue(NOW + 1);
    var first = spend("bob");

    var again = spend("bob");

    assertThat(again.reply()).isEqualTo(first.reply());
    assertThat(again.hasNoEvents()).isTrue();
  }

  @Test
  void isStillSpentAfterARestart() {
    issue(NOW + 1);
    spend("bob");

    claims.restart();

    assertThat(spend("eve").reply().problem()).isEqualTo(Problem.CLAIM_USED);
  }

  @Test
  void isRefusedOnceItHasExpired() {
    issue(NOW - 1);

    assertThat(spend("bob").reply().problem()).isEqualTo(Problem.CLAIM_EXPIRED);
  }

  @Test
  void isRefusedIfItWasNeverGivenOut() {
    assertThat(spend("bob").reply().problem()).isEqualTo(Problem.CLAIM_UNKNOWN);
  }

  @Test
  void isNotMadeNewByIssuingItAgain() {
    issue(NOW + 1);
    spend("bob");

    assertThat(issue(NOW + 1).hasNoEvents()).isTrue();
    assertThat(spend("eve").reply().problem()).isEqualTo(Problem.CLAIM_USED);
  }

  private CommandResultWithReply<ClaimMessage, ClaimEvent, ClaimsState, Answer> issue(
      long expiresAtMillis) {
    return claims.runCommand(
        (ActorRef<Answer> replyTo) ->
            new ClaimMessage.Issue(TOKEN, Cast.POOL, Cast.owner("ada"), expiresAtMillis, replyTo));
  }

  private CommandResultWithReply<ClaimMessage, ClaimEvent, ClaimsState, Answer> spend(String who) {
    return claims.runCommand(
        (ActorRef<Answer> replyTo) -> new ClaimMessage.Spend(TOKEN, Cast.node(who), replyTo));
  }
}
