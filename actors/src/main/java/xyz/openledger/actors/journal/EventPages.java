package xyz.openledger.actors.journal;

import static java.nio.ByteOrder.BIG_ENDIAN;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.lmdbjava.GetOp;
import org.lmdbjava.SeekOp;
import org.lmdbjava.Txn;

/**
 * Reads events page by page, each page in a short read transaction of bounded size, so that a slow
 * reader never holds back the reuse of LMDB's pages.
 */
abstract sealed class EventPages implements Pages<StoredEvent> {
  final EventStore store;
  private final EventRecord record = new EventRecord();
  private final int recordsMax;
  private final long bytesMax;
  private List<StoredEvent> page = List.of();
  private long pageBytes;

  private EventPages(EventStore store) {
    this.store = store;
    var settings = store.directory().settings();
    this.recordsMax = settings.pageRecordsMax();
    this.bytesMax = settings.pageBytesMax();
  }

  @Override
  public final List<StoredEvent> next() {
    page = new ArrayList<>();
    pageBytes = 0;
    return store
        .directory()
        .read(
            txn -> {
              fill(txn);
              return page;
            });
  }

  /** Adds what follows to the page, while there is room. */
  abstract void fill(Txn<DirectBuffer> txn);

  abstract String persistenceId(Txn<DirectBuffer> txn, long number);

  final boolean hasRoom() {
    return page.size() < recordsMax && pageBytes < bytesMax;
  }

  final void add(StoredEvent event) {
    page.add(event);
    pageBytes += event.event().bytes().length;
  }

  final StoredEvent read(Txn<DirectBuffer> txn, long offset) {
    var bytes = store.record(txn, offset);
    if (bytes == null) {
      throw new JournalException.Corrupt("the event at offset " + offset, "it is missing");
    }
    return record.read(offset, bytes, number -> persistenceId(txn, number));
  }

  /**
   * One actor's events. Each names the one before it, so that a missing one is noticed, while gaps
   * that the actor left (a rejected event) are not mistaken for one.
   */
  static final class OfPersistenceId extends EventPages {
    private final String persistenceId;
    private final long to;
    private long from;

    OfPersistenceId(EventStore store, String persistenceId, long from, long to) {
      super(store);
      this.persistenceId = persistenceId;
      this.from = Math.max(1, from);
      this.to = to;
    }

    @Override
    void fill(Txn<DirectBuffer> txn) {
      var entry = store.names().find(txn, Names.Kind.PERSISTENCE_ID, persistenceId);
      if (entry == null || exhausted()) {
        return;
      }
      from = Math.max(from, entry.deletedTo() + 1);
      try (var cursor = store.indexCursor(txn)) {
        boolean more =
            cursor.get(Scratch.ofThread().key(entry.number(), from), GetOp.MDB_SET_RANGE);
        while (more && hasRoom() && cursor.key().getLong(0, BIG_ENDIAN) == entry.number()) {
          long sequenceNumber = cursor.key().getLong(Long.BYTES, BIG_ENDIAN);
          if (sequenceNumber > to) {
            return;
          }
          add(checked(txn, entry, sequenceNumber, cursor.val().getLong(0, BIG_ENDIAN)));
          from = sequenceNumber + 1;
          more = cursor.seek(SeekOp.MDB_NEXT);
        }
      }
    }

    private StoredEvent checked(
        Txn<DirectBuffer> txn, Names.Entry entry, long sequenceNumber, long offset) {
      var event = read(txn, offset, sequenceNumber);
      if (event.persistenceNumber() != entry.number() || event.sequenceNumber() != sequenceNumber) {
        throw new JournalException.Corrupt(
            where(sequenceNumber), "the index leads to another event");
      }
      if (event.previousSequenceNumber() >= from) {
        throw new JournalException.Corrupt(
            where(event.previousSequenceNumber()),
            "it is missing, though event %d follows it".formatted(sequenceNumber));
      }
      return event;
    }

    private StoredEvent read(Txn<DirectBuffer> txn, long offset, long sequenceNumber) {
      try {
        return read(txn, offset);
      } catch (JournalException.Corrupt corrupt) {
        throw corrupt.of(where(sequenceNumber));
      }
    }

    private String where(long sequenceNumber) {
      return "event %d of %s".formatted(sequenceNumber, persistenceId);
    }

    @Override
    String persistenceId(Txn<DirectBuffer> txn, long number) {
      return persistenceId;
    }

    @Override
    public boolean exhausted() {
      return from > to;
    }
  }

  /** One tag's events, in the order of their offsets. */
  static final class OfTag extends EventPages {
    /** Persistence ids that a reader remembers the names of. */
    private static final int NAMES_MAX = 4_096;

    private final String tag;
    private final long to;
    private final Map<Long, String> persistenceIds = new HashMap<>();
    private long after;

    OfTag(EventStore store, String tag, long after, long to) {
      super(store);
      this.tag = tag;
      this.after = after;
      this.to = to;
    }

    @Override
    void fill(Txn<DirectBuffer> txn) {
      var entry = store.names().find(txn, Names.Kind.TAG, tag);
      if (entry == null || exhausted()) {
        return;
      }
      try (var cursor = store.tagsCursor(txn)) {
        boolean more =
            cursor.get(Scratch.ofThread().key(entry.number(), after + 1), GetOp.MDB_SET_RANGE);
        while (more && hasRoom() && cursor.key().getLong(0, BIG_ENDIAN) == entry.number()) {
          long offset = cursor.key().getLong(Long.BYTES, BIG_ENDIAN);
          if (offset > to) {
            after = to;
            return;
          }
          add(read(txn, offset));
          after = offset;
          more = cursor.seek(SeekOp.MDB_NEXT);
        }
      }
    }

    @Override
    String persistenceId(Txn<DirectBuffer> txn, long number) {
      var known = persistenceIds.get(number);
      if (known == null) {
        if (persistenceIds.size() >= NAMES_MAX) {
          persistenceIds.clear();
        }
        known = store.names().name(txn, Names.Kind.PERSISTENCE_ID, number);
        persistenceIds.put(number, known);
      }
      return known;
    }

    @Override
    public boolean exhausted() {
      return after >= to;
    }
  }
}
