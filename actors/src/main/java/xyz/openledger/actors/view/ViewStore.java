package xyz.openledger.actors.view;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.ByteArrayProxy;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.KeyRange;
import org.lmdbjava.Txn;

/**
 * Tables of bytes in one LMDB file. Not synced to disk at each commit: what a power cut loses is
 * made again from the journal, since the offset is written in the same transaction as what was made
 * from it.
 */
public final class ViewStore implements AutoCloseable {
  /**
   * How the tables are to be read. Raise it with any change to what stands in them: views of
   * another form are emptied, and made again from the journal.
   */
  static final long FORM = 4;

  private static final byte[] FORM_KEY = key("form");
  private static final long BYTES_MAX = 16L << 30;
  private static final int READERS_MAX = 256;

  private final Env<byte[]> env;
  private final Map<Table, Dbi<byte[]>> tables = new EnumMap<>(Table.class);

  /** Held while a transaction writes, so that the file is not closed under it. */
  private final ReentrantLock writing = new ReentrantLock();

  private boolean closed;

  /** The tables. */
  enum Table {
    /** What was read of the journal: tag to offset; and the form of all tables. */
    OFFSETS,
    /** Job id to {@link JobRow}. */
    JOBS,
    /** Newest first: inverted time and job id, to nothing. */
    JOBS_BY_TIME,
    /** Job id to what was submitted, canonical. */
    SPECS,
    /** Job id to receipt document. */
    RECEIPTS,
    /** Output digest to small output. */
    OUTPUTS,
    /** Node id to reputation. */
    REPUTATIONS,
    /** Node id to enrolment. */
    NODES
  }

  /** Opens the views in {@code directory}; makes them if there are none. */
  public ViewStore(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    env =
        Env.create(ByteArrayProxy.PROXY_BA)
            .setMapSize(BYTES_MAX)
            .setMaxDbs(Table.values().length)
            .setMaxReaders(READERS_MAX)
            .open(directory.toFile(), 0600, EnvFlags.MDB_NOTLS, EnvFlags.MDB_NOSYNC);
    for (Table table : Table.values()) {
      tables.put(table, env.openDbi(table.name(), DbiFlags.MDB_CREATE));
    }
    emptyIfOfAnotherForm();
  }

  private void emptyIfOfAnotherForm() {
    try (Txn<byte[]> txn = env.txnWrite()) {
      if (Arrays.equals(dbi(Table.OFFSETS).get(txn, FORM_KEY), number(FORM))) {
        return;
      }
      tables.values().forEach(table -> table.drop(txn));
      dbi(Table.OFFSETS).put(txn, FORM_KEY, number(FORM));
      txn.commit();
    }
  }

  /** Writes; one at a time. */
  public final class Writing implements AutoCloseable {
    private final Txn<byte[]> txn;

    private Writing() {
      writing.lock();
      try {
        if (closed) {
          throw new IllegalStateException("the views are closed");
        }
        txn = env.txnWrite();
      } catch (RuntimeException failure) {
        writing.unlock();
        throw failure;
      }
    }

    byte @Nullable [] get(Table table, byte[] key) {
      return dbi(table).get(txn, key);
    }

    void put(Table table, byte[] key, byte[] value) {
      dbi(table).put(txn, key, value);
    }

    void delete(Table table, byte[] key) {
      dbi(table).delete(txn, key);
    }

    void commit() {
      txn.commit();
    }

    @Override
    public void close() {
      try {
        txn.close();
      } finally {
        writing.unlock();
      }
    }
  }

  Writing write() {
    return new Writing();
  }

  byte @Nullable [] get(Table table, byte[] key) {
    try (Txn<byte[]> txn = env.txnRead()) {
      return dbi(table).get(txn, key);
    }
  }

  /** Walks a table from {@code from} on, until {@code visitor} says no more. */
  void walk(Table table, byte @Nullable [] from, BiPredicate<byte[], byte[]> visitor) {
    KeyRange<byte[]> range = from == null ? KeyRange.all() : KeyRange.greaterThan(from);
    try (Txn<byte[]> txn = env.txnRead();
        var cursor = dbi(table).iterate(txn, range)) {
      for (var entry : cursor) {
        if (!visitor.test(entry.key(), entry.val())) {
          return;
        }
      }
    }
  }

  @Override
  public void close() {
    writing.lock();
    try {
      closed = true;
      env.close();
    } finally {
      writing.unlock();
    }
  }

  static byte[] key(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] number(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  private Dbi<byte[]> dbi(Table table) {
    return Objects.requireNonNull(tables.get(table));
  }
}
