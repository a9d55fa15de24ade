package xyz.openledger.actors.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xyz.openledger.actors.journal.Stores.done;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.query.Sequence;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LmdbReadJournalTest {
  private static final long END = Long.MAX_VALUE;

  @TempDir private Path directory;
  private EmbeddedJournal embedded;
  private LmdbReadJournal queries;

  @BeforeEach
  void start() {
    embedded = EmbeddedJournal.in(directory, "openledger.journal.page.records-max = 3");
    queries = embedded.queries();
  }

  @AfterEach
  void stop() {
    embedded.close();
  }

  @Test
  void tellsTheStoredEventsOfATagAndEnds() throws Exception {
    append("ada", 1, "a1", "red");
    append("bob", 1, "b1", "red", "blue");
    append("ada", 2, "a2", "blue");
    append("ada", 3, "a3", "red");

    assertThat(all(queries.currentEventsByTag("red", Offset.noOffset())))
        .containsExactly("1 ada/1 a1", "2 bob/1 b1", "4 ada/3 a3");
    assertThat(all(queries.currentEventsByTag("red", Offset.sequence(1))))
        .containsExactly("2 bob/1 b1", "4 ada/3 a3");
    assertThat(all(queries.currentEventsByTag("green", Offset.noOffset()))).isEmpty();
    assertThat(queries.lastOffset()).isEqualTo(Offset.sequence(4));
  }

  @Test
  void knowsTheLastEventOfEachTag() throws Exception {
    assertThat(queries.lastOffset("red")).isZero();
    append("ada", 1, "a1", "red");
    append("bob", 1, "b1", "red", "blue");
    append("ada", 2, "a2", "blue");
    append("ada", 3, "a3");

    assertThat(queries.lastOffset("red")).isEqualTo(2);
    assertThat(queries.lastOffset("blue")).isEqualTo(3);
    assertThat(queries.lastOffset("green")).isZero();
  }

  @Test
  void goesOnWithTheEventsOfATagAsTheyAreStored() throws Exception {
    append("ada", 1, "a1", "red");
    var red = run(queries.eventsByTag("red", Offset.noOffset()));
    assertThat(next(red)).isEqualTo("1 ada/1 a1");

    append("ada", 2, "a2", "blue");
    append("bob", 1, "b1", "red");

    assertThat(next(red)).isEqualTo("3 bob/1 b1");
    red.cancel();
  }

  @Test
  void waitsForATagThatNobodyUsedYet() throws Exception {
    var red = run(queries.eventsByTag("red", Offset.noOffset()));
    var first = red.pull();
    append("ada", 1, "a1", "blue");
    append("ada", 2, "a2", "red");

    assertThat(text(first.toCompletableFuture().get(60, TimeUnit.SECONDS).orElseThrow()))
        .isEqualTo("2 ada/2 a2");
    red.cancel();
  }

  @Test
  void missesNothingWhileEventsAreStored() throws Exception {
    int count = 2_000;
    var red = run(queries.eventsByTag("red", Offset.noOffset()));
    var writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 1; i <= count; i += 4) {
                    int first = i;
                    done(
                        embedded
                            .store()
                            .append(
                                "ada",
                                IntStream.range(first, first + 4)
                                    .mapToObj(n -> stored(n, "a" + n, "red"))
                                    .toList()));
                  }
                });

    var seen = new ArrayList<String>();
    for (int i = 1; i <= count; i++) {
      seen.add(next(red));
    }

    assertThat(seen)
        .isEqualTo(
            IntStream.rangeClosed(1, count)
                .mapToObj(n -> "%d ada/%d a%d".formatted(n, n, n))
                .toList());
    writer.join();
    red.cancel();
  }

  @Test
  void tellsOneActorsEventsUpToABound() throws Exception {
    for (int n = 1; n <= 8; n++) {
      append("ada", n, "a" + n);
    }

    assertThat(all(queries.currentEventsByPersistenceId("ada", 2, 4)))
        .containsExactly("2 ada/2 a2", "3 ada/3 a3", "4 ada/4 a4");
    assertThat(all(queries.currentEventsByPersistenceId("ada", 5, END))).hasSize(4);
    assertThat(all(queries.currentEventsByPersistenceId("bob", 0, END))).isEmpty();
    // A live query ends too, once it has reached its bound.
    assertThat(all(queries.eventsByPersistenceId("ada", 7, 8)))
        .containsExactly("7 ada/7 a7", "8 ada/8 a8");
  }

  @Test
  void goesOnWithOneActorsEventsAsTheyAreStored() throws Exception {
    var ada = run(queries.eventsByPersistenceId("ada", 0, 2));
    append("bob", 1, "b1");
    append("ada", 1, "a1");
    assertThat(next(ada)).isEqualTo("2 ada/1 a1");
    append("ada", 2, "a2");
    assertThat(next(ada)).isEqualTo("3 ada/2 a2");

    assertThat(ada.pull().toCompletableFuture().get(60, TimeUnit.SECONDS)).isEmpty();
  }

  @Test
  void tellsPersistenceIdsAsTheyAppear() throws Exception {
    append("zoe", 1, "z1");
    append("ada", 1, "a1");
    append("zoe", 2, "z2");
    assertThat(
            queries
                .currentPersistenceIds()
                .runWith(Sink.seq(), embedded.system())
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS))
        .containsExactly("zoe", "ada");
    var ids = queries.persistenceIds().runWith(Sink.queue(), embedded.system());
    assertThat(pull(ids)).isEqualTo("zoe");
    assertThat(pull(ids)).isEqualTo("ada");

    append("bob", 1, "b1");

    assertThat(pull(ids)).isEqualTo("bob");
    ids.cancel();
  }

  @Test
  void readsOnlyAsFastAsItIsAskedTo() throws Exception {
    for (int n = 1; n <= 50; n++) {
      append("ada", n, "a" + n, "red");
    }
    var red =
        queries
            .eventsByTag("red", Offset.noOffset())
            .runWith(
                Sink.<EventEnvelope>queue().withAttributes(Attributes.inputBuffer(1, 1)),
                embedded.system());
    assertThat(next(red)).isEqualTo("1 ada/1 a1");

    // Deleted before anyone asked for them: what is not in memory yet is not seen any more.
    done(embedded.store().deleteTo("ada", 45));

    var later = new ArrayList<String>();
    for (var one = next(red); !one.equals("50 ada/50 a50"); one = next(red)) {
      later.add(one);
    }
    assertThat(later).hasSizeLessThan(40).endsWith("49 ada/49 a49");
    red.cancel();
  }

  @Test
  void failsWhereAnEventCannotBeRead() {
    done(embedded.store().append("bob", List.of(unreadable())));

    assertThatThrownBy(() -> all(queries.currentEventsByTag("odd", Offset.noOffset())))
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("4711");
  }

  private static NewEvent unreadable() {
    return new NewEvent(
        1, 0, "", "", List.of("odd"), new Serialized(4711, "none", new byte[1]), null);
  }

  @Test
  void refusesAnOffsetOfAnotherKind() {
    assertThatThrownBy(() -> queries.eventsByTag("red", Offset.timestamp(Instant.EPOCH)))
        .hasMessageContaining("counts by Offset.sequence");
  }

  private void append(String actor, long number, String text, String... tags) {
    done(embedded.store().append(actor, List.of(stored(number, text, tags))));
  }

  /** An event as Pekko's serializer of strings writes it. */
  private static NewEvent stored(long number, String text, String... tags) {
    return new NewEvent(
        number,
        0,
        "",
        "",
        List.of(tags),
        new Serialized(20, "", text.getBytes(StandardCharsets.UTF_8)),
        null);
  }

  private SinkQueueWithCancel<EventEnvelope> run(Source<EventEnvelope, NotUsed> events) {
    return events.runWith(Sink.queue(), embedded.system());
  }

  private List<String> all(Source<EventEnvelope, NotUsed> events) throws Exception {
    return events
        .map(LmdbReadJournalTest::text)
        .runWith(Sink.seq(), embedded.system())
        .toCompletableFuture()
        .get(60, TimeUnit.SECONDS);
  }

  private static String next(SinkQueueWithCancel<EventEnvelope> events) throws Exception {
    return text(pull(events));
  }

  private static <T> T pull(SinkQueueWithCancel<T> queue) throws Exception {
    return queue.pull().toCompletableFuture().get(60, TimeUnit.SECONDS).orElseThrow();
  }

  private static String text(EventEnvelope envelope) {
    return "%s %s/%d %s"
        .formatted(
            ((Sequence) envelope.offset()).value(),
            envelope.persistenceId(),
            envelope.sequenceNr(),
            envelope.event());
  }
}
