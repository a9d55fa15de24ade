package xyz.openledger.models.adapters;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import xyz.openledger.models.files.Refused;
import xyz.openledger.protocol.Digest;

/**
 * The adapters of a store on the disk, each whole or not there. Any thread may call it.
 *
 * <pre>
 *   &lt;64 hex digits&gt;/     the files of an adapter, as they were published and as they are loaded
 *   .new…               being copied
 *   .old&lt;64 digits&gt;/     being deleted; swept at the next start
 * </pre>
 */
final class AdapterFolder {
  private static final String OLD = ".old";

  private final Path folder;
  private final Map<Digest, Path> stored = new HashMap<>();

  private AdapterFolder(Path folder) {
    this.folder = folder;
  }

  /** What is made of the files of an adapter before anyone sees them. */
  @FunctionalInterface
  interface Making {
    void make(Path files) throws IOException;
  }

  /** A folder, made if missing; knows what is in it. */
  static AdapterFolder open(Path folder) throws IOException {
    var adapters = new AdapterFolder(Files.createDirectories(folder));
    adapters.recover();
    return adapters;
  }

  private void recover() throws IOException {
    try (var entries = Files.list(folder)) {
      for (Path entry : entries.filter(Files::isDirectory).sorted().toList()) {
        String name = entry.getFileName().toString();
        if (name.matches("[0-9a-f]{64}")) {
          stored.put(Digest.parse("sha256:" + name), entry);
        } else if (name.startsWith(OLD)) {
          deleteTree(entry);
        }
      }
    }
  }

  /**
   * Copies an adapter under its digest.
   *
   * @param most how many there may be
   */
  Digest add(Path adapter, int most, Making making) throws IOException {
    Digest name = AdapterFiles.digest(adapter);
    Path kept = folder.resolve(name.hex());
    if (!Files.isDirectory(kept)) {
      copy(adapter, kept, making);
    }
    synchronized (this) {
      if (stored.size() >= most) {
        throw Refused.because("adapters", "are " + most + " already");
      }
      stored.put(name, kept);
    }
    return name;
  }

  /** Whole or not at all: readers never see half an adapter. */
  private void copy(Path adapter, Path kept, Making making) throws IOException {
    Path made = Files.createTempDirectory(folder, ".new");
    for (String file : List.of(AdapterFiles.CONFIG, AdapterFiles.WEIGHTS)) {
      Files.copy(adapter.resolve(file), made.resolve(file));
    }
    making.make(made);
    try {
      Files.move(made, kept, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException same) {
      deleteTree(made);
    }
  }

  synchronized boolean has(Digest name) {
    return stored.containsKey(name);
  }

  synchronized int size() {
    return stored.size();
  }

  /** The files of an adapter that is here. */
  synchronized Path of(Digest name) {
    return Objects.requireNonNull(stored.get(name), () -> "no adapter " + name);
  }

  /**
   * Deletes an adapter, if it is here: at once or not at all, since half of one under its name
   * would be taken for a whole one.
   */
  synchronized void delete(Digest name) throws IOException {
    Path kept = stored.remove(name);
    if (kept != null) {
      Path old = kept.resolveSibling(OLD + name.hex());
      deleteTree(old);
      Files.move(kept, old, StandardCopyOption.ATOMIC_MOVE);
      deleteTree(old);
    }
  }

  private static void deleteTree(Path kept) throws IOException {
    if (!Files.isDirectory(kept)) {
      return;
    }
    try (var files = Files.list(kept)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(kept);
  }
}
