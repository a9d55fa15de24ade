package xyz.openledger.actors.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.JournalProtocol;
import org.apache.pekko.persistence.PersistentEnvelope;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

/** What Pekko asks of every journal: the checks of its official suite, and a few more of ours. */
class JournalContractTest {
  @TempDir private static Path directory;

  private static EmbeddedJournal embedded;

  private final String writer = UUID.randomUUID().toString();
  private final String ada = "ada-" + writer;
  private TestKit actor;

  @BeforeAll
  static void start() {
    embedded = EmbeddedJournal.in(directory);
  }

  @AfterAll
  static void stop() {
    embedded.close();
  }

  @BeforeEach
  void writeFive() {
    actor = embedded.actor();
    writeAll(
        LongStream.rangeClosed(1, 5)
            .mapToObj(number -> atomic(event(ada, number, "event-" + number)))
            .toArray(AtomicWrite[]::new));
    expectStored(1, 2, 3, 4, 5);
  }

  @Test
  void replaysAllEvents() {
    replay(1, Long.MAX_VALUE, Long.MAX_VALUE);

    expectReplayed(1, 2, 3, 4, 5);
  }

  @Test
  void replaysFromALowerBound() {
    replay(3, Long.MAX_VALUE, Long.MAX_VALUE);

    expectReplayed(3, 4, 5);
  }

  @Test
  void replaysToAnUpperBound() {
    replay(1, 3, Long.MAX_VALUE);

    expectReplayed(1, 2, 3);
  }

  @Test
  void replaysACountedNumber() {
    replay(1, Long.MAX_VALUE, 3);

    expectReplayed(1, 2, 3);
  }

  @Test
  void replaysBetweenTwoBounds() {
    replay(2, 3, Long.MAX_VALUE);

    expectReplayed(2, 3);
  }

  @Test
  void replaysACountedNumberBetweenTwoBounds() {
    replay(2, 5, 2);

    expectReplayed(2, 3);
  }

  @Test
  void replaysOneEventWhenTheBoundsMeet() {
    replay(2, 2, Long.MAX_VALUE);

    expectReplayed(2);
  }

  @Test
  void replaysOneEventWhenTheCountIsOne() {
    replay(2, 4, 1);

    expectReplayed(2);
  }

  @Test
  void replaysNothingWhenTheCountIsZero() {
    replay(2, 4, 0);

    expectReplayed();
  }

  @Test
  void replaysNothingWhenTheBoundsCross() {
    replay(3, 2, Long.MAX_VALUE);

    expectReplayed();
  }

  @Test
  void replaysNothingOfAnActorThatNeverWrote() {
    ask(new JournalProtocol.ReplayMessages(1, 9, 9, "nobody", actor.getRef()));

    expectRecovered(0);
  }

  @Test
  void replaysNoDeletedEvents() {
    delete(3);

    replay(1, Long.MAX_VALUE, Long.MAX_VALUE);

    expectReplayed(4, 5);
  }

  @Test
  void keepsTheHighestSequenceNumberWhenEventsAreDeleted() {
    delete(3);

    replay(1, Long.MAX_VALUE, 0);

    expectRecovered(5);
  }

  @Test
  void keepsTheHighestSequenceNumberWhenAllEventsAreDeleted() {
    delete(Long.MAX_VALUE);

    replay(1, Long.MAX_VALUE, Long.MAX_VALUE);

    expectRecovered(5);
  }

  @Test
  void goesOnAfterTheHighestSequenceNumberWhenAllEventsAreDeleted() {
    delete(Long.MAX_VALUE);

    write(event(ada, 6, "event-6"));
    expectStored(6);
    replay(1, Long.MAX_VALUE, Long.MAX_VALUE);

    expectReplayed(6);
  }

  @Test
  void rejectsAnEventThatNoSerializerTakes() {
    writeAll(
        atomic(event(ada, 6, "event-6")),
        atomic(event(ada, 7, new Object())),
        atomic(event(ada, 8, "event-8")));

    expectSuccess();
    assertThat(actor.expectMsgClass(JournalProtocol.WriteMessageSuccess.class).persistent())
        .returns(6L, PersistentRepr::sequenceNr);
    var rejected = actor.expectMsgClass(JournalProtocol.WriteMessageRejected.class);
    assertThat(rejected.message().sequenceNr()).isEqualTo(7);
    assertThat(rejected.cause()).isNotNull();
    assertThat(actor.expectMsgClass(JournalProtocol.WriteMessageSuccess.class).persistent())
        .returns(8L, PersistentRepr::sequenceNr);
    replay(6, Long.MAX_VALUE, Long.MAX_VALUE);
    expectReplayed(6, 8);
  }

  @Test
  void rejectsAWholeAtomicWriteForOneBadEvent() {
    writeAll(atomic(event(ada, 6, "event-6"), event(ada, 7, new Object())));

    expectSuccess();
    actor.expectMsgClass(JournalProtocol.WriteMessageRejected.class);
    actor.expectMsgClass(JournalProtocol.WriteMessageRejected.class);
    replay(1, Long.MAX_VALUE, Long.MAX_VALUE);
    expectReplayed(1, 2, 3, 4, 5);
  }

  @Test
  void rejectsAnEventThatIsTooLarge() {
    write(event(ada, 6, "x".repeat((1 << 20) + 1)));

    expectSuccess();
    var rejected = actor.expectMsgClass(JournalProtocol.WriteMessageRejected.class);
    assertThat(rejected.cause())
        .hasMessageContaining(ada)
        .hasMessageContaining("1048577 bytes")
        .hasMessageContaining("openledger.journal.record-bytes-max allows 1048576");
  }

  @Test
  void keepsLargeEvents() {
    var large = "x".repeat(1 << 20);
    write(event(ada, 6, large));
    expectStored(6);

    replay(6, 6, 1);

    assertThat(actor.expectMsgClass(JournalProtocol.ReplayedMessage.class).persistent().payload())
        .isEqualTo(large);
  }

  @Test
  void keepsEverythingAboutAnEvent() {
    var event =
        PersistentRepr.apply("six", 6, ada, "an adapter's manifest", false, null, writer)
            .withTimestamp(1_795_000_000_123L)
            .withMetadata("replica 2");
    write(event);
    expectStored(6);

    replay(6, 6, 1);

    assertThat(actor.expectMsgClass(JournalProtocol.ReplayedMessage.class).persistent())
        .returns("six", PersistentRepr::payload)
        .returns("an adapter's manifest", PersistentRepr::manifest)
        .returns(ada, PersistentRepr::persistenceId)
        .returns(6L, PersistentRepr::sequenceNr)
        .returns(1_795_000_000_123L, PersistentRepr::timestamp)
        .returns(writer, PersistentRepr::writerUuid)
        .returns("replica 2", repr -> repr.metadata().get());
  }

  @Test
  void answersWithTheInstanceThatAsked() {
    List<PersistentEnvelope> writes = List.of(atomic(event(ada, 6, "event-6")));
    ask(new JournalProtocol.WriteMessages(sequence(writes), actor.getRef(), 42));

    expectSuccess();
    assertThat(actor.expectMsgClass(JournalProtocol.WriteMessageSuccess.class).actorInstanceId())
        .isEqualTo(42);
  }

  @Test
  void keepsActorsApart() {
    var bob = "bob-" + writer;
    write(event(bob, 1, "bob's"));
    expectStored(1);

    ask(new JournalProtocol.ReplayMessages(1, 99, 99, bob, actor.getRef()));

    assertThat(actor.expectMsgClass(JournalProtocol.ReplayedMessage.class).persistent())
        .returns(bob, PersistentRepr::persistenceId)
        .returns("bob's", PersistentRepr::payload);
    expectRecovered(1);
  }

  @Test
  void recoversWhatAnEarlierIncarnationIsStillWriting() {
    for (long number = 6; number <= 25; number++) {
      write(event(ada, number, "event-" + number));
    }
    var next = embedded.actor();
    embedded
        .journal()
        .tell(new JournalProtocol.ReplayMessages(26, 26, 1, ada, next.getRef()), next.getRef());

    next.expectMsg(new JournalProtocol.RecoverySuccess(25));
  }

  @Test
  void refusesASequenceNumberThatIsTaken() {
    write(event(ada, 5, "by a second writer"));

    var refused = actor.expectMsgClass(JournalProtocol.WriteMessagesFailed.class);
    assertThat(refused.cause())
        .isInstanceOf(JournalException.Conflict.class)
        .hasMessageContaining("sequence number 5 of " + ada)
        .hasMessageContaining("another writer");
    actor.expectMsgClass(JournalProtocol.WriteMessageFailure.class);
    replay(5, 5, 1);
    assertThat(actor.expectMsgClass(JournalProtocol.ReplayedMessage.class).persistent().payload())
        .isEqualTo("event-5");
  }

  private PersistentRepr event(String persistenceId, long sequenceNumber, Object payload) {
    return PersistentRepr.apply(payload, sequenceNumber, persistenceId, "", false, null, writer);
  }

  private void write(PersistentRepr event) {
    writeAll(atomic(event));
  }

  private void writeAll(AtomicWrite... writes) {
    List<PersistentEnvelope> envelopes = List.of(writes);
    ask(new JournalProtocol.WriteMessages(sequence(envelopes), actor.getRef(), 1));
  }

  private static AtomicWrite atomic(PersistentRepr... events) {
    return new AtomicWrite(sequence(List.of(events)));
  }

  private void replay(long from, long to, long max) {
    ask(new JournalProtocol.ReplayMessages(from, to, max, ada, actor.getRef()));
  }

  private void delete(long to) {
    ask(new JournalProtocol.DeleteMessagesTo(ada, to, actor.getRef()));
    actor.expectMsgClass(org.apache.pekko.persistence.DeleteMessagesSuccess.class);
  }

  private void ask(Object request) {
    embedded.journal().tell(request, actor.getRef());
  }

  private void expectSuccess() {
    actor.expectMsg(JournalProtocol.WriteMessagesSuccessful$.MODULE$);
  }

  private void expectStored(long... sequenceNumbers) {
    expectSuccess();
    for (long number : sequenceNumbers) {
      assertThat(actor.expectMsgClass(JournalProtocol.WriteMessageSuccess.class).persistent())
          .returns(number, PersistentRepr::sequenceNr);
    }
  }

  private void expectReplayed(long... sequenceNumbers) {
    for (long number : sequenceNumbers) {
      assertThat(actor.expectMsgClass(JournalProtocol.ReplayedMessage.class).persistent())
          .returns(number, PersistentRepr::sequenceNr)
          .returns("event-" + number, PersistentRepr::payload);
    }
    actor.expectMsgClass(JournalProtocol.RecoverySuccess.class);
  }

  private void expectRecovered(long highest) {
    actor.expectMsg(new JournalProtocol.RecoverySuccess(highest));
  }

  private static <T> scala.collection.immutable.Seq<T> sequence(List<T> elements) {
    return CollectionConverters.asScala(elements).toSeq();
  }
}
