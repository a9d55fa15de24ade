package xyz.openledger.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.protocol.ProblemException;

/** The sequences of both ends, over a link that breaks at any moment. */
class SequenceTest {
  private static final int FRAMES = 300;

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyFrameTakesEffectOnceAndInOrderHoweverOftenTheLinkBreaks(long seed) {
    var random = new SplittableRandom(seed);
    var outbox = new Outbox<Integer>(16, Long.MAX_VALUE);
    var inbox = new Inbox();
    var link = new ArrayDeque<Outbox.Numbered<Integer>>();
    var acknowledgements = new ArrayDeque<Long>();
    var effects = new ArrayList<Integer>();
    int appended = 0;

    while (effects.size() < FRAMES || outbox.size() > 0) {
      switch (random.nextInt(8)) {
        case 0, 1 -> {
          if (appended < FRAMES && outbox.hasRoom(1)) {
            outbox.append(appended++, 1);
          }
        }
        case 2, 3 -> outbox.poll().ifPresent(link::add);
        case 4, 5 -> {
          var frame = link.poll();
          if (frame != null && inbox.accept(frame.sequence()) == Inbox.Arrival.NEXT) {
            effects.add(frame.body());
          }
        }
        case 6 -> {
          inbox.processed(random.nextLong(inbox.acknowledged(), inbox.received() + 1));
          acknowledgements.add(inbox.acknowledged());
          if (random.nextBoolean()) {
            outbox.acknowledge(acknowledgements.remove());
          }
        }
        default -> {
          // The link breaks: what was under way is gone; the new stream's Hello says what is
          // processed.
          link.clear();
          acknowledgements.clear();
          outbox.rewind();
          outbox.acknowledge(inbox.acknowledged());
        }
      }
    }

    assertThat(effects).isEqualTo(IntStream.range(0, FRAMES).boxed().toList());
  }

  static List<Long> seeds() {
    return LongStream.range(0, 200).boxed().toList();
  }

  @Test
  void anOutboxIsBoundedByFramesAndByBytes() {
    var byFrames = new Outbox<String>(2, 100);
    byFrames.append("a", 1);
    byFrames.append("b", 1);
    assertThat(byFrames.hasRoom(1)).isFalse();
    assertThatThrownBy(() -> byFrames.append("c", 1)).isInstanceOf(IllegalStateException.class);

    var byBytes = new Outbox<String>(10, 100);
    byBytes.append("longer than the bound, yet alone", 101);
    assertThat(byBytes.hasRoom(1)).isFalse();
  }

  @Test
  void aNewSessionNumbersWhatIsPendingAnew() {
    var outbox = new Outbox<String>(10, 100);
    for (String body : List.of("a", "b", "c")) {
      outbox.append(body, 1);
      outbox.poll();
    }
    outbox.acknowledge(1);

    outbox.restart();

    assertThat(outbox.poll()).contains(new Outbox.Numbered<>(1, "b"));
    assertThat(outbox.poll()).contains(new Outbox.Numbered<>(2, "c"));
  }

  @Test
  void whatWasNeverSentCannotBeAcknowledged() {
    var outbox = new Outbox<String>(10, 100);
    outbox.append("a", 1);

    assertThatThrownBy(() -> outbox.acknowledge(1))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("protocol-violation");
  }

  @Test
  void aNumberThatWasLeftOutIsAViolation() {
    var inbox = new Inbox();
    inbox.accept(1);

    assertThatThrownBy(() -> inbox.accept(3)).hasMessageContaining("expected frame 2, got 3");
    assertThatThrownBy(() -> inbox.accept(0)).isInstanceOf(ProblemException.class);
  }
}
