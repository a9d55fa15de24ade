package xyz.openledger.actors.anchor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.account.AccountsMessage;
import xyz.openledger.actors.log.LogMessage;
import xyz.openledger.chainanchor.log.Checkpoint;
import xyz.openledger.chainanchor.log.CheckpointNote;
import xyz.openledger.chainanchor.log.LogEvent;
import xyz.openledger.chainanchor.outbox.Action;
import xyz.openledger.chainanchor.outbox.Observation;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.keys.Ed25519Key;

/** The settlement while witnesses are away, and once they are back. */
class WitnessedSettlementTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Ed25519Key KEY = Ed25519Key.of(new byte[32]);

  private final ActorTestKit kit = ActorTestKit.create();
  private final TestProbe<LogMessage> log = kit.createTestProbe(LogMessage.class);
  private final TestProbe<AnchorMessage> anchorer = kit.createTestProbe(AnchorMessage.class);
  private final Queue<Long> asked = new ConcurrentLinkedQueue<>();
  private volatile boolean away = true;

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void anchorsOnlyWhatIsCosignedAndKeptAndThenAllThatWaitedAtOnce() {
    start();
    long size = 0;
    while (asked.size() < 3) {
      seal(log.receiveMessage(PATIENCE), ++size);
    }
    away = false;

    LogMessage message = log.receiveMessage(PATIENCE);
    while (!(message instanceof LogMessage.KeepCosigned)) {
      seal(message, 100);
      message = log.receiveMessage(PATIENCE);
    }
    assertThat(asked.stream().distinct().count()).isGreaterThan(2);
    var keep = (LogMessage.KeepCosigned) message;
    keep.replyTo().tell(new LogMessage.Cosigned(keep.cosigned()));

    // The first that was ever planned: nothing went before the cosignatures were durable.
    assertThat(firstAnchor())
        .isEqualTo(new AnchorMessage.PlanAnchor(keep.cosigned().size(), Digest.of().hex()));
  }

  @Test
  void saysAgainWhatIsCosignedThoughTheLogDoesNotGrow() {
    away = false;
    start();
    for (int looks = 0; looks < 10; looks++) {
      switch (log.receiveMessage(PATIENCE)) {
        case LogMessage.Seal seal -> seal(seal, 7);
        case LogMessage.KeepCosigned keep ->
            keep.replyTo().tell(new LogMessage.Cosigned(keep.cosigned()));
        default -> throw new AssertionError("nothing else is asked of the log");
      }
    }
    for (int told = 0; told < 3; told++) {
      assertThat(firstAnchor()).isEqualTo(new AnchorMessage.PlanAnchor(7, Digest.of().hex()));
    }
    assertThat(asked).as("the witnesses are asked once").containsExactly(7L);
  }

  private AnchorMessage.PlanAnchor firstAnchor() {
    while (true) {
      if (anchorer.receiveMessage(PATIENCE) instanceof AnchorMessage.PlanAnchor anchor) {
        return anchor;
      }
    }
  }

  private static void seal(LogMessage message, long size) {
    var checkpoint = new Checkpoint("test", size, Digest.of());
    ((LogMessage.Seal) message)
        .replyTo()
        .tell(
            new LogMessage.Sealed(
                new LogEvent.CheckpointSealed(
                    size, Digest.of().hex(), CheckpointNote.sign(checkpoint, KEY).text())));
  }

  private void start() {
    kit.spawn(
        Settlement.create(
            new Settlement.Setup(
                kit.createTestProbe(AccountsMessage.class).ref(),
                log.ref(),
                anchorer.ref(),
                new QuietChain(),
                Thread::startVirtualThread,
                "0x" + "f".repeat(40),
                0,
                Duration.ofMillis(20),
                Duration.ofHours(1),
                new Witnesses() {
                  @Override
                  public int quorum() {
                    return 1;
                  }

                  @Override
                  public Optional<CheckpointNote> cosign(LogEvent.CheckpointSealed checkpoint) {
                    asked.add(checkpoint.size());
                    return away
                        ? Optional.empty()
                        : Optional.of(CheckpointNote.parse(checkpoint.note()));
                  }
                },
                Map::of)));
  }

  private static final class QuietChain implements Chain {
    @Override
    public List<Observation> poll() {
      return List.of();
    }

    @Override
    public Optional<Observation> carryOut(Action action) {
      return Optional.empty();
    }

    @Override
    public Movements movements(long fromBlock) {
      return new Movements(List.of(), fromBlock - 1);
    }
  }
}
