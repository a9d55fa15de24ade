package xyz.openledger.actors.journal;

import static java.nio.ByteOrder.BIG_ENDIAN;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Dbi;
import org.lmdbjava.GetOp;
import org.lmdbjava.SeekOp;
import org.lmdbjava.Txn;

/**
 * The snapshots of one member's actors, in an environment of their own, so that a large snapshot
 * never stands before a small event.
 *
 * <pre>
 *   snapshots   persistence number, seq nr  →  an {@link EventRecord} with the sequence number as offset
 *   names, numbers                             see {@link Names}
 * </pre>
 */
final class StoredSnapshots implements AutoCloseable {
  static final String FORMAT = "openledger-snapshots 1";

  /** Which snapshots of an actor are meant; both ends of both ranges are inclusive. */
  record Selection(long fromNumber, long toNumber, long fromMillis, long toMillis) {
    boolean anyTime() {
      return fromMillis <= 0 && toMillis == Long.MAX_VALUE;
    }

    boolean matches(StoredEvent snapshot) {
      return fromMillis <= snapshot.timestampMillis() && snapshot.timestampMillis() <= toMillis;
    }
  }

  private static final Names.Kind KIND = Names.Kind.PERSISTENCE_ID;

  private final LmdbDirectory directory;
  private final Names names;
  private final Dbi<DirectBuffer> snapshots;
  private final GroupCommit<Batch> commits;

  private StoredSnapshots(LmdbDirectory directory) {
    this.directory = directory;
    this.names = new Names(directory);
    this.snapshots = directory.table("snapshots");
    this.commits = new GroupCommit<>("openledger-snapshot-writer", directory, Batch::new);
  }

  /**
   * Opens the store, creating it when absent.
   *
   * @throws JournalException.Unusable when the directory holds something else, or is in use
   */
  static StoredSnapshots open(StoreSettings settings) {
    var tables = List.of("snapshots", "names", "numbers");
    return new StoredSnapshots(LmdbDirectory.open(settings, FORMAT, tables));
  }

  /** Stores a snapshot, in place of an earlier one of the same sequence number. */
  CompletableFuture<@Nullable Void> save(String persistenceId, NewEvent snapshot) {
    Names.require(KIND, persistenceId);
    return commits.submit(new Save(persistenceId, snapshot));
  }

  /** Deletes an actor's snapshots. */
  CompletableFuture<@Nullable Void> delete(String persistenceId, Selection selection) {
    return commits.submit(new Delete(persistenceId, selection));
  }

  /** Completed when every write submitted before this call has been answered. */
  CompletableFuture<@Nullable Void> settled() {
    return commits.settled();
  }

  /**
   * The selected snapshot of the highest sequence number.
   *
   * @throws JournalException.Corrupt when one that is looked at is not as it was written
   */
  @Nullable StoredEvent latest(String persistenceId, Selection selection) {
    return directory.read(
        txn -> {
          var entry = names.find(txn, KIND, persistenceId);
          return entry == null ? null : latest(txn, entry, persistenceId, selection);
        });
  }

  private @Nullable StoredEvent latest(
      Txn<DirectBuffer> txn, Names.Entry entry, String persistenceId, Selection selection) {
    try (var cursor = snapshots.openCursor(txn)) {
      // The first place beyond the range, then backwards.
      long to = selection.toNumber();
      long beyond = to == Long.MAX_VALUE ? to : to + 1;
      var end = Scratch.ofThread().key(entry.number(), beyond);
      boolean any = cursor.get(end, GetOp.MDB_SET_RANGE) ? cursor.prev() : cursor.last();
      for (; any && cursor.key().getLong(0, BIG_ENDIAN) == entry.number(); any = cursor.prev()) {
        long sequenceNumber = cursor.key().getLong(Long.BYTES, BIG_ENDIAN);
        if (sequenceNumber < selection.fromNumber()) {
          return null;
        }
        var snapshot = read(entry, persistenceId, sequenceNumber, cursor.val());
        if (selection.matches(snapshot)) {
          return snapshot;
        }
      }
      return null;
    }
  }

  private static StoredEvent read(
      Names.Entry entry, String persistenceId, long sequenceNumber, DirectBuffer bytes) {
    var where = "snapshot %d of %s".formatted(sequenceNumber, persistenceId);
    StoredEvent snapshot;
    try {
      snapshot = new EventRecord().read(sequenceNumber, bytes, _ -> persistenceId);
    } catch (JournalException.Corrupt corrupt) {
      throw corrupt.of(where);
    }
    if (snapshot.persistenceNumber() != entry.number()) {
      throw new JournalException.Corrupt(where, "it belongs to another actor");
    }
    return snapshot;
  }

  /** Commits what waits, then closes. */
  @Override
  public void close() {
    commits.close();
    directory.close();
  }

  LmdbDirectory directory() {
    return directory;
  }

  private record Save(String persistenceId, NewEvent snapshot) implements GroupCommit.Write<Batch> {
    @Override
    public int bytes() {
      return snapshot.bytes();
    }

    @Override
    public boolean grows() {
      return true;
    }

    @Override
    public boolean apply(Batch batch) {
      batch.save(this);
      return true;
    }
  }

  private record Delete(String persistenceId, Selection selection)
      implements GroupCommit.Write<Batch> {
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
      batch.delete(this);
      return true;
    }
  }

  private final class Batch implements GroupCommit.Batch {
    private final Txn<DirectBuffer> txn;
    private final EventRecord record = new EventRecord();

    private Batch(Txn<DirectBuffer> txn) {
      this.txn = txn;
    }

    private void save(Save save) {
      var found = names.find(txn, KIND, save.persistenceId());
      var entry = found != null ? found : names.create(txn, KIND, save.persistenceId());
      var snapshot = save.snapshot();
      long sequenceNumber = snapshot.sequenceNumber();
      int bytes = record.prepare(snapshot, sequenceNumber, entry.number(), 0, new long[0]);
      var key = Scratch.ofThread().key(entry.number(), sequenceNumber);
      record.write(snapshot, (MutableDirectBuffer) snapshots.reserve(txn, key, bytes));
    }

    private void delete(Delete delete) {
      var entry = names.find(txn, KIND, delete.persistenceId());
      if (entry == null) {
        return;
      }
      for (long sequenceNumber : doomed(entry, delete)) {
        snapshots.delete(txn, Scratch.ofThread().key(entry.number(), sequenceNumber));
      }
    }

    private List<Long> doomed(Names.Entry entry, Delete delete) {
      var doomed = new ArrayList<Long>();
      try (var cursor = snapshots.openCursor(txn)) {
        var start = Scratch.ofThread().key(entry.number(), delete.selection().fromNumber());
        boolean more = cursor.get(start, GetOp.MDB_SET_RANGE);
        while (more && cursor.key().getLong(0, BIG_ENDIAN) == entry.number()) {
          long sequenceNumber = cursor.key().getLong(Long.BYTES, BIG_ENDIAN);
          if (sequenceNumber > delete.selection().toNumber()) {
            break;
          }
          if (selects(delete, entry, sequenceNumber, cursor.val())) {
            doomed.add(sequenceNumber);
          }
          more = cursor.seek(SeekOp.MDB_NEXT);
        }
      }
      return doomed;
    }

    /** Looks into a snapshot only if its time matters: a corrupt one can be deleted. */
    private boolean selects(
        Delete delete, Names.Entry entry, long sequenceNumber, DirectBuffer bytes) {
      var selection = delete.selection();
      return selection.anyTime()
          || selection.matches(read(entry, delete.persistenceId(), sequenceNumber, bytes));
    }

    @Override
    public void finish() {}

    @Override
    public void close() {}

    @Override
    public void committed() {}

    @Override
    public void rolledBack() {}
  }
}
