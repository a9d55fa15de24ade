package xyz.openledger.nodes.blobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.ProblemException;

/**
 * Verified blobs on disk, at {@code sha256/ab/<hex>}. Over its bound it drops what was used longest
 * ago. A file is there entirely or not at all.
 *
 * <p>Thread-safe.
 */
final class BlobCache {
  private final Path folder;
  private final long bytesMax;
  // From the one used longest ago to the latest.
  private final LinkedHashMap<Digest, Long> sizes = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  private BlobCache(Path folder, long bytesMax) {
    this.folder = folder;
    this.bytesMax = bytesMax;
  }

  /** Takes up what an earlier process left; drops what it did not finish. */
  static BlobCache open(Path folder, long bytesMax) {
    var cache = new BlobCache(folder, bytesMax);
    try {
      Files.createDirectories(cache.partial());
      try (var left = Files.list(cache.partial())) {
        for (Path file : left.toList()) {
          Files.deleteIfExists(file);
        }
      }
      cache.load();
    } catch (IOException unusable) {
      throw new UncheckedIOException(unusable);
    }
    return cache;
  }

  /** Where downloads grow until they are verified. */
  Path partial() {
    return folder.resolve("partial");
  }

  /** The bytes of a blob; empty if it is not here. */
  Optional<byte[]> read(Digest digest) {
    synchronized (this) {
      if (sizes.get(digest) == null) {
        return Optional.empty();
      }
    }
    try {
      return Optional.of(Files.readAllBytes(file(digest)));
    } catch (IOException gone) {
      // Dropped in between, or somebody tidied up by hand: fetch it again.
      forget(digest);
      return Optional.empty();
    }
  }

  /**
   * Puts the file of a blob under another name as well: the same bytes on disk where the file
   * system can, else a copy. The name stays when the cache drops the blob.
   *
   * @return false if the blob is not here
   */
  boolean link(Digest digest, Path name) throws IOException {
    synchronized (this) {
      if (sizes.get(digest) == null) {
        return false;
      }
    }
    try {
      Files.createLink(name, file(digest));
    } catch (NoSuchFileException gone) {
      forget(digest);
      return false;
    } catch (FileAlreadyExistsException there) {
      throw there;
    } catch (IOException | UnsupportedOperationException elsewhere) {
      Files.copy(file(digest), name);
    }
    return true;
  }

  /** Those used last, the latest in front. */
  synchronized List<Digest> latest(int max) {
    return sizes.sequencedKeySet().reversed().stream().limit(max).toList();
  }

  synchronized boolean has(Digest digest) {
    return sizes.containsKey(digest);
  }

  /** Takes over a file of {@link #partial} whose digest was verified. */
  void adopt(Digest digest, Path verified) throws IOException {
    long size = Files.size(verified);
    Files.createDirectories(file(digest).getParent());
    Files.move(
        verified,
        file(digest),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    synchronized (this) {
      Long before = sizes.put(digest, size);
      bytes += size - (before == null ? 0 : before);
    }
    evict(digest);
  }

  synchronized long bytes() {
    return bytes;
  }

  private synchronized void evict(Digest kept) throws IOException {
    var oldest = sizes.entrySet().iterator();
    while (bytes > bytesMax && oldest.hasNext()) {
      var entry = oldest.next();
      if (!entry.getKey().equals(kept)) {
        Files.deleteIfExists(file(entry.getKey()));
        bytes -= entry.getValue();
        oldest.remove();
      }
    }
  }

  private synchronized void forget(Digest digest) {
    Long size = sizes.remove(digest);
    bytes -= size == null ? 0 : size;
  }

  private Path file(Digest digest) {
    String hex = digest.hex();
    return folder.resolve("sha256").resolve(hex.substring(0, 2)).resolve(hex);
  }

  private void load() throws IOException {
    Path root = folder.resolve("sha256");
    if (!Files.isDirectory(root)) {
      return;
    }
    try (var files = Files.walk(root, 2)) {
      for (Path file :
          files
              .filter(Files::isRegularFile)
              .sorted(Comparator.comparingLong(BlobCache::modifiedMillis))
              .toList()) {
        take(file);
      }
    }
  }

  private void take(Path file) throws IOException {
    try {
      Digest digest = Digest.parse("sha256:" + file.getFileName());
      long size = Files.size(file);
      sizes.put(digest, size);
      bytes += size;
    } catch (ProblemException stranger) {
      // Not ours; leave it alone.
      return;
    }
  }

  private static long modifiedMillis(Path file) {
    try {
      return Files.getLastModifiedTime(file).toMillis();
    } catch (IOException gone) {
      return 0;
    }
  }
}
