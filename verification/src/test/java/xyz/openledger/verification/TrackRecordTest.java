package xyz.openledger.verification;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import xyz.openledger.verification.Reputation.Conduct;

class TrackRecordTest {
  private static final long DAY = 86_400_000;

  @Test
  void onlyWhatAnotherOwnerConfirmedCounts() {
    TrackRecord alone = TrackRecord.NEW.after(Conduct.ACCEPTED, false, 1);
    TrackRecord confirmed = alone.after(Conduct.ACCEPTED, true, 2);

    assertThat(alone.confirmed()).isZero();
    assertThat(alone.reputation().score()).isGreaterThan(Reputation.NEUTRAL);
    assertThat(confirmed.confirmed()).isEqualTo(1);
    assertThat(confirmed.contribution()).isEqualTo(1);
  }

  @Test
  void whoWasCaughtHasEverythingToProveAgain() {
    TrackRecord record = TrackRecord.NEW;
    for (int i = 0; i < 300; i++) {
      record = record.after(Conduct.ACCEPTED, true, 1);
    }

    TrackRecord caught = record.after(Conduct.REJECTED, false, 2);

    assertThat(record.confirmed()).isEqualTo(300);
    assertThat(caught.confirmed()).isZero();
    assertThat(caught.contribution()).isEqualTo(200);
  }

  @Test
  void losingAReplicaIsNoLie() {
    TrackRecord record =
        TrackRecord.NEW.after(Conduct.ACCEPTED, true, 1).after(Conduct.LOST, false, 2);

    assertThat(record.confirmed()).isEqualTo(1);
    assertThat(record.reputation().lost()).isEqualTo(1);
  }

  @Test
  void timeLeadsBackToNeutralADayAtATimeHoweverOftenItIsLookedAt() {
    TrackRecord caught = TrackRecord.NEW.after(Conduct.REJECTED, false, DAY);
    TrackRecord often = caught;
    for (long hour = 0; hour <= 48; hour++) {
      often = often.at(DAY + hour * DAY / 24);
    }

    assertThat(caught.reputation().score()).isEqualTo(2_500);
    assertThat(often).isEqualTo(caught.at(3 * DAY));
    assertThat(often.reputation().score()).isBetween(2_501, 2_600);
    assertThat(caught.at(2_000 * DAY).reputation().score()).isEqualTo(Reputation.NEUTRAL);
  }

  @Test
  void trustIsEarnedByKindOfWork() {
    NodeRecord record = NodeRecord.NEW;
    for (int i = 0; i < 50; i++) {
      record = record.after("wasm-small", Conduct.ACCEPTED, true, 1);
    }

    assertThat(record.in("wasm-small").confirmed()).isEqualTo(50);
    assertThat(record.in("wasm-large")).isEqualTo(TrackRecord.NEW);
    assertThat(record.whole().confirmed()).isEqualTo(50);
  }

  @Test
  void kindsOfWorkAreBounded() {
    NodeRecord record = NodeRecord.NEW;
    for (int i = 0; i < NodeRecord.CLASSES_MAX + 10; i++) {
      record = record.after("kind " + i, Conduct.ACCEPTED, true, 1);
    }

    assertThat(record.classes()).hasSize(NodeRecord.CLASSES_MAX);
    assertThat(record.whole().confirmed()).isEqualTo(NodeRecord.CLASSES_MAX + 10);
  }
}
