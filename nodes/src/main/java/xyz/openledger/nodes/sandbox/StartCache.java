package xyz.openledger.nodes.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import xyz.openledger.protocol.Digest;

/**
 * What Java learnt from training runs, kept from one agent to the next: for each combination of a
 * Java machine, its flags and its jars, a folder with the jars, the archive (Java's AOT cache, JEP
 * 483 and 515) and a list of sums.
 *
 * <pre>
 *   &lt;root&gt;/&lt;SHA-256 of machine, flags and jars, 32 digits&gt;/{0.jar … , start.aot, sums}
 * </pre>
 *
 * An archive is code: root and folders are ours alone (0700, files 0600), and one that somebody
 * else may write is refused. The sums tell a broken disk, not an enemy.
 */
public final class StartCache {
  /** The archive's name in a class path's folder. */
  static final String ARCHIVE = "start.aot";

  private static final String SUMS = "sums";
  private static final String FORMAT = "openledger start 1";
  private static final int ENTRIES_MAX = 6;
  private static final long ARCHIVE_BYTES_MAX = 128L << 20;
  private static final int TRAINING_SECONDS_MAX = 60;
  private static final int REASON_MAX_CHARACTERS = 300;
  private static final Set<PosixFilePermission> OURS = PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> OURS_TO_READ =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> EVERYONES_TO_READ =
      PosixFilePermissions.fromString("rw-r--r--");

  private final Path root;

  /** A cache in {@code root}, which need not exist yet. */
  public StartCache(Path root) {
    this.root = root;
  }

  /** The user's own. */
  public static StartCache ofUser() {
    return new StartCache(Path.of(System.getProperty("user.home"), ".cache/openledger/starts"));
  }

  /**
   * Puts jars and archive into {@code folder}, by training first if that was not done before.
   *
   * @throws IOException if the cache is not ours, or training fails; {@code folder} may then hold
   *     some of it
   */
  void fill(Path folder, StartTraining training, List<Path> origins) throws IOException {
    prepareRoot();
    Path entry = root.resolve(key(training, origins));
    if (!isWhole(entry)) {
      OwnedFolder.deleteTreeIfThere(entry);
      learn(entry, training, origins);
      forgetOldest();
    }
    Files.setLastModifiedTime(entry, FileTime.from(Instant.now()));
    for (Path file : files(entry)) {
      Path copy = folder.resolve(file.getFileName());
      Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
      Files.setPosixFilePermissions(copy, EVERYONES_TO_READ);
    }
  }

  private void prepareRoot() throws IOException {
    Files.createDirectories(root.getParent());
    try {
      Files.createDirectory(root, PosixFilePermissions.asFileAttribute(OURS));
    } catch (FileAlreadyExistsException before) {
      checkOurs(root);
    }
  }

  private static void checkOurs(Path folder) throws IOException {
    boolean closed = Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS).equals(OURS);
    boolean own = uid(folder).equals(ownUid());
    if (!closed || !own || !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(folder + " is not a folder of our own with mode 0700: remove it");
    }
  }

  /** By number: a user without an entry among the machine's users has no name. */
  private static Object uid(Path file) throws IOException {
    return Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }

  private static Object ownUid() throws IOException {
    Path fresh = Files.createTempFile(OwnedFolder.prefix(), null);
    try {
      return uid(fresh);
    } finally {
      Files.delete(fresh);
    }
  }

  /** All that decides whether an archive fits. */
  private static String key(StartTraining training, List<Path> origins) throws IOException {
    Path home = Path.of(System.getProperty("java.home"));
    Path machine = home.resolve("lib/server/libjvm.so");
    var text = new StringBuilder(FORMAT);
    text.append('\n').append(System.getProperty("java.vm.version")).append('\n').append(home);
    if (Files.exists(machine)) {
      text.append('\n').append(Files.size(machine));
      text.append(' ').append(Files.getLastModifiedTime(machine));
    }
    text.append('\n').append(training.jvmFlags().stream().filter(StartCache::matters).toList());
    text.append('\n').append(training.mainClass());
    text.append('\n').append(Digest.of(training.input()));
    for (Path origin : origins) {
      text.append('\n').append(digest(origin));
    }
    return Digest.of(text.toString().getBytes(StandardCharsets.UTF_8)).hex().substring(0, 32);
  }

  /** Limits of memory follow from a node's terms, and archives hold for all of them. */
  private static boolean matters(String flag) {
    return !flag.startsWith("-Xm") && !flag.startsWith("-XX:Max");
  }

  private static Digest digest(Path origin) throws IOException {
    if (!Files.isDirectory(origin)) {
      return Digest.of(Files.readAllBytes(origin));
    }
    var text = new StringBuilder();
    try (var paths = Files.walk(origin)) {
      for (Path path : paths.filter(Files::isRegularFile).sorted().toList()) {
        text.append(origin.relativize(path)).append(' ');
        text.append(Digest.of(Files.readAllBytes(path))).append('\n');
      }
    }
    return Digest.of(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private void learn(Path entry, StartTraining training, List<Path> origins) throws IOException {
    Path building =
        Files.createTempDirectory(
            root, OwnedFolder.prefix(), PosixFilePermissions.asFileAttribute(OURS));
    try {
      var names = ClassPath.names(origins.size());
      for (int i = 0; i < origins.size(); i++) {
        Jar.rewritten(origins.get(i), building.resolve(names.get(i)), RenewedClass::of);
      }
      train(building, training, names);
      for (Path file : files(building)) {
        Files.setPosixFilePermissions(file, OURS_TO_READ);
      }
      Path sums = Files.writeString(building.resolve(SUMS), sums(building));
      Files.setPosixFilePermissions(sums, OURS_TO_READ);
      keep(building, entry);
    } catch (IOException | RuntimeException failed) {
      OwnedFolder.deleteTree(building);
      throw failed;
    }
  }

  /** Puts what was learnt in its place, unless another agent of this user has just done so. */
  static void keep(Path building, Path entry) throws IOException {
    try {
      Files.move(building, entry, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException taken) {
      // Which exception says that something is there differs from one file system to another.
      if (!isWhole(entry)) {
        throw taken;
      }
      OwnedFolder.deleteTree(building);
    }
  }

  private static void train(Path folder, StartTraining training, List<String> names)
      throws IOException {
    Path input = Files.write(folder.resolve("input"), training.input());
    Path said = folder.resolve("said");
    var classPath = names.stream().map(name -> folder.resolve(name).toString()).toList();
    var command = new ArrayList<String>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(training.jvmFlags());
    command.add("-XX:AOTCacheOutput=" + folder.resolve(ARCHIVE));
    command.addAll(List.of("-cp", String.join(":", classPath), training.mainClass()));
    command.addAll(training.arguments());
    var builder = new ProcessBuilder(command).redirectInput(input.toFile());
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(said.toFile());
    builder.environment().clear();
    builder.environment().putAll(Sandbox.ENVIRONMENT);
    int exit = exit(builder.start());
    String complaint = Files.readString(said);
    if (exit != 0 || !Files.exists(folder.resolve(ARCHIVE))) {
      throw new IOException("Java learnt nothing: " + shortened(complaint));
    }
    if (Files.size(folder.resolve(ARCHIVE)) > ARCHIVE_BYTES_MAX) {
      throw new IOException("Java's archive is longer than " + ARCHIVE_BYTES_MAX + " bytes");
    }
    Files.delete(input);
    Files.delete(said);
  }

  private static int exit(Process process) throws IOException {
    try {
      if (!process.waitFor(TRAINING_SECONDS_MAX, TimeUnit.SECONDS)) {
        throw new IOException("training took longer than " + TRAINING_SECONDS_MAX + " s");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while training", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static String shortened(String text) {
    return text.strip().substring(0, Math.min(text.strip().length(), REASON_MAX_CHARACTERS));
  }

  /** Whether all is there as it was written. */
  private static boolean isWhole(Path entry) {
    try {
      checkOurs(entry);
      return Files.readString(entry.resolve(SUMS)).equals(sums(entry));
    } catch (IOException lacking) {
      return false;
    }
  }

  private static String sums(Path entry) throws IOException {
    var sums = new TreeMap<String, Long>();
    for (Path file : files(entry)) {
      var sum = new CRC32C();
      sum.update(Files.readAllBytes(file));
      sums.put(Objects.toString(file.getFileName()), sum.getValue());
    }
    return sums + "\n";
  }

  /** Jars and archive. */
  private static List<Path> files(Path entry) throws IOException {
    try (var paths = Files.list(entry)) {
      return paths.filter(path -> !path.endsWith(SUMS)).sorted().toList();
    }
  }

  /** Those that were not used for longest go first. */
  private void forgetOldest() throws IOException {
    OwnedFolder.sweep(root, OwnedFolder::deleteTree);
    record Used(Path folder, FileTime at) {}
    var entries = new ArrayList<Used>();
    try (var folders = Files.newDirectoryStream(root)) {
      for (Path folder : folders) {
        if (!folder.getFileName().toString().startsWith("openledger-")) {
          entries.add(new Used(folder, Files.getLastModifiedTime(folder)));
        }
      }
    }
    entries.sort(Comparator.comparing(Used::at).reversed());
    for (Used used : entries.subList(Math.min(entries.size(), ENTRIES_MAX), entries.size())) {
      OwnedFolder.deleteTree(used.folder());
    }
  }
}
