package xyz.openledger.chainanchor.witness;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import xyz.openledger.chainanchor.log.CheckpointNote;
import xyz.openledger.chainanchor.log.LogKey;

/**
 * A witness's memory: the log's key, pinned, and the last checkpoint that was cosigned.
 *
 * <pre>
 *   log.key      the C2SP verifier key of the log
 *   checkpoint   the note, replaced whole
 *   LOCK         held by the process that uses it
 * </pre>
 */
public final class WitnessStore implements AutoCloseable {
  private static final String KEY = "log.key";
  private static final String CHECKPOINT = "checkpoint";

  private final Path folder;
  private final FileChannel lock;

  private WitnessStore(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * Opens the memory in {@code folder}, which is made if there is none.
   *
   * @throws IOException if another process uses it
   */
  public static WitnessStore open(Path folder) throws IOException {
    Files.createDirectories(folder);
    var channel =
        FileChannel.open(
            folder.resolve("LOCK"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock held;
    try {
      held = channel.tryLock();
    } catch (OverlappingFileLockException here) {
      held = null;
    }
    if (held == null) {
      channel.close();
      throw new IOException(
          folder
              + " is in use by another witness; two with one memory would contradict each other");
    }
    return new WitnessStore(folder, channel);
  }

  /** The pinned key of the log, if there is one. */
  public Optional<LogKey> logKey() throws IOException {
    return read(KEY).map(LogKey::parse);
  }

  /**
   * Pins the key of the log.
   *
   * @throws IOException if another one is pinned
   */
  public void pin(LogKey key) throws IOException {
    var known = logKey();
    if (known.isPresent() && !known.get().toString().equals(key.toString())) {
      throw new IOException("this memory is of the log %s, not of %s".formatted(known.get(), key));
    }
    if (known.isEmpty()) {
      replace(KEY, key + "\n");
    }
  }

  /**
   * The last checkpoint that was cosigned.
   *
   * @throws IOException if there is a file and it is damaged: nothing may be signed then
   */
  public Optional<CheckpointNote> seen() throws IOException {
    try {
      return read(CHECKPOINT).map(CheckpointNote::parse);
    } catch (IllegalArgumentException damaged) {
      throw new IOException(
          folder.resolve(CHECKPOINT) + " is damaged: " + damaged.getMessage(), damaged);
    }
  }

  /** Remembers a checkpoint; it is on disk when this returns. */
  void save(CheckpointNote note) throws IOException {
    replace(CHECKPOINT, note.text());
  }

  private Optional<String> read(String name) throws IOException {
    Path file = folder.resolve(name);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    if (Files.size(file) > CheckpointNote.LENGTH_MAX) {
      throw new IOException(file + " is too long");
    }
    return Optional.of(Files.readString(file, StandardCharsets.UTF_8));
  }

  /** Under another name first, so that the old or the new one is there whatever happens. */
  private void replace(String name, String text) throws IOException {
    Path draft = folder.resolve(name + ".new");
    try (var channel =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(draft, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    // The new name itself must be on the disk too.
    try (var directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
