package xyz.openledger.cluster.blob;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

/**
 * Files named by the SHA-256 of their content.
 *
 * <pre>
 *   sha256/ab/&lt;64 hex digits&gt;     complete, verified, durable
 *   incoming/…                     being written; swept at the next start
 * </pre>
 *
 * <p>A blob is written aside, its digest compared, then synced and renamed, so that what stands
 * under a name always has that content, whatever was killed when. Calls block on the disk; they are
 * safe from many threads.
 */
public final class BlobStore {
  private static final int CHUNK_BYTES = 64 << 10;

  private final Path directory;
  private final Path incoming;
  private final BlobSettings settings;
  private final SmallBlobs small;
  private final AtomicLong totalBytes;

  private BlobStore(Path directory, BlobSettings settings, long totalBytes) {
    this.directory = directory.resolve("sha256");
    this.incoming = directory.resolve("incoming");
    this.settings = settings;
    this.small = new SmallBlobs(settings.cacheBytesMax());
    this.totalBytes = new AtomicLong(totalBytes);
  }

  /**
   * Opens the store, sweeps what was left half written, and counts what is there.
   *
   * @param directory such as {@code .openledger/blobs}; made if missing. One process at a time
   */
  public static BlobStore open(Path directory, BlobSettings settings) throws IOException {
    Files.createDirectories(directory.resolve("sha256"));
    Files.createDirectories(directory.resolve("incoming"));
    try (var halves = Files.list(directory.resolve("incoming"))) {
      for (Path half : halves.toList()) {
        Files.delete(half);
      }
    }
    try (var files = Files.walk(directory.resolve("sha256"))) {
      long total = files.filter(Files::isRegularFile).mapToLong(BlobStore::size).sum();
      return new BlobStore(directory, settings, total);
    }
  }

  /** Whether the blob is stored. */
  public boolean has(Digest digest) {
    return small.get(digest) != null || Files.isRegularFile(file(digest));
  }

  /** The blob's length, if it is stored. */
  public Optional<Blob> find(Digest digest) {
    try {
      return Optional.of(new Blob(digest, Files.size(file(digest))));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** Opens a stored blob at its start, for reading in pieces. The caller closes it. */
  public Optional<FileChannel> open(Digest digest) {
    try {
      return Optional.of(FileChannel.open(file(digest), StandardOpenOption.READ));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /**
   * A whole blob. One of up to 64 KiB is checked against its digest and then kept in memory; its
   * array is shared, so treat it as read-only.
   *
   * @throws UncheckedIOException if the file cannot be read, or a small one no longer has its
   *     digest
   */
  public Optional<byte[]> read(Digest digest) {
    byte[] kept = small.get(digest);
    if (kept != null) {
      return Optional.of(kept);
    }
    try {
      byte[] content = Files.readAllBytes(file(digest));
      if (content.length <= SmallBlobs.BYTES_MAX) {
        if (!Digest.of(content).equals(digest)) {
          throw new IOException("the file of " + digest + " no longer has that digest");
        }
        small.put(digest, content);
      }
      return Optional.of(content);
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** Stores bytes; see {@link #put(InputStream, Digest)}. */
  public Blob put(byte[] content) {
    Digest digest = Digest.of(content);
    if (has(digest)) {
      return new Blob(digest, content.length);
    }
    Blob blob = put(new ByteArrayInputStream(content), digest);
    small.put(digest, content.clone());
    return blob;
  }

  /**
   * Stores all that the stream brings, durably. A repeat is fine. Does not close the stream.
   *
   * @param expected what the content must hash to; absent to take whatever it does
   * @throws ProblemException {@code too-large}, {@code digest-mismatch}, or {@code unavailable} if
   *     the store or the disk is full; nothing is left behind
   */
  public Blob put(InputStream content, @Nullable Digest expected) {
    try {
      Path half = Files.createTempFile(incoming, "blob", "");
      try {
        return keep(half, write(content, half), expected);
      } finally {
        Files.deleteIfExists(half);
      }
    } catch (IOException broken) {
      throw new ProblemException(
          Problem.UNAVAILABLE, "", "the blob could not be stored: " + broken.getMessage());
    }
  }

  /** The length of all blobs together. */
  public long totalBytes() {
    return totalBytes.get();
  }

  /** Whether a blob of any size that is allowed would fit. */
  public boolean hasRoom() {
    return totalBytes.get() + settings.blobBytesMax() <= settings.totalBytesMax();
  }

  /** What {@code settings} allow at the most for one blob. */
  public long blobBytesMax() {
    return settings.blobBytesMax();
  }

  /** Copies and hashes; the file is on the disk when this returns. */
  private Blob write(InputStream content, Path half) throws IOException {
    MessageDigest sha256 = Digest.sha256();
    byte[] chunk = new byte[CHUNK_BYTES];
    long length = 0;
    try (var file = FileChannel.open(half, StandardOpenOption.WRITE)) {
      for (int read = content.read(chunk); read >= 0; read = content.read(chunk)) {
        length += read;
        checkRoom(length);
        sha256.update(chunk, 0, read);
        for (var bytes = ByteBuffer.wrap(chunk, 0, read); bytes.hasRemaining(); ) {
          file.write(bytes);
        }
      }
      file.force(true);
    }
    return new Blob(Digest.wrap(sha256.digest()), length);
  }

  private void checkRoom(long length) {
    if (length > settings.blobBytesMax()) {
      throw new ProblemException(
          Problem.TOO_LARGE, "", "a blob may have %d bytes".formatted(settings.blobBytesMax()));
    }
    if (totalBytes.get() + length > settings.totalBytesMax()) {
      throw new ProblemException(
          Problem.UNAVAILABLE,
          "",
          "the blob store is full: it holds %d of %d bytes (openledger.blobs.total-max)"
              .formatted(totalBytes.get(), settings.totalBytesMax()));
    }
  }

  private Blob keep(Path half, Blob written, @Nullable Digest expected) throws IOException {
    if (expected != null && !written.digest().equals(expected)) {
      throw new ProblemException(
          Problem.DIGEST_MISMATCH,
          "digest",
          "the %d bytes have the digest %s, not %s"
              .formatted(written.bytes(), written.digest(), expected));
    }
    Path folder = folder(written.digest());
    Path file = file(written.digest());
    Files.createDirectories(folder);
    synchronized (this) {
      if (!Files.exists(file)) {
        checkRoom(written.bytes());
        move(half, file);
        totalBytes.addAndGet(written.bytes());
      }
    }
    // The rename, and the folder itself, are durable only once their folders are.
    sync(folder);
    sync(directory);
    return written;
  }

  private static void move(Path half, Path file) throws IOException {
    try {
      Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException split) {
      throw new IOException("the blob directory must lie on one file system", split);
    }
  }

  private static void sync(Path folder) throws IOException {
    try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private Path folder(Digest digest) {
    return directory.resolve(digest.hex().substring(0, 2));
  }

  private Path file(Digest digest) {
    return folder(digest).resolve(digest.hex());
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
