package xyz.openledger.actors.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.keys.KeyMessage.Answer;
import xyz.openledger.actors.keys.KeyMessage.Standing;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.TenantId;

class KeysEntityTest {
  private static final ActorTestKit KIT = ActorTestKit.create(EventSourcedBehaviorTestKit.config());
  private static final TenantId ADA = TenantId.parse("ada");
  private static final ApiKey LAPTOP = ApiKeysTest.key("laptop", ADA, 100L, "secret");
  private static final JobId ONE = JobId.of(ADA, "one");

  private final EventSourcedBehaviorTestKit<KeyMessage, KeyEvent, ApiKeys> keys =
      EventSourcedBehaviorTestKit.create(
          KIT.system(),
          KeysEntity.create(Clock.fixed(Instant.ofEpochMilli(1_000), ZoneOffset.UTC)),
          EventSourcedBehaviorTestKit.disabledSerializationSettings());

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private void issue() {
    Answer answer =
        keys.<Answer>runCommand(replyTo -> new KeyMessage.Issue(LAPTOP, false, null, replyTo))
            .reply();
    assertThat(answer).isEqualTo(new Answer(null, "", "", 1));
  }

  private List<Boolean> reserve(long most) {
    return keys.<KeyMessage.Reserved>runCommand(
            replyTo ->
                new KeyMessage.Reserve("laptop", List.of(new Reservation(ONE, most)), replyTo))
        .reply()
        .admitted();
  }

  @Test
  void whatWasReservedCountsAfterARestart() {
    issue();
    assertThat(reserve(60)).containsExactly(true);
    keys.restart();

    assertThat(reserve(101)).containsExactly(false);
    var shown =
        keys.<KeyMessage.Shown>runCommand(replyTo -> new KeyMessage.Show(ADA, replyTo)).reply();
    assertThat(shown.keys()).containsExactly(new Standing(LAPTOP, 0, 60));
  }

  @Test
  void aRevokedKeyReservesNothingAfterARestart() {
    issue();
    keys.<Answer>runCommand(replyTo -> new KeyMessage.Revoke("laptop", ADA, replyTo));
    keys.restart();

    var refused =
        keys.<KeyMessage.Reserved>runCommand(
                replyTo -> new KeyMessage.Reserve("laptop", List.of(), replyTo))
            .reply();
    assertThat(refused.problem()).isEqualTo(Problem.UNAUTHENTICATED);
  }
}
