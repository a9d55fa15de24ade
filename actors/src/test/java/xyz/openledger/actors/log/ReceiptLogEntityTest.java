package xyz.openledger.actors.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xyz.openledger.chainanchor.log.CheckpointNote;
import xyz.openledger.chainanchor.log.LogEvent;
import xyz.openledger.chainanchor.log.LogLeaf;
import xyz.openledger.chainanchor.log.LogView;
import xyz.openledger.chainanchor.log.MemoryLogView;
import xyz.openledger.chainanchor.log.WitnessKey;
import xyz.openledger.protocol.keys.Ed25519Key;

class ReceiptLogEntityTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final LogLeaf LEAF = new LogLeaf("job-1/result/0", "00ff", "{}");

  private final LogView view = new MemoryLogView();
  private ActorTestKit kit;
  private PersistenceTestKit journal;
  private TestProbe<LogMessage.Appended> answers;

  @BeforeEach
  void open() {
    kit = ActorTestKit.create(PersistenceTestKitPlugin.config());
    journal = PersistenceTestKit.create(kit.system());
    answers = kit.createTestProbe();
  }

  @AfterEach
  void close() {
    kit.shutdownTestKit();
  }

  @Test
  void aLeafThatDidNotBecomeDurableIsInNoView() {
    journal.failNextPersisted(ReceiptLogEntity.PERSISTENCE_ID);
    ActorRef<LogMessage> failing = log();
    failing.tell(new LogMessage.Append(LEAF, answers.ref()));
    kit.createTestProbe().expectTerminated(failing, PATIENCE);

    assertThat(view.size()).isZero();
    answers.expectNoMessage();

    log().tell(new LogMessage.Append(LEAF, answers.ref()));

    assertThat(answers.receiveMessage(PATIENCE).index()).isZero();
    assertThat(journal.persistedInStorage(ReceiptLogEntity.PERSISTENCE_ID)).hasSize(1);
    assertThat(view.leaf(0)).isEqualTo(LEAF);
  }

  @Test
  void aViewThatFellBehindIsBroughtUpFromTheJournal() {
    log().tell(new LogMessage.Append(LEAF, answers.ref()));
    answers.receiveMessage(PATIENCE);
    var behind = new MemoryLogView();
    ActorRef<LogMessage> again =
        kit.spawn(ReceiptLogEntity.create("log", behind, Ed25519Key.generate()));

    again.tell(new LogMessage.Append(LEAF, answers.ref()));

    assertThat(answers.receiveMessage(PATIENCE).index()).isZero();
    assertThat(behind.leaf(0)).isEqualTo(LEAF);
    assertThat(journal.persistedInStorage(ReceiptLogEntity.PERSISTENCE_ID)).hasSize(1);
  }

  @Test
  void cosignaturesAreKeptOnceAndOutliveARestart() {
    TestProbe<LogMessage.Sealed> sealed = kit.createTestProbe(LogMessage.Sealed.class);
    TestProbe<LogMessage.Cosigned> kept = kit.createTestProbe(LogMessage.Cosigned.class);
    ActorRef<LogMessage> log = log();
    log.tell(new LogMessage.Append(LEAF, answers.ref()));
    answers.receiveMessage(PATIENCE);
    log.tell(new LogMessage.Seal(sealed.ref()));
    var checkpoint = Objects.requireNonNull(sealed.receiveMessage(PATIENCE).checkpoint());
    var note = CheckpointNote.parse(checkpoint.note());
    var line = WitnessKey.cosign("ada", Ed25519Key.generate(), note.checkpoint(), 1);
    var cosigned =
        new LogEvent.CheckpointCosigned(1, checkpoint.rootHex(), note.with(List.of(line)).text());

    log.tell(
        new LogMessage.KeepCosigned(
            new LogEvent.CheckpointCosigned(2, checkpoint.rootHex(), cosigned.note()), kept.ref()));
    log.tell(new LogMessage.KeepCosigned(cosigned, kept.ref()));
    log.tell(new LogMessage.KeepCosigned(cosigned, kept.ref()));

    // A log of two leaves is not this one: nothing of it is kept, and nobody is told so.
    assertThat(kept.receiveMessage(PATIENCE).cosigned()).isEqualTo(cosigned);
    assertThat(kept.receiveMessage(PATIENCE).cosigned()).isEqualTo(cosigned);
    assertThat(journal.persistedInStorage(ReceiptLogEntity.PERSISTENCE_ID)).hasSize(3);
    var again = new MemoryLogView();
    kit.spawn(ReceiptLogEntity.create("log", again, Ed25519Key.generate()))
        .tell(new LogMessage.Append(LEAF, answers.ref()));
    answers.receiveMessage(PATIENCE);
    assertThat(again.lastCosigned().orElseThrow().signatures()).hasSize(2);
  }

  private ActorRef<LogMessage> log() {
    return kit.spawn(ReceiptLogEntity.create("log", view, Ed25519Key.generate()));
  }
}
