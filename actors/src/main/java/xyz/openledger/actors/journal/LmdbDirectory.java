package xyz.openledger.actors.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.DirectBufferProxy;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.LmdbException;
import org.lmdbjava.Txn;

/**
 * One LMDB environment in a directory of its own.
 *
 * <pre>
 *   FORMAT     what the directory holds and in which version, one line of text
 *   LOCK       held by the one process that may use the directory
 *   data.mdb   LMDB's pages; grows with use, never shrinks
 *   lock.mdb   LMDB's reader table
 * </pre>
 *
 * Every commit is synchronous: when it returns, the data is on the disk. The map is writable only
 * through LMDB, so a stray write in this process cannot reach the file, and a full disk is an error
 * instead of a signal.
 */
final class LmdbDirectory implements AutoCloseable {
  /** Concurrent read transactions; each page of a replay or a query holds one, for microseconds. */
  private static final int READERS_MAX = 512;

  /**
   * Pages that a commit rewrites before old ones are free again, and pages that old ones fragment.
   */
  private static final long SLACK_BYTES_MIN = 64L << 20;

  private final StoreSettings settings;
  private final FileChannel lock;
  private final Env<DirectBuffer> env;
  private final Map<String, Dbi<DirectBuffer>> tables = new LinkedHashMap<>();
  private final ReentrantReadWriteLock open = new ReentrantReadWriteLock();

  private LmdbDirectory(
      StoreSettings settings, FileChannel lock, Env<DirectBuffer> env, List<String> tableNames) {
    this.settings = settings;
    this.lock = lock;
    this.env = env;
    tableNames.forEach(name -> tables.put(name, env.openDbi(name, DbiFlags.MDB_CREATE)));
  }

  /**
   * Opens the directory, creating it when absent.
   *
   * @param format the line that FORMAT must hold
   * @throws JournalException.Unusable when it holds something else, or another process holds it
   */
  static LmdbDirectory open(StoreSettings settings, String format, List<String> tableNames) {
    var directory = settings.directory();
    FileChannel lock = null;
    try {
      Files.createDirectories(directory);
      lock = lock(directory);
      requireFormat(directory, format);
      var env =
          Env.create(DirectBufferProxy.PROXY_DB)
              .setMapSize(mapBytes(settings.bytesMax()))
              .setMaxDbs(tableNames.size())
              .setMaxReaders(READERS_MAX)
              // Read transactions belong to a call, not to a thread: pool threads come and go.
              .open(directory.toFile(), 0600, EnvFlags.MDB_NOTLS);
      return open(settings, lock, env, tableNames);
    } catch (IOException | LmdbException failure) {
      unlock(lock);
      throw new JournalException.Unusable(directory, String.valueOf(failure.getMessage()), failure);
    } catch (JournalException refusal) {
      unlock(lock);
      throw refusal;
    }
  }

  private static LmdbDirectory open(
      StoreSettings settings, FileChannel lock, Env<DirectBuffer> env, List<String> tableNames)
      throws IOException {
    try {
      var opened = new LmdbDirectory(settings, lock, env, tableNames);
      force(settings.directory()); // the files are there for good before anything is acknowledged
      return opened;
    } catch (IOException | RuntimeException failure) {
      env.close();
      throw failure;
    }
  }

  private static long mapBytes(long bytesMax) {
    long bytes = bytesMax + Math.max(SLACK_BYTES_MIN, bytesMax / 4);
    return bytes - bytes % (64 << 10);
  }

  private static FileChannel lock(Path directory) throws IOException {
    var channel =
        FileChannel.open(
            directory.resolve("LOCK"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException held) {
      channel.close();
      throw new JournalException.Unusable(directory, "it is already open in this process", held);
    }
    channel.close();
    throw new JournalException.Unusable(directory, "another process holds its LOCK");
  }

  private static void unlock(@Nullable FileChannel lock) {
    try {
      if (lock != null) {
        lock.close();
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void requireFormat(Path directory, String format) throws IOException {
    var file = directory.resolve("FORMAT");
    if (Files.exists(file)) {
      var found = Files.readString(file).strip();
      if (!found.equals(format)) {
        throw new JournalException.Unusable(
            directory, "FORMAT says \"%s\", this program reads \"%s\"".formatted(found, format));
      }
    } else if (Files.exists(directory.resolve("data.mdb"))) {
      throw new JournalException.Unusable(directory, "it holds data but no FORMAT file");
    } else {
      write(directory, file, format);
    }
  }

  /** The file appears whole or not at all, and before any data does. */
  private static void write(Path directory, Path file, String format) throws IOException {
    var fresh = directory.resolve("FORMAT.new");
    try (var channel =
        FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.truncate(0);
      channel.write(StandardCharsets.UTF_8.encode(format + "\n"));
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    force(directory);
  }

  private static void force(Path directory) throws IOException {
    try (var folder = FileChannel.open(directory, StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  StoreSettings settings() {
    return settings;
  }

  Dbi<DirectBuffer> table(String name) {
    var table = tables.get(name);
    if (table == null) {
      throw new IllegalArgumentException("no table " + name);
    }
    return table;
  }

  /** Begins the write transaction; only one may be under way, so only the writer thread asks. */
  Txn<DirectBuffer> beginWrite() {
    return env.txnWrite();
  }

  /**
   * Answers a question from one consistent view. The view holds back the reuse of pages, so ask in
   * bounded pages.
   *
   * @throws JournalException.Unusable once closed
   */
  <R extends @Nullable Object> R read(Function<Txn<DirectBuffer>, R> question) {
    // Closing unmaps the pages: it waits for readers, and later readers learn of it.
    open.readLock().lock();
    try {
      if (env.isClosed()) {
        throw new JournalException.Unusable(settings.directory(), "it is closed");
      }
      try (var txn = env.txnRead()) {
        return question.apply(txn);
      }
    } finally {
      open.readLock().unlock();
    }
  }

  /** Bytes of pages that hold live data, as this transaction sees them. */
  long usedBytes(Txn<DirectBuffer> txn) {
    long bytes = 0;
    for (var table : tables.values()) {
      var stat = table.stat(txn);
      bytes += (stat.branchPages + stat.leafPages + stat.overflowPages) * stat.pageSize;
    }
    return bytes;
  }

  JournalException.Full full() {
    return new JournalException.Full(
        settings.directory(), settings.bytesMax(), settings.path() + ".bytes-max");
  }

  /** Waits for readers, then closes. The writer must have stopped. */
  @Override
  public void close() {
    open.writeLock().lock();
    try {
      if (!env.isClosed()) {
        env.close();
        unlock(lock);
      }
    } finally {
      open.writeLock().unlock();
    }
  }
}
