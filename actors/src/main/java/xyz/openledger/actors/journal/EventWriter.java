package xyz.openledger.actors.journal;

import static java.nio.ByteOrder.BIG_ENDIAN;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.GetOp;
import org.lmdbjava.PutFlags;
import org.lmdbjava.SeekOp;
import org.lmdbjava.Txn;

/** Writes events; everything here but {@link #lastOffset} belongs to the writer thread. */
final class EventWriter {
  /** Actors whose standing is kept in memory; the others' is looked up again. */
  private static final int STREAMS_MAX = 65_536;

  private static final int TAGS_MAX = 4_096;

  /** Events that one slice of a deletion removes. */
  private static final int DELETED_PER_SLICE = 512;

  /** Where one persistence id stands. */
  private static final class Stream {
    private final long number;
    private long highest;

    private Stream(long number, long highest) {
      this.number = number;
      this.highest = highest;
    }
  }

  /** Appends the events of one actor. */
  record Append(String persistenceId, List<NewEvent> events, int bytes)
      implements GroupCommit.Write<Batch> {
    Append {
      Names.require(Names.Kind.PERSISTENCE_ID, persistenceId);
    }

    Append(String persistenceId, List<NewEvent> events) {
      this(persistenceId, events, events.stream().mapToInt(NewEvent::bytes).sum());
    }

    @Override
    public boolean grows() {
      return true;
    }

    @Override
    public boolean apply(Batch batch) {
      batch.append(this);
      return true;
    }
  }

  /** Deletes the events of one actor. */
  record Delete(String persistenceId, long toSequenceNumber) implements GroupCommit.Write<Batch> {
    @Override
    public int bytes() {
      return 0;
    }

    @Override
    public boolean grows() {
      return false;
    }

    @Override
    public boolean apply(Batch batch) {
      return batch.delete(this);
    }
  }

  private final Names names;
  private final Dbi<DirectBuffer> events;
  private final Dbi<DirectBuffer> index;
  private final Dbi<DirectBuffer> tags;
  private final Dbi<DirectBuffer> meta;
  private final Appends appends;
  private final EventRecord record = new EventRecord();
  private final Map<String, Stream> streams = leastRecentlyUsed(STREAMS_MAX);
  private final Map<String, Long> tagNumbers = new HashMap<>();
  private volatile long lastOffset;

  EventWriter(LmdbDirectory directory, Names names, Appends appends) {
    this.names = names;
    this.events = directory.table("events");
    this.index = directory.table("index");
    this.tags = directory.table("tags");
    this.meta = directory.table("meta");
    this.appends = appends;
    this.lastOffset = directory.read(this::storedLastOffset);
  }

  private static <K, V> Map<K, V> leastRecentlyUsed(int sizeMax) {
    return new LinkedHashMap<>(64, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > sizeMax;
      }
    };
  }

  private long storedLastOffset(Txn<DirectBuffer> txn) {
    var kept = meta.get(txn, Scratch.ofThread().key(0));
    if (kept != null && kept.capacity() != Long.BYTES) {
      throw new JournalException.Corrupt("the last offset", kept.capacity() + " bytes");
    }
    long atDeletion = kept == null ? 0 : kept.getLong(0, BIG_ENDIAN);
    try (var cursor = events.openCursor(txn)) {
      long last = cursor.last() ? cursor.key().getLong(0, BIG_ENDIAN) : 0;
      return Math.max(last, atDeletion);
    }
  }

  long lastOffset() {
    return lastOffset;
  }

  Batch begin(Txn<DirectBuffer> txn) {
    return new Batch(txn);
  }

  /** What is written in one transaction. */
  final class Batch implements GroupCommit.Batch {
    private final Txn<DirectBuffer> txn;
    private final Scratch scratch = Scratch.ofThread();
    private final Cursor<DirectBuffer> eventsCursor;
    private final Cursor<DirectBuffer> indexCursor;
    private final Cursor<DirectBuffer> tagsCursor;
    private long offset = lastOffset;
    private boolean deleted;

    private Batch(Txn<DirectBuffer> txn) {
      this.txn = txn;
      this.eventsCursor = events.openCursor(txn);
      this.indexCursor = index.openCursor(txn);
      this.tagsCursor = tags.openCursor(txn);
    }

    void append(Append append) {
      var stream = stream(append.persistenceId());
      requireFree(append, stream.highest);
      for (var event : append.events()) {
        append(stream, event);
      }
    }

    private void append(Stream stream, NewEvent event) {
      offset++;
      var numbers = numbers(event.tags());
      int bytes = record.prepare(event, offset, stream.number, stream.highest, numbers);
      var place = eventsCursor.reserve(scratch.key(offset), bytes, PutFlags.MDB_APPEND);
      record.write(event, (MutableDirectBuffer) place);
      indexCursor.put(scratch.key(stream.number, event.sequenceNumber()), scratch.value(offset));
      for (long number : numbers) {
        tagsCursor.put(scratch.key(number, offset), scratch.noValue());
      }
      stream.highest = event.sequenceNumber();
    }

    private static void requireFree(Append append, long highest) {
      for (var event : append.events()) {
        if (event.sequenceNumber() <= highest) {
          throw new JournalException.Conflict(
              append.persistenceId(), event.sequenceNumber(), highest);
        }
        highest = event.sequenceNumber();
      }
    }

    private Stream stream(String persistenceId) {
      var known = streams.get(persistenceId);
      if (known != null) {
        return known;
      }
      var kind = Names.Kind.PERSISTENCE_ID;
      var found = names.find(txn, kind, persistenceId);
      var entry = found != null ? found : names.create(txn, kind, persistenceId);
      var stream = new Stream(entry.number(), highest(txn, entry));
      streams.put(persistenceId, stream);
      return stream;
    }

    private long[] numbers(List<String> tags) {
      var numbers = new long[tags.size()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = number(tags.get(i));
      }
      return numbers;
    }

    private long number(String tag) {
      var known = tagNumbers.get(tag);
      if (known != null) {
        return known;
      }
      var found = names.find(txn, Names.Kind.TAG, tag);
      var entry = found != null ? found : names.create(txn, Names.Kind.TAG, tag);
      if (tagNumbers.size() >= TAGS_MAX) {
        tagNumbers.clear();
      }
      tagNumbers.put(tag, entry.number());
      return entry.number();
    }

    boolean delete(Delete delete) {
      var kind = Names.Kind.PERSISTENCE_ID;
      var entry = names.find(txn, kind, delete.persistenceId());
      if (entry == null) {
        return true;
      }
      var doomed = firstUpTo(entry.number(), delete.toSequenceNumber());
      long highest = highest(txn, entry);
      long deletedTo = Math.max(entry.deletedTo(), Math.min(delete.toSequenceNumber(), highest));
      names.put(
          txn, kind, delete.persistenceId(), new Names.Entry(entry.number(), deletedTo, highest));
      doomed.forEach(event -> remove(entry.number(), event));
      return doomed.size() < DELETED_PER_SLICE;
    }

    private List<StoredEvent> firstUpTo(long number, long toSequenceNumber) {
      var found = new ArrayList<StoredEvent>();
      boolean more = indexCursor.get(scratch.key(number, 0), GetOp.MDB_SET_RANGE);
      while (more
          && found.size() < DELETED_PER_SLICE
          && indexCursor.key().getLong(0, BIG_ENDIAN) == number
          && indexCursor.key().getLong(Long.BYTES, BIG_ENDIAN) <= toSequenceNumber) {
        long at = indexCursor.val().getLong(0, BIG_ENDIAN);
        var bytes = events.get(txn, scratch.key(at));
        if (bytes == null) {
          throw new JournalException.Corrupt("the event at offset " + at, "it is missing");
        }
        found.add(record.read(at, bytes, _ -> ""));
        more = indexCursor.seek(SeekOp.MDB_NEXT);
      }
      return found;
    }

    private void remove(long number, StoredEvent event) {
      index.delete(txn, scratch.key(number, event.sequenceNumber()));
      for (long tag : event.tagNumbers()) {
        tags.delete(txn, scratch.key(tag, event.offset()));
      }
      events.delete(txn, scratch.key(event.offset()));
      deleted = true;
    }

    @Override
    public void finish() {
      if (deleted) {
        meta.put(txn, scratch.key(0), scratch.value(offset));
      }
    }

    @Override
    public void close() {
      eventsCursor.close();
      indexCursor.close();
      tagsCursor.close();
    }

    @Override
    public void committed() {
      if (offset > lastOffset) {
        lastOffset = offset;
        appends.committed();
      }
    }

    @Override
    public void rolledBack() {
      // They may speak of what was never stored.
      streams.clear();
      tagNumbers.clear();
    }
  }

  private long highest(Txn<DirectBuffer> txn, Names.Entry entry) {
    return EventStore.highest(txn, index, entry);
  }
}
