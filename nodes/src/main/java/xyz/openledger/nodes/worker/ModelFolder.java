package xyz.openledger.nodes.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import xyz.openledger.nodes.sandbox.OwnedFolder;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.inference.ModelManifest;

/**
 * The files of models as a sandboxed process sees them: one folder a manifest, complete or not
 * there. What is not in use is dropped, the longest unused first, once all take more than a bound;
 * a process that has mapped a dropped file keeps it. Thread-safe.
 */
final class ModelFolder implements AutoCloseable {
  private static final String FILES = "rw-r--r--";
  private static final String FOLDERS = "rwxr-xr-x";

  private final Path root;
  private final long bytesMax;
  private final Map<Digest, CompletableFuture<ModelManifest>> underWay = new HashMap<>();
  // From the one used longest ago to the latest.
  private final LinkedHashMap<Digest, Long> bytes = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<Digest, Integer> uses = new HashMap<>();
  private final Map<Digest, Integer> fileUses = new HashMap<>();
  private long total;

  private ModelFolder(Path root, long bytesMax) {
    this.root = root;
    this.bytesMax = bytesMax;
  }

  /** An empty folder that everyone on this machine may read. */
  static ModelFolder create(long bytesMax) throws IOException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    OwnedFolder.sweep(temporary, OwnedFolder::deleteTree);
    Path root = Files.createTempDirectory(temporary, OwnedFolder.prefix());
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString(FOLDERS));
    return new ModelFolder(root, bytesMax);
  }

  Path root() {
    return root;
  }

  /**
   * Has the files of a manifest here, and keeps them until {@link #release}. Waits for those that
   * have to come.
   */
  ModelManifest use(Digest digest, byte[] manifest, WorkerTask.Files files) {
    CompletableFuture<ModelManifest> mine = new CompletableFuture<>();
    CompletableFuture<ModelManifest> theirs;
    synchronized (this) {
      uses.merge(digest, 1, Integer::sum);
      bytes.get(digest);
      theirs = underWay.putIfAbsent(digest, mine);
    }
    if (theirs == null) {
      bring(digest, manifest, files, mine);
    }
    try {
      return (theirs == null ? mine : theirs).join();
    } catch (CompletionException failed) {
      release(digest);
      throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
    }
  }

  /** The name of a file that a task names by its digest. */
  static String fileName(Digest digest) {
    return "file-" + digest.hex();
  }

  /** Has a file here under {@link #fileName}, until {@link #releaseFile}. */
  void useFile(Digest digest, WorkerTask.Files files) throws IOException {
    Path name = root.resolve(fileName(digest));
    synchronized (this) {
      fileUses.merge(digest, 1, Integer::sum);
    }
    Path partial = root.resolve("partial-" + UUID.randomUUID());
    try {
      if (!Files.exists(name)) {
        files.place(digest, WorkerTask.BLOB_MAX_BYTES, partial);
        Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString(FILES));
        Files.move(
            partial, name, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException | RuntimeException failed) {
      Files.deleteIfExists(partial);
      releaseFile(digest);
      throw failed;
    }
  }

  /** Says that a use of a file is over; the last one removes it. */
  synchronized void releaseFile(Digest digest) {
    if (fileUses.computeIfPresent(digest, (_, count) -> count == 1 ? null : count - 1) == null) {
      try {
        Files.deleteIfExists(root.resolve(fileName(digest)));
      } catch (IOException left) {
        // It goes with the folder.
      }
    }
  }

  /** The bytes of a manifest that a task names. */
  byte[] manifest(Digest digest, WorkerTask.Files files) throws IOException {
    Path name = Files.createTempFile(root, "manifest-", ".json");
    Files.delete(name);
    try {
      files.place(digest, ModelManifest.BYTES_MAX, name);
      return Files.readAllBytes(name);
    } finally {
      Files.deleteIfExists(name);
    }
  }

  /** Says that a use is over. */
  synchronized void release(Digest digest) {
    uses.computeIfPresent(digest, (_, count) -> count == 1 ? null : count - 1);
  }

  private void bring(
      Digest digest, byte[] json, WorkerTask.Files files, CompletableFuture<ModelManifest> result) {
    Path partial = root.resolve("partial-" + UUID.randomUUID());
    long reserved = 0;
    try {
      ModelManifest manifest = ModelManifest.read(json);
      if (!digest.equals(Digest.of(json))) {
        throw new IllegalStateException("the manifest is not " + digest);
      }
      reserve(manifest.totalBytes());
      reserved = manifest.totalBytes();
      Files.createDirectory(partial);
      for (ModelManifest.File file : manifest.files()) {
        place(file, partial.resolve(file.name()), files);
      }
      Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString(FOLDERS));
      Files.move(partial, root.resolve(digest.hex()), StandardCopyOption.ATOMIC_MOVE);
      kept(digest, manifest.totalBytes());
      reserved = 0;
      result.complete(manifest);
    } catch (IOException | RuntimeException failed) {
      synchronized (this) {
        underWay.remove(digest, result);
        total -= reserved;
      }
      remove(partial);
      result.completeExceptionally(
          failed instanceof IOException disk ? new UncheckedIOException(disk) : failed);
    }
  }

  /** A manifest that lies about a length would make others leave. */
  private static void place(ModelManifest.File file, Path name, WorkerTask.Files files)
      throws IOException {
    if (file.parts() == null) {
      files.place(file.digest(), file.bytes(), name);
    } else {
      FileInParts.place(file, name, files);
    }
    if (Files.size(name) != file.bytes()) {
      throw new ProblemException(
          Problem.DIGEST_MISMATCH,
          "",
          "%s has %d bytes, its manifest says %d"
              .formatted(file.name(), Files.size(name), file.bytes()));
    }
    Files.setPosixFilePermissions(name, PosixFilePermissions.fromString(FILES));
  }

  private static void remove(Path partial) {
    try {
      if (Files.exists(partial)) {
        OwnedFolder.deleteTree(partial);
      }
    } catch (IOException left) {
      // It goes with the folder.
    }
  }

  private synchronized void kept(Digest digest, long size) {
    bytes.put(digest, size);
  }

  /** Has room before anything is written: idle models leave, oldest first. */
  private synchronized void reserve(long size) throws IOException {
    total += size;
    evict();
    if (total > bytesMax) {
      total -= size;
      throw new ProblemException(
          Problem.TOO_LARGE,
          "",
          "the model has %d bytes; of %d for models here %d are in use"
              .formatted(size, bytesMax, total));
    }
  }

  private void evict() throws IOException {
    var oldest = bytes.entrySet().iterator();
    while (total > bytesMax && oldest.hasNext()) {
      var entry = oldest.next();
      if (!uses.containsKey(entry.getKey())) {
        OwnedFolder.deleteTree(root.resolve(entry.getKey().hex()));
        total -= entry.getValue();
        underWay.remove(entry.getKey());
        oldest.remove();
      }
    }
  }

  @Override
  public void close() {
    try {
      OwnedFolder.deleteTree(root);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + root, e);
    }
  }
}
