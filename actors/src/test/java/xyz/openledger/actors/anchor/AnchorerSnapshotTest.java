package xyz.openledger.actors.anchor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.persistence.testkit.JournalOperation;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.persistence.testkit.ProcessingPolicy;
import org.apache.pekko.persistence.testkit.ProcessingResult;
import org.apache.pekko.persistence.testkit.ProcessingSuccess;
import org.apache.pekko.persistence.testkit.ReadEvents;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.wire.Events;
import xyz.openledger.chainanchor.outbox.Attempt;
import xyz.openledger.chainanchor.outbox.Intent;
import xyz.openledger.chainanchor.outbox.Outbox;
import xyz.openledger.chainanchor.outbox.OutboxEvent;
import xyz.openledger.chainanchor.outbox.OutboxSettings;
import xyz.openledger.chainanchor.outbox.OutboxSnapshot;

class AnchorerSnapshotTest {
  private static final String ROOT = "ab".repeat(32);

  @Test
  void whatIsReadAgainAfterAStartIsBoundedHoweverLongTheJournalIs() {
    var kit =
        ActorTestKit.create(
            EventSourcedBehaviorTestKit.config()
                .withFallback(PersistenceTestKitSnapshotPlugin.config()));
    try {
      var journal = PersistenceTestKit.create(kit.system());
      var read = new AtomicInteger();
      var anchorer =
          EventSourcedBehaviorTestKit.<AnchorMessage, OutboxEvent, Outbox>create(
              kit.system(),
              Anchorer.create(
                  OutboxSettings.DEFAULT,
                  AwayChain.AWAY,
                  Duration.ofHours(1),
                  Runnable::run,
                  Clock.systemUTC()),
              EventSourcedBehaviorTestKit.disabledSerializationSettings());
      for (int size = 1; size <= 2 * Anchorer.SNAPSHOT_EVERY + 321; size++) {
        anchorer.runCommand(new AnchorMessage.PlanAnchor(size, ROOT));
      }
      OutboxSnapshot before = anchorer.getState().snapshot();
      journal.withPolicy(counting(read));

      OutboxSnapshot after = anchorer.restart().state().snapshot();

      assertThat(after).isEqualTo(before);
      assertThat(read.get()).isLessThanOrEqualTo(Anchorer.SNAPSHOT_EVERY).isPositive();
    } finally {
      kit.shutdownTestKit();
    }
  }

  @Test
  void anOutboxIsTheSameAfterASnapshotThatWasWrittenAndRead() {
    var outbox = new Outbox(OutboxSettings.DEFAULT);
    var codecs = new Events().get();
    for (OutboxEvent event :
        List.of(
            new OutboxEvent.Planned("anchor-0", new Intent.Anchor(0, 7, ROOT)),
            new OutboxEvent.Signed("anchor-0", 4, new Attempt("0x" + ROOT, "0x02f8", 9, 11)),
            new OutboxEvent.Sent("anchor-0", 12),
            new OutboxEvent.Mined("anchor-0", "0x" + ROOT, 13, "0x0d", null),
            new OutboxEvent.Safe("anchor-0"),
            new OutboxEvent.Planned("w-1", new Intent.Withdraw("w-1", ROOT, "0x11", 30)),
            new OutboxEvent.Abandoned("w-1", "exceeds deposits"),
            new OutboxEvent.Finalized("anchor-0", 13, "0x0d"),
            new OutboxEvent.Planned("anchor-7", new Intent.Anchor(7, 9, ROOT)))) {
      outbox.apply(event);
      var snapshot = outbox.snapshot();

      assertThat(codecs.fromBytes("outbox.snapshot/1", codecs.toBytes(snapshot)))
          .isEqualTo(snapshot);
    }
  }

  private static ProcessingPolicy<JournalOperation> counting(AtomicInteger read) {
    return new ProcessingPolicy<>() {
      @Override
      public ProcessingResult tryProcess(String persistenceId, JournalOperation operation) {
        if (operation instanceof ReadEvents events) {
          read.addAndGet(events.batch().size());
        }
        return ProcessingSuccess.getInstance();
      }
    };
  }
}
