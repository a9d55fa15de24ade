package xyz.openledger.actors.journal;

import java.util.List;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.journal.EventAdapters;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.NoOffset$;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.query.Sequence;
import org.apache.pekko.persistence.query.javadsl.CurrentEventsByPersistenceIdQuery;
import org.apache.pekko.persistence.query.javadsl.CurrentEventsByTagQuery;
import org.apache.pekko.persistence.query.javadsl.CurrentPersistenceIdsQuery;
import org.apache.pekko.persistence.query.javadsl.EventsByPersistenceIdQuery;
import org.apache.pekko.persistence.query.javadsl.EventsByTagQuery;
import org.apache.pekko.persistence.query.javadsl.PersistenceIdsQuery;
import org.apache.pekko.persistence.query.javadsl.ReadJournal;
import org.apache.pekko.stream.javadsl.Source;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Reads the embedded journal for projections: {@code PersistenceQuery.get(system)
 * .getReadJournalFor(LmdbReadJournal.class, LmdbReadJournal.IDENTIFIER)}.
 *
 * <p>An event's offset is a {@link Sequence}: its place among all events of the store, from 1. A
 * query given an offset starts after it, so a projection stores the offset of the last event it has
 * applied. Deleted events do not appear. A live query sees an event as soon as its actor is told
 * that it is durable, possibly a moment before.
 *
 * <p>A stream fails with {@link JournalException.Corrupt} where the store is damaged.
 */
public final class LmdbReadJournal
    implements ReadJournal,
        EventsByPersistenceIdQuery,
        CurrentEventsByPersistenceIdQuery,
        EventsByTagQuery,
        CurrentEventsByTagQuery,
        PersistenceIdsQuery,
        CurrentPersistenceIdsQuery {
  /** The id of the plugin, which is also its configuration path. */
  public static final String IDENTIFIER = "openledger.query.lmdb";

  private final EventStore store;
  private final EventSerialization serialization;
  private final EventAdapters adapters;
  private final String dispatcher;

  LmdbReadJournal(ExtendedActorSystem system, String dispatcher) {
    this.store = EmbeddedStores.of(system).events();
    this.serialization = new EventSerialization(system, store.directory().settings());
    this.adapters = Persistence.get(system).adaptersFor(LmdbJournal.PLUGIN_ID);
    this.dispatcher = dispatcher;
  }

  /** The offset of the last committed event; {@link Offset#noOffset} if there has been none. */
  public Offset lastOffset() {
    long last = store.lastOffset();
    return last == 0 ? Offset.noOffset() : Offset.sequence(last);
  }

  /** The offset of the last committed event with a tag; 0 if there is none. */
  public long lastOffset(String tag) {
    return store.lastOffset(tag);
  }

  /**
   * Reads the whole journal and checks it; minutes for a large one, so not on an actor's thread.
   *
   * @throws JournalException.Corrupt at the first record that is not as it was written
   */
  public JournalCheck check() {
    return JournalCheck.of(store);
  }

  @Override
  public Source<EventEnvelope, NotUsed> eventsByPersistenceId(
      String persistenceId, long from, long to) {
    return PagesSource.live(
            () -> store.eventsOf(persistenceId, from, to), store.appends(), dispatcher)
        .mapConcat(this::envelopes);
  }

  @Override
  public Source<EventEnvelope, NotUsed> currentEventsByPersistenceId(
      String persistenceId, long from, long to) {
    return PagesSource.current(
            () -> {
              long last = store.highestSequenceNumber(persistenceId);
              return store.eventsOf(persistenceId, from, Math.min(to, last));
            },
            dispatcher)
        .mapConcat(this::envelopes);
  }

  @Override
  public Source<EventEnvelope, NotUsed> eventsByTag(String tag, Offset offset) {
    long after = number(offset);
    return PagesSource.live(
            () -> store.eventsTagged(tag, after, Long.MAX_VALUE), store.appends(), dispatcher)
        .mapConcat(this::envelopes);
  }

  @Override
  public Source<EventEnvelope, NotUsed> currentEventsByTag(String tag, Offset offset) {
    long after = number(offset);
    return PagesSource.current(() -> store.eventsTagged(tag, after, store.lastOffset()), dispatcher)
        .mapConcat(this::envelopes);
  }

  @Override
  public Source<String, NotUsed> persistenceIds() {
    return PagesSource.live(() -> new PersistenceIdPages(store), store.appends(), dispatcher);
  }

  @Override
  public Source<String, NotUsed> currentPersistenceIds() {
    return PagesSource.current(() -> new PersistenceIdPages(store), dispatcher);
  }

  private static long number(Offset offset) {
    return switch (offset) {
      case Sequence sequence -> sequence.value();
      case NoOffset$ _ -> 0;
      default ->
          throw new IllegalArgumentException(
              "the embedded journal counts by Offset.sequence, not by " + offset);
    };
  }

  private List<EventEnvelope> envelopes(StoredEvent stored) {
    var event = serialization.toEvent(stored);
    var payload = event.payload();
    var adapted = adapters.get(payload.getClass()).fromJournal(payload, event.manifest());
    var offset = Offset.sequence(stored.offset());
    return CollectionConverters.asJava(adapted.events()).stream()
        .map(
            one ->
                new EventEnvelope(
                    offset,
                    stored.persistenceId(),
                    stored.sequenceNumber(),
                    one,
                    stored.timestampMillis(),
                    event.metadata()))
        .toList();
  }
}
