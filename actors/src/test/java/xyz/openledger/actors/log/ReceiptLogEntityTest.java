package xyz.openledger.actors.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xyz.openledger.chainanchor.log.LogLeaf;
import xyz.openledger.chainanchor.log.LogView;
import xyz.openledger.chainanchor.log.MemoryLogView;
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

  private ActorRef<LogMessage> log() {
    return kit.spawn(ReceiptLogEntity.create("log", view, Ed25519Key.generate()));
  }
}
