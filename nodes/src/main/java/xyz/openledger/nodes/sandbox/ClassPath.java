package xyz.openledger.nodes.sandbox;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Jars and class folders, copied to a folder of their own that everyone on the machine may read.
 * The copy is what a sandbox shows to its program: the originals may lie in a home directory that
 * the program's user must not enter.
 */
public final class ClassPath implements AutoCloseable {
  private final Path folder;
  private final List<String> names;

  private ClassPath(Path folder, List<String> names) {
    this.folder = folder;
    this.names = names;
  }

  /**
   * Copies the jars or folders that hold the given classes. One class for each jar is enough.
   *
   * @throws UncheckedIOException if a copy cannot be made
   */
  public static ClassPath holding(Class<?>... classes) {
    var origins =
        Arrays.stream(classes)
            .map(ClassPath::origin)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    try {
      Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
      OwnedFolder.sweep(temporary, OwnedFolder::deleteTree);
      Path folder = Files.createTempDirectory(temporary, OwnedFolder.prefix());
      var names = new ArrayList<String>();
      for (Path origin : origins) {
        String name = names.size() + (Files.isDirectory(origin) ? "" : ".jar");
        copy(origin, folder.resolve(name));
        names.add(name);
      }
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      return new ClassPath(folder, List.copyOf(names));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot copy the class path for the sandbox", e);
    }
  }

  /** Where the copies lie. */
  Path folder() {
    return folder;
  }

  /** The class path for a program that sees {@link #folder()} at {@code place}. */
  String seenAt(String place) {
    return names.stream()
        .map(name -> place + "/" + name)
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Deletes the copies; programs that still run from them may break. */
  @Override
  public void close() {
    try {
      OwnedFolder.deleteTree(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + folder, e);
    }
  }

  private static Path origin(Class<?> type) {
    var source = type.getProtectionDomain().getCodeSource();
    if (source == null) {
      throw new IllegalArgumentException(type + " comes from no jar or folder");
    }
    try {
      return Path.of(source.getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(type + " comes from " + source.getLocation(), e);
    }
  }

  private static void copy(Path origin, Path target) throws IOException {
    try (var paths = Files.walk(origin)) {
      for (Path path : paths.toList()) {
        Path copy = target.resolve(origin.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectory(copy);
          Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
        } else {
          Files.copy(path, copy);
          Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
        }
      }
    }
  }
}
