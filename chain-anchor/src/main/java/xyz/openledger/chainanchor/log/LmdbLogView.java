package xyz.openledger.chainanchor.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.ByteArrayProxy;
import org.lmdbjava.CursorIterable;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.KeyRange;
import org.lmdbjava.Txn;
import xyz.openledger.protocol.Digest;

/**
 * A {@link LogView} in LMDB files.
 *
 * <pre>
 *   nodes        level (1) ‖ index (8)  →  hash (32)
 *   keys         leaf key               →  index (8)
 *   leaves       index (8)              →  length of the key (2) ‖ key ‖ leaf
 *   documents    index (8)              →  the readable receipt
 *   checkpoints  size (8)               →  the signed note
 *   cosigned     size (8)               →  the same with the witnesses' signatures
 * </pre>
 *
 * <p>One transaction an event. It is flushed to disk with each checkpoint and not before: the
 * journal is the truth, and what a power cut takes from this view is replayed. {@link
 * #isConsistent} tells whether a cut took more than that.
 */
public final class LmdbLogView implements LogView {
  private static final int READERS_MAX = 126;
  private static final int DATABASES = 6;

  private final Env<byte[]> environment;
  private final Dbi<byte[]> nodes;
  private final Dbi<byte[]> keys;
  private final Dbi<byte[]> leaves;
  private final Dbi<byte[]> documents;
  private final Dbi<byte[]> checkpoints;
  private final Dbi<byte[]> cosigned;
  private final LogTree tree;
  private volatile long size;

  private LmdbLogView(Env<byte[]> environment) {
    this.environment = environment;
    nodes = environment.openDbi("nodes", DbiFlags.MDB_CREATE);
    keys = environment.openDbi("keys", DbiFlags.MDB_CREATE);
    leaves = environment.openDbi("leaves", DbiFlags.MDB_CREATE);
    documents = environment.openDbi("documents", DbiFlags.MDB_CREATE);
    checkpoints = environment.openDbi("checkpoints", DbiFlags.MDB_CREATE);
    cosigned = environment.openDbi("cosigned", DbiFlags.MDB_CREATE);
    tree = new LogTree(new ReadingStore());
    try (Txn<byte[]> txn = environment.txnRead()) {
      size = leaves.stat(txn).entries;
    }
  }

  /**
   * Opens the view in {@code folder}, and makes it if there is none.
   *
   * @param sizeMaxBytes the most the files may grow to; reserves address space, not disk
   */
  public static LmdbLogView open(Path folder, long sizeMaxBytes) {
    try {
      Files.createDirectories(folder);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
    return new LmdbLogView(
        Env.create(ByteArrayProxy.PROXY_BA)
            .setMapSize(sizeMaxBytes)
            .setMaxDbs(DATABASES)
            .setMaxReaders(READERS_MAX)
            .open(folder.toFile(), EnvFlags.MDB_NOSYNC, EnvFlags.MDB_NOTLS));
  }

  /**
   * Whether its tree still has the root of its last checkpoint. If not, a power cut hit it badly:
   * delete the folder and replay the journal.
   */
  public boolean isConsistent() {
    try {
      var last = lastCheckpoint();
      return last.isEmpty()
          || (last.get().checkpoint().size() <= size
              && tree.root(last.get().checkpoint().size()).equals(last.get().checkpoint().root()));
    } catch (RuntimeException broken) {
      return false;
    }
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void apply(LogEvent event) {
    switch (event) {
      case LogEvent.LeavesAppended(long firstIndex, List<LogLeaf> fresh) -> {
        if (firstIndex > size) {
          throw new IllegalStateException("leaves before " + firstIndex + " are missing");
        }
        append(fresh.stream().skip(size - firstIndex).toList());
      }
      case LogEvent.CheckpointSealed(long sealed, String _, String note) -> {
        if (keep(checkpoints, sealed, note)) {
          environment.sync(true);
        }
      }
      case LogEvent.CheckpointCosigned(long size, String _, String note) ->
          keep(cosigned, size, note);
    }
  }

  /**
   * Writes a note down; false if it is there already. A member that starts replays every note there
   * ever was, and a flush to disk for each would make each start slower than the last.
   */
  private boolean keep(Dbi<byte[]> notes, long size, String note) {
    byte[] text = note.getBytes(UTF_8);
    try (Txn<byte[]> txn = environment.txnRead()) {
      if (Arrays.equals(notes.get(txn, number(size)), text)) {
        return false;
      }
    }
    try (Txn<byte[]> txn = environment.txnWrite()) {
      notes.put(txn, number(size), text);
      txn.commit();
    }
    return true;
  }

  private void append(List<LogLeaf> fresh) {
    if (fresh.isEmpty()) {
      return;
    }
    try (Txn<byte[]> txn = environment.txnWrite()) {
      var growing = new WritingStore(txn);
      long index = size;
      for (LogLeaf leaf : fresh) {
        growing.append(index, leaf.hash());
        byte[] key = leaf.key().getBytes(UTF_8);
        byte[] bytes = leaf.leaf();
        keys.put(txn, key, number(index));
        leaves.put(
            txn,
            number(index),
            ByteBuffer.allocate(Short.BYTES + key.length + bytes.length)
                .putShort((short) key.length)
                .put(key)
                .put(bytes)
                .array());
        documents.put(txn, number(index), leaf.document().getBytes(UTF_8));
        index++;
      }
      txn.commit();
      size = index;
    }
  }

  @Override
  public Optional<Position> find(String key) {
    try (Txn<byte[]> txn = environment.txnRead()) {
      byte[] index = keys.get(txn, key.getBytes(UTF_8));
      return index == null
          ? Optional.empty()
          : Optional.of(new Position(ByteBuffer.wrap(index).getLong(), read(txn, index).leafHex()));
    }
  }

  @Override
  public LogLeaf leaf(long index) {
    try (Txn<byte[]> txn = environment.txnRead()) {
      return read(txn, number(index));
    }
  }

  private LogLeaf read(Txn<byte[]> txn, byte[] index) {
    byte[] value = leaves.get(txn, index);
    byte[] document = documents.get(txn, index);
    if (value == null || document == null) {
      throw new IndexOutOfBoundsException("no leaf " + ByteBuffer.wrap(index).getLong());
    }
    var buffer = ByteBuffer.wrap(value);
    byte[] key = new byte[buffer.getShort()];
    byte[] leaf = new byte[buffer.remaining() - key.length];
    buffer.get(key).get(leaf);
    return new LogLeaf(
        new String(key, UTF_8), HexFormat.of().formatHex(leaf), new String(document, UTF_8));
  }

  @Override
  public Optional<CheckpointNote> checkpoint(long sealed) {
    try (Txn<byte[]> txn = environment.txnRead()) {
      return note(checkpoints.get(txn, number(sealed)));
    }
  }

  @Override
  public Optional<CheckpointNote> checkpointFrom(long sealed) {
    return first(checkpoints, KeyRange.atLeast(number(sealed)));
  }

  @Override
  public Optional<CheckpointNote> lastCheckpoint() {
    return first(checkpoints, KeyRange.allBackward());
  }

  @Override
  public Optional<CheckpointNote> cosignedFrom(long least) {
    return first(cosigned, KeyRange.atLeast(number(least)));
  }

  @Override
  public Optional<CheckpointNote> lastCosigned() {
    return first(cosigned, KeyRange.allBackward());
  }

  private Optional<CheckpointNote> first(Dbi<byte[]> notes, KeyRange<byte[]> range) {
    try (Txn<byte[]> txn = environment.txnRead();
        CursorIterable<byte[]> found = notes.iterate(txn, range)) {
      var entries = found.iterator();
      return entries.hasNext() ? note(entries.next().val()) : Optional.empty();
    }
  }

  private static Optional<CheckpointNote> note(byte @Nullable [] text) {
    return text == null
        ? Optional.empty()
        : Optional.of(CheckpointNote.parse(new String(text, UTF_8)));
  }

  @Override
  public LogTree tree() {
    return tree;
  }

  @Override
  public void close() {
    environment.sync(true);
    environment.close();
  }

  private static byte[] number(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  private static byte[] node(int level, long index) {
    return ByteBuffer.allocate(1 + Long.BYTES).put((byte) level).putLong(index).array();
  }

  private Digest node(Txn<byte[]> txn, int level, long index) {
    byte[] hash = nodes.get(txn, node(level, index));
    if (hash == null) {
      throw new IllegalStateException("no node %d of level %d".formatted(index, level));
    }
    return Digest.wrap(hash);
  }

  /**
   * Reads committed nodes, each in a transaction of its own: nodes never change, so that is as good
   * as one.
   */
  private final class ReadingStore implements NodeSource {
    @Override
    public Digest get(int level, long index) {
      try (Txn<byte[]> txn = environment.txnRead()) {
        return node(txn, level, index);
      }
    }
  }

  /** Reads and writes inside one transaction. */
  private final class WritingStore implements NodeStore {
    private final Txn<byte[]> txn;

    WritingStore(Txn<byte[]> txn) {
      this.txn = txn;
    }

    @Override
    public Digest get(int level, long index) {
      return node(txn, level, index);
    }

    @Override
    public void put(int level, long index, Digest hash) {
      nodes.put(txn, node(level, index), hash.bytes());
    }
  }
}
