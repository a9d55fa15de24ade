package xyz.openledger.nodes.sandbox;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Jars and class folders, copied to a folder of their own that everyone on the machine may read.
 * The copy is what a sandbox shows to its program: the originals may lie in a home directory that
 * the program's user must not enter.
 */
public final class ClassPath implements AutoCloseable {
  private final Path folder;
  private final List<String> names;
  private final @Nullable String degraded;

  private ClassPath(Path folder, List<String> names, @Nullable String degraded) {
    this.folder = folder;
    this.names = names;
    this.degraded = degraded;
  }

  /**
   * Copies the jars or folders that hold the given classes. One class for each jar is enough.
   *
   * @throws UncheckedIOException if a copy cannot be made
   */
  public static ClassPath holding(Class<?>... classes) {
    return filled(
        folder -> {
          copy(origins(classes), folder);
          return null;
        },
        origins(classes).size());
  }

  /**
   * The same jars, with what Java learnt from a training run, so that programs start in a third of
   * the time. It is kept in {@code cache} for the next time; where that fails, the class path is as
   * without, and {@link #degraded} says why.
   *
   * @throws UncheckedIOException if a copy cannot be made
   */
  public static ClassPath trained(StartCache cache, StartTraining training, Class<?>... classes) {
    List<Path> origins = origins(classes);
    return filled(folder -> learnt(cache, training, origins, folder), origins.size());
  }

  /** None of this machine: the program's jars are in the image that it is started from. */
  public static ClassPath inImage() {
    return filled(_ -> null, 0);
  }

  private static @Nullable String learnt(
      StartCache cache, StartTraining training, List<Path> origins, Path folder)
      throws IOException {
    try {
      cache.fill(folder, training, origins);
      return null;
    } catch (IOException | RuntimeException failed) {
      clear(folder);
      copy(origins, folder);
      return "workers start slowly, without an archive: " + failed.getMessage();
    }
  }

  @FunctionalInterface
  interface Filling {
    /** Answers why it is not what it could be, if it is not. */
    @Nullable String fill(Path folder) throws IOException;
  }

  /** Leaves nothing behind where it fails. */
  static ClassPath filled(Filling filling, int jars) {
    try {
      Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
      OwnedFolder.sweep(temporary, OwnedFolder::deleteTree);
      Path folder = Files.createTempDirectory(temporary, OwnedFolder.prefix());
      try {
        String degraded = filling.fill(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new ClassPath(folder, names(jars), degraded);
      } catch (IOException | RuntimeException failed) {
        OwnedFolder.deleteTree(folder);
        throw failed;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot copy the class path for the sandbox", e);
    }
  }

  /** The jars' names, in the order of their origins. */
  static List<String> names(int jars) {
    return IntStream.range(0, jars).mapToObj(i -> i + ".jar").toList();
  }

  private static void copy(List<Path> origins, Path folder) throws IOException {
    var names = names(origins.size());
    for (int i = 0; i < origins.size(); i++) {
      Jar.copy(origins.get(i), folder.resolve(names.get(i)));
    }
  }

  private static void clear(Path folder) throws IOException {
    try (var files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        OwnedFolder.deleteTree(file);
      }
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

  /** What a Java machine needs to be told to use what was learnt; nothing where nothing was. */
  List<String> flagsAt(String place) {
    return Files.exists(folder.resolve(StartCache.ARCHIVE))
        ? List.of("-XX:AOTCache=" + place + "/" + StartCache.ARCHIVE)
        : List.of();
  }

  /** Why programs start slowly, if they do. */
  public Optional<String> degraded() {
    return Optional.ofNullable(degraded);
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

  private static List<Path> origins(Class<?>... classes) {
    return List.copyOf(
        Arrays.stream(classes)
            .map(ClassPath::origin)
            .collect(Collectors.toCollection(LinkedHashSet::new)));
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
}
