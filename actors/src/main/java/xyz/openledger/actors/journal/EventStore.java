package xyz.openledger.actors.journal;

import static java.nio.ByteOrder.BIG_ENDIAN;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.GetOp;
import org.lmdbjava.Txn;

/**
 * All events of one member, in the order in which they became durable.
 *
 * <pre>
 *   events    offset                      →  record        appended, never updated
 *   index     persistence number, seq nr  →  offset        one actor's events
 *   tags      tag number, offset          →  (nothing)     one tag's events
 *   names, numbers                                         see {@link Names}
 *   meta      0                           →  last offset   survives the deletion of the last event
 * </pre>
 *
 * The records lie in the order of the offset, so that a commit appends a few full pages however
 * many actors wrote, and a projection reads forward. Offsets count up from 1 and are never used
 * twice, nor are sequence numbers: both survive deletions.
 */
final class EventStore implements AutoCloseable {
  static final String FORMAT = "openledger-events 1";

  private final LmdbDirectory directory;
  private final Names names;
  private final Dbi<DirectBuffer> events;
  private final Dbi<DirectBuffer> index;
  private final Dbi<DirectBuffer> tags;
  private final Appends appends = new Appends();
  private final EventWriter writer;
  private final GroupCommit<EventWriter.Batch> commits;

  private EventStore(LmdbDirectory directory) {
    this.directory = directory;
    this.names = new Names(directory);
    this.events = directory.table("events");
    this.index = directory.table("index");
    this.tags = directory.table("tags");
    this.writer = new EventWriter(directory, names, appends);
    this.commits = new GroupCommit<>("openledger-journal-writer", directory, writer::begin);
  }

  /**
   * Opens the store, creating it when absent.
   *
   * @throws JournalException.Unusable when the directory holds something else, or is in use
   */
  static EventStore open(StoreSettings settings) {
    var tables = List.of("events", "index", "tags", "names", "numbers", "meta");
    var directory = LmdbDirectory.open(settings, FORMAT, tables);
    try {
      return new EventStore(directory);
    } catch (RuntimeException failure) {
      directory.close();
      throw failure;
    }
  }

  /**
   * Appends the events of one actor, all or none.
   *
   * @param added in ascending order of their sequence numbers, at least one
   * @return see {@link GroupCommit#submit}; fails with {@link JournalException.Conflict} when a
   *     sequence number is taken
   */
  CompletableFuture<@Nullable Void> append(String persistenceId, List<NewEvent> added) {
    return commits.submit(new EventWriter.Append(persistenceId, added));
  }

  /**
   * Deletes the events of one actor up to and including a sequence number. No replay sees them from
   * now on; their space is freed, and they leave their tags, in slices of bounded size.
   *
   * @return completed when all their space is free
   */
  CompletableFuture<@Nullable Void> deleteTo(String persistenceId, long sequenceNumber) {
    return commits.submit(new EventWriter.Delete(persistenceId, sequenceNumber));
  }

  /** Completed when every write submitted before this call has been answered. */
  CompletableFuture<@Nullable Void> settled() {
    return commits.settled();
  }

  /** The highest sequence number that was ever stored; 0 if none. Deletions do not lower it. */
  long highestSequenceNumber(String persistenceId) {
    return directory.read(
        txn -> {
          var entry = names.find(txn, Names.Kind.PERSISTENCE_ID, persistenceId);
          return entry == null ? 0 : highest(txn, index, entry);
        });
  }

  static long highest(Txn<DirectBuffer> txn, Dbi<DirectBuffer> index, Names.Entry entry) {
    try (var cursor = index.openCursor(txn)) {
      // The place after the actor's last event, then one back.
      var end = Scratch.ofThread().key(entry.number(), Long.MAX_VALUE);
      boolean any = cursor.get(end, GetOp.MDB_SET_RANGE) ? cursor.prev() : cursor.last();
      boolean own = any && cursor.key().getLong(0, BIG_ENDIAN) == entry.number();
      long last = own ? cursor.key().getLong(Long.BYTES, BIG_ENDIAN) : 0;
      return Math.max(last, entry.highest());
    }
  }

  /** The offset of the last committed event; 0 if there has been none. */
  long lastOffset() {
    return writer.lastOffset();
  }

  /** The offset of the last event with a tag; 0 if there is none. */
  long lastOffset(String tag) {
    return directory.read(
        txn -> {
          var entry = names.find(txn, Names.Kind.TAG, tag);
          if (entry == null) {
            return 0L;
          }
          try (var cursor = tags.openCursor(txn)) {
            // The place after the tag's last event, then one back.
            var end = Scratch.ofThread().key(entry.number(), Long.MAX_VALUE);
            boolean any = cursor.get(end, GetOp.MDB_SET_RANGE) ? cursor.prev() : cursor.last();
            boolean own = any && cursor.key().getLong(0, BIG_ENDIAN) == entry.number();
            return own ? cursor.key().getLong(Long.BYTES, BIG_ENDIAN) : 0L;
          }
        });
  }

  /** The events of one actor from one sequence number to another, both inclusive. */
  EventPages eventsOf(String persistenceId, long from, long to) {
    return new EventPages.OfPersistenceId(this, persistenceId, from, to);
  }

  /** The events with a tag after one offset and up to another. */
  EventPages eventsTagged(String tag, long afterOffset, long toOffset) {
    return new EventPages.OfTag(this, tag, afterOffset, toOffset);
  }

  /** Persistence ids in the order in which they first wrote, after the given number. */
  List<Names.Numbered> persistenceIds(long afterNumber) {
    int limit = directory.settings().pageRecordsMax();
    return directory.read(txn -> names.after(txn, Names.Kind.PERSISTENCE_ID, afterNumber, limit));
  }

  Appends appends() {
    return appends;
  }

  LmdbDirectory directory() {
    return directory;
  }

  Names names() {
    return names;
  }

  /** The record at an offset, or null. */
  @Nullable DirectBuffer record(Txn<DirectBuffer> txn, long offset) {
    return events.get(txn, Scratch.ofThread().key(offset));
  }

  Cursor<DirectBuffer> indexCursor(Txn<DirectBuffer> txn) {
    return index.openCursor(txn);
  }

  Cursor<DirectBuffer> tagsCursor(Txn<DirectBuffer> txn) {
    return tags.openCursor(txn);
  }

  /** Commits what waits, then closes. */
  @Override
  public void close() {
    commits.close();
    directory.close();
  }
}
