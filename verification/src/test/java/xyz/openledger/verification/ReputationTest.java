package xyz.openledger.verification;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import xyz.openledger.verification.Reputation.Aged;
import xyz.openledger.verification.Reputation.Conduct;
import xyz.openledger.verification.Reputation.Event;

class ReputationTest {
  private static final List<Conduct> CONDUCTS = List.of(Conduct.values());

  @Test
  void aNewNodeIsNeitherTrustedNorDistrusted() {
    assertThat(Reputation.of(List.of())).isEqualTo(Reputation.NEW);
    assertThat(Reputation.NEW.score()).isEqualTo(5_000);
  }

  @Test
  void fiftyHonestReplicasGiveWhatTheDocumentationSays() {
    assertThat(afterMany(Conduct.ACCEPTED, 50).score()).isEqualTo(7_742);
  }

  @Test
  void oneDissentTakesTheHonestReplicasThatTheDocumentationSays() {
    assertThat(replicasToRecover(5_000)).isEqualTo(26);
    assertThat(replicasToRecover(9_000)).isEqualTo(107);
  }

  @Test
  void aNodeThatLiesInEveryThirdTaskNeverComesBackToNeutral() {
    var random = new SplittableRandom(3);
    var reputation = afterMany(Conduct.ACCEPTED, 200);
    for (int i = 0; i < 1_000; i++) {
      reputation = reputation.after(random.nextInt(10) < 3 ? Conduct.REJECTED : Conduct.ACCEPTED);
      assertThat(i < 30 || reputation.score() < Reputation.NEUTRAL).isTrue();
    }
  }

  @Test
  void slowButHonestIsNotPunished() {
    assertThat(Reputation.NEW.after(Conduct.SLOW)).isEqualTo(Reputation.NEW);
  }

  @Test
  void losingALeaseCostsLittleAndDissentMuch() {
    assertThat(Reputation.NEW.after(Conduct.LOST).score()).isEqualTo(4_843);
    assertThat(Reputation.NEW.after(Conduct.REJECTED).score()).isEqualTo(2_500);
    assertThat(Reputation.NEW.after(Conduct.CHALLENGE_FAILED).score()).isEqualTo(1_250);
  }

  @Test
  void timeLeadsBackToNeutralFromBothSidesAndNoFurther() {
    var dishonest = afterMany(Conduct.REJECTED, 20);
    var honest = afterMany(Conduct.ACCEPTED, 2_000);

    assertThat(dishonest.score()).isZero();
    assertThat(honest.score()).isEqualTo(Reputation.MAX);
    assertThat(dishonest.after(new Aged(30)).score()).isBetween(1, 4_999);
    assertThat(honest.after(new Aged(30)).score()).isBetween(5_001, 9_999);
    assertThat(dishonest.after(new Aged(366)).score()).isEqualTo(5_000);
    assertThat(honest.after(new Aged(Integer.MAX_VALUE)).score()).isEqualTo(5_000);
  }

  @Test
  void daysAddUp() {
    var honest = afterMany(Conduct.ACCEPTED, 100);

    assertThat(honest.after(new Aged(3)).after(new Aged(4))).isEqualTo(honest.after(new Aged(7)));
  }

  @ParameterizedTest
  @EnumSource(Conduct.class)
  void theScoreStaysInRangeAndTheHistoryIsCounted(Conduct last) {
    var random = new SplittableRandom(4);
    var history = new ArrayList<Event>();
    for (int i = 0; i < 2_000; i++) {
      history.add(
          random.nextInt(8) == 0
              ? new Aged(random.nextInt(40))
              : CONDUCTS.get(random.nextInt(CONDUCTS.size())));
    }
    history.add(last);
    var reputation = Reputation.NEW;
    for (Event event : history) {
      var next = reputation.after(event);
      assertThat(next.score()).isBetween(0, Reputation.MAX);
      assertThat(event != Conduct.ACCEPTED || next.score() >= reputation.score()).isTrue();
      assertThat(event != Conduct.REJECTED || next.score() <= reputation.score()).isTrue();
      reputation = next;
    }

    assertThat(Reputation.of(history)).isEqualTo(reputation);
    assertThat(reputation.accepted()).isEqualTo(Collections.frequency(history, Conduct.ACCEPTED));
    assertThat(reputation.rejected()).isEqualTo(Collections.frequency(history, Conduct.REJECTED));
    assertThat(reputation.lost()).isEqualTo(Collections.frequency(history, Conduct.LOST));
  }

  private static int replicasToRecover(int score) {
    var reputation = new Reputation(score, 0, 0, 0, 0, 0).after(Conduct.REJECTED);
    int replicas = 0;
    for (; reputation.score() < score; replicas++) {
      reputation = reputation.after(Conduct.ACCEPTED);
    }
    return replicas;
  }

  private static Reputation afterMany(Conduct conduct, int times) {
    return Reputation.of(Collections.nCopies(times, conduct));
  }
}
