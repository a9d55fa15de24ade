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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;

/**
 * Files named by the SHA-256 of their content.
 *
 * <pre>
 *   sha256/ab/&lt;64 hex digits&gt;     complete, verified, durable
 *   incoming/…                     being written; swept at the next start
 *   owners/                        how much of it each tenant brought
 * </pre>
 *
 * <p>A blob is written aside, its digest compared, then synced and renamed, so that what stands
 * under a name always has that content, whatever was killed when. Calls block on the disk; they are
 * safe from many threads.
 *
 * <p>A blob stays for good: jobs, receipts, evidence and models name it by its digest. Two kinds go
 * again: what is {@linkplain #hold held} for a job that is then refused, and what was {@linkplain
 * #holdFile held} for files that are deleted. Whoever else asks for one of these, or brings it,
 * makes it stay: from then on something may name it.
 */
public final class BlobStore implements AutoCloseable {
  private static final int CHUNK_BYTES = 64 << 10;

  private final Path directory;
  private final Path incoming;
  private final BlobSettings settings;
  private final SmallBlobs small;
  private final AtomicLong totalBytes;

  /** Guarded by this. */
  private final Ownership ownership;

  private BlobStore(Path directory, BlobSettings settings, long totalBytes, Ownership ownership) {
    this.ownership = ownership;
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
      var owners = new Owners(directory.resolve("owners"));
      var ownership = new Ownership(owners, settings.tenantBytesMax());
      return new BlobStore(directory, settings, total, ownership);
    }
  }

  /** Whether the blob is stored. */
  public boolean has(Digest digest) {
    return named(digest, () -> Optional.of(digest).filter(this::isHere)).isPresent();
  }

  /** Whether the blob is stored; asking gives it no name. */
  public boolean isHere(Digest digest) {
    return small.get(digest) != null || Files.isRegularFile(file(digest));
  }

  /** The blob's length, if it is stored. */
  public Optional<Blob> find(Digest digest) {
    return named(digest, () -> stored(digest));
  }

  /** Looks, and whoever has seen it makes it stay: also what came while it looked. */
  private <T> Optional<T> named(Digest digest, Supplier<Optional<T>> look) {
    asked(digest);
    Optional<T> seen = look.get();
    if (seen.isPresent()) {
      asked(digest);
    }
    return seen;
  }

  private Optional<Blob> stored(Digest digest) {
    return unlessAbsent(() -> new Blob(digest, Files.size(file(digest))));
  }

  /** What is read of a file. */
  @FunctionalInterface
  private interface Reading<T> {
    T read() throws IOException;
  }

  private static <T> Optional<T> unlessAbsent(Reading<T> reading) {
    try {
      return Optional.of(reading.read());
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** The length of a file's content, 0 if it is not here; asking gives it no other name. */
  public long length(Digest digest) {
    return file(digest).toFile().length();
  }

  /** Where something may be written that is swept at the next start, if it is still there then. */
  public Path scratch() {
    return incoming.resolve("scratch-" + UUID.randomUUID());
  }

  /** Opens a stored blob at its start, for reading in pieces. The caller closes it. */
  public Optional<FileChannel> open(Digest digest) {
    return named(digest, () -> opened(digest));
  }

  private Optional<FileChannel> opened(Digest digest) {
    return unlessAbsent(() -> FileChannel.open(file(digest), StandardOpenOption.READ));
  }

  /**
   * A whole blob. One of up to 64 KiB is checked against its digest and then kept in memory; its
   * array is shared, so treat it as read-only.
   *
   * @throws UncheckedIOException if the file cannot be read, or a small one no longer has its
   *     digest
   */
  public Optional<byte[]> read(Digest digest) {
    return named(digest, () -> content(digest));
  }

  /** The same of a file's content: reading that gives it no other name. */
  public Optional<byte[]> content(Digest digest) {
    byte[] kept = small.get(digest);
    if (kept != null) {
      return Optional.of(kept);
    }
    return unlessAbsent(() -> whole(digest));
  }

  private byte[] whole(Digest digest) throws IOException {
    byte[] content = Files.readAllBytes(file(digest));
    if (content.length <= SmallBlobs.BYTES_MAX) {
      if (!Digest.of(content).equals(digest)) {
        throw new IOException("the file of " + digest + " no longer has that digest");
      }
      remember(digest, content);
    }
    return content;
  }

  /** Not what has gone since it was read. */
  private void remember(Digest digest, byte[] content) {
    synchronized (small) {
      if (Files.exists(file(digest))) {
        small.put(digest, content);
      }
    }
  }

  /**
   * Stores bytes that nodes bring, or that the member makes; see {@link #put(byte[], TenantId)}.
   */
  public Blob put(byte[] content) {
    return put(content, null);
  }

  /** Stores bytes; see {@link #put(InputStream, Digest, TenantId)}. */
  public Blob put(byte[] content, @Nullable TenantId owner) {
    Digest digest = Digest.of(content);
    if (has(digest) && isCounted(owner, digest)) {
      return new Blob(digest, content.length);
    }
    Blob blob = put(new ByteArrayInputStream(content), digest, owner);
    small.put(digest, content.clone());
    return blob;
  }

  /**
   * Stores all that the stream brings, durably and for good. A repeat is fine. Does not close the
   * stream.
   *
   * @param expected what the content must hash to; absent to take whatever it does
   * @param owner the tenant for whom it counts; absent for what nodes bring, or the member makes
   * @throws ProblemException {@code too-large} for the blob, or for what its owner may store;
   *     {@code digest-mismatch}; {@code unavailable} if the store or the disk is full. Nothing is
   *     left behind
   */
  public Blob put(InputStream content, @Nullable Digest expected, @Nullable TenantId owner) {
    return stored(
        content,
        expected,
        owner,
        (half, written) -> {
          name(written.digest());
          keep(half, written, owner);
          return written;
        });
  }

  /** Stores bytes for a job that is not taken yet; see {@link Held}. */
  public Held hold(byte[] content, TenantId owner) {
    return hold(new ByteArrayInputStream(content), owner, false);
  }

  /**
   * Stores the content of a file that is not kept yet; see {@link Held}. It stays when it is held
   * no more, until {@link #drop}.
   */
  public Held holdFile(InputStream content, TenantId owner) {
    return hold(content, owner, true);
  }

  private Held hold(InputStream content, TenantId owner, boolean file) {
    return stored(
        content,
        null,
        owner,
        (half, written) -> {
          held(half, written, owner, file);
          return new Held(this, written);
        });
  }

  /** It is known to be unnamed before it can be seen: whoever sees it makes it stay. */
  private void held(Path half, Blob written, TenantId owner, boolean file) throws IOException {
    boolean first = !Files.exists(file(written.digest()));
    Runnable undo = ownership.hold(written.digest(), owner, file, first);
    try {
      keep(half, written, owner);
    } catch (IOException | RuntimeException refused) {
      undo.run();
      throw refused;
    }
  }

  /** Holds what a submission names, while it is decided on. */
  public Naming naming() {
    return new Naming();
  }

  /** Who asks for a blob may name it from then on. */
  private void asked(Digest digest) {
    if (!ownership.isUnnamed(digest)) {
      return;
    }
    synchronized (this) {
      if (Naming.CURRENT.isBound() && ownership.holdInput(digest)) {
        Naming.CURRENT.get().add(new Held(this, new Blob(digest, 0)));
      } else {
        ownership.name(digest);
      }
    }
  }

  /** From now on it stays. */
  synchronized void name(Digest digest) {
    ownership.name(digest);
  }

  synchronized void leave(Digest digest) {
    ownership.leave(digest).ifPresent(this::delete);
  }

  /** Tenants of whom there is content of files that nothing else names. */
  public synchronized Set<TenantId> filing() {
    return ownership.filing();
  }

  /**
   * What only files of a tenant may name, and nobody holds, as it is now: read it before the list
   * of the tenant's files, and then {@link #drop} what is not in the list.
   *
   * @return digest to stamp
   */
  public synchronized Map<Digest, Long> fileContents(TenantId tenant) {
    return ownership.fileContents(tenant);
  }

  /**
   * Deletes the content of files that there are no more; not if it was brought, or named, since.
   *
   * @param stamp as {@link #fileContents} said it
   */
  public synchronized void drop(Digest digest, long stamp) {
    ownership.fileContent(digest, stamp).ifPresent(this::delete);
  }

  private void delete(Unnamed gone) {
    try {
      Path file = file(gone.digest());
      long bytes = Files.exists(file) ? Files.size(file) : 0;
      // What is broken off after this stays, and counts for nobody.
      ownership.forget(gone);
      synchronized (small) {
        Files.deleteIfExists(file);
        small.remove(gone.digest());
      }
      totalBytes.addAndGet(-bytes);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** What counts for a tenant: the blobs that it brought, in whole blocks of 4 KiB. */
  public synchronized long bytesOf(TenantId tenant) {
    return ownership.bytesOf(tenant);
  }

  /** The length of all blobs together. */
  public long totalBytes() {
    return totalBytes.get();
  }

  /** Whether a tenant's blob of any size that is allowed would fit. */
  public boolean hasRoom() {
    return totalBytes.get() + settings.blobBytesMax() <= settings.ownedBytesMax();
  }

  /** What {@code settings} allow at the most for one blob. */
  public long blobBytesMax() {
    return settings.blobBytesMax();
  }

  /** What becomes of a blob that is written aside; the store is locked meanwhile. */
  @FunctionalInterface
  private interface Keeping<T> {
    T keep(Path half, Blob written) throws IOException;
  }

  private <T> T stored(
      InputStream content,
      @Nullable Digest expected,
      @Nullable TenantId owner,
      Keeping<T> keeping) {
    try {
      Path half = Files.createTempFile(incoming, "blob", "");
      try {
        Blob written = write(content, half, owner);
        requireDigest(written, expected);
        Path folder = folder(written.digest());
        Files.createDirectories(folder);
        T kept;
        synchronized (this) {
          kept = keeping.keep(half, written);
        }
        // The rename, and the folder itself, are durable only once their folders are.
        sync(folder);
        sync(directory);
        return kept;
      } finally {
        Files.deleteIfExists(half);
      }
    } catch (IOException broken) {
      throw new ProblemException(
          Problem.UNAVAILABLE, "", "the blob could not be stored: " + broken.getMessage());
    }
  }

  /** Copies and hashes; the file is on the disk when this returns. */
  private Blob write(InputStream content, Path half, @Nullable TenantId owner) throws IOException {
    MessageDigest sha256 = Digest.sha256();
    byte[] chunk = new byte[CHUNK_BYTES];
    long length = 0;
    try (var file = FileChannel.open(half, StandardOpenOption.WRITE)) {
      for (int read = content.read(chunk); read >= 0; read = content.read(chunk)) {
        length += read;
        checkRoom(length, owner);
        sha256.update(chunk, 0, read);
        for (var bytes = ByteBuffer.wrap(chunk, 0, read); bytes.hasRemaining(); ) {
          file.write(bytes);
        }
      }
      file.force(true);
    }
    return new Blob(Digest.wrap(sha256.digest()), length);
  }

  private void checkRoom(long length, @Nullable TenantId owner) {
    if (length > settings.blobBytesMax()) {
      throw new ProblemException(
          Problem.TOO_LARGE, "", "a blob may have %d bytes".formatted(settings.blobBytesMax()));
    }
    long most = owner == null ? settings.totalBytesMax() : settings.ownedBytesMax();
    if (totalBytes.get() + length > most) {
      throw new ProblemException(
          Problem.UNAVAILABLE,
          "",
          "the blob store is full: it holds %d of %d bytes (openledger.blobs.total-max)"
              .formatted(totalBytes.get(), most));
    }
  }

  private boolean isCounted(@Nullable TenantId owner, Digest digest) {
    if (owner == null) {
      return true;
    }
    synchronized (this) {
      return ownership.isCounted(owner, digest);
    }
  }

  private static void requireDigest(Blob written, @Nullable Digest expected) {
    if (expected != null && !written.digest().equals(expected)) {
      throw new ProblemException(
          Problem.DIGEST_MISMATCH,
          "digest",
          "the %d bytes have the digest %s, not %s"
              .formatted(written.bytes(), written.digest(), expected));
    }
  }

  private void keep(Path half, Blob written, @Nullable TenantId owner) throws IOException {
    Path file = file(written.digest());
    boolean first = !Files.exists(file);
    if (first) {
      checkRoom(written.bytes(), owner);
    }
    if (owner != null) {
      ownership.charge(written, owner);
    }
    if (first) {
      move(half, file);
      totalBytes.addAndGet(written.bytes());
    }
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

  @Override
  public synchronized void close() {
    ownership.close();
  }
}
