package xyz.openledger.actors.journal;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.GetOp;
import org.lmdbjava.SeekOp;
import org.lmdbjava.Txn;

/**
 * What a reading of the whole journal found: every record's checksum, and that records, index and
 * tags say the same. Nothing is written; the journal may be in use.
 *
 * @param events records
 * @param indexed entries of the index, one for each record
 * @param tagged entries of tags
 */
public record JournalCheck(long events, long indexed, long tagged) {

  /**
   * Reads everything.
   *
   * @throws JournalException.Corrupt at the first record that is not as it was written
   */
  static JournalCheck of(EventStore store) {
    return new Walk(store.directory()).check();
  }

  private static final class Walk {
    private final LmdbDirectory directory;
    private final Names names;
    private final Dbi<DirectBuffer> events;
    private final Dbi<DirectBuffer> index;
    private final Dbi<DirectBuffer> tags;
    private final EventRecord record = new EventRecord();

    private Walk(LmdbDirectory directory) {
      this.directory = directory;
      this.names = new Names(directory);
      this.events = directory.table("events");
      this.index = directory.table("index");
      this.tags = directory.table("tags");
    }

    private JournalCheck check() {
      return new JournalCheck(
          each(events, this::checkEvent),
          each(index, (txn, cursor) -> requireEvent(txn, cursor.val().getLong(0, BIG_ENDIAN))),
          each(
              tags,
              (txn, cursor) -> requireEvent(txn, cursor.key().getLong(Long.BYTES, BIG_ENDIAN))));
    }

    private interface Visit {
      void entry(Txn<DirectBuffer> txn, Cursor<DirectBuffer> cursor);
    }

    /** Visits all entries of a table, a page in each read transaction. Returns their number. */
    private long each(Dbi<DirectBuffer> table, Visit visit) {
      long visited = 0;
      var place = new byte[0];
      while (place != null) {
        var from = place;
        var page = directory.read(txn -> page(txn, table, from, visit));
        visited += page.visited();
        place = page.next();
      }
      return visited;
    }

    @SuppressWarnings("ArrayRecordComponent") // passed on once
    private record Page(long visited, byte @Nullable [] next) {}

    private Page page(Txn<DirectBuffer> txn, Dbi<DirectBuffer> table, byte[] from, Visit visit) {
      long visited = 0;
      try (var cursor = table.openCursor(txn)) {
        boolean more =
            from.length == 0
                ? cursor.first()
                : cursor.get(Scratch.ofThread().key(from), GetOp.MDB_SET_RANGE);
        for (; more; more = cursor.seek(SeekOp.MDB_NEXT)) {
          if (visited == directory.settings().pageRecordsMax()) {
            var next = new byte[cursor.key().capacity()];
            cursor.key().getBytes(0, next);
            return new Page(visited, next);
          }
          visit.entry(txn, cursor);
          visited++;
        }
      }
      return new Page(visited, null);
    }

    private void checkEvent(Txn<DirectBuffer> txn, Cursor<DirectBuffer> cursor) {
      long offset = cursor.key().getLong(0, BIG_ENDIAN);
      var event =
          record.read(
              offset, cursor.val(), number -> names.name(txn, Names.Kind.PERSISTENCE_ID, number));
      var entry = names.find(txn, Names.Kind.PERSISTENCE_ID, event.persistenceId());
      if (entry == null || entry.number() != event.persistenceNumber()) {
        throw new JournalException.Corrupt(where(event), "its persistence id does not lead to it");
      }
      var scratch = Scratch.ofThread();
      var indexed = index.get(txn, scratch.key(event.persistenceNumber(), event.sequenceNumber()));
      if (indexed == null || indexed.getLong(0, BIG_ENDIAN) != offset) {
        throw new JournalException.Corrupt(where(event), "the index does not lead to it");
      }
      for (long tag : event.tagNumbers()) {
        if (tags.get(txn, scratch.key(tag, offset)) == null) {
          throw new JournalException.Corrupt(
              where(event), "it is not found by its tag " + names.name(txn, Names.Kind.TAG, tag));
        }
      }
    }

    private static String where(StoredEvent event) {
      return "event %d of %s".formatted(event.sequenceNumber(), event.persistenceId());
    }

    private void requireEvent(Txn<DirectBuffer> txn, long offset) {
      if (events.get(txn, Scratch.ofThread().key(offset)) == null) {
        throw new JournalException.Corrupt("the event at offset " + offset, "it is missing");
      }
    }
  }
}
