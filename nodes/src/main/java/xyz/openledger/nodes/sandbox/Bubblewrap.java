package xyz.openledger.nodes.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Linux namespaces by the {@code bwrap} program. Inside there are: the Java machine at {@code /jdk}
 * and the class path at {@code /app}, the system's shared libraries, four harmless devices, the
 * process's own {@code /proc}, its data at {@code /data} if it has any, and a small {@code /tmp} in
 * memory; all but the last read-only. There is no network, no other process, no home, no
 * environment, no capability, no further namespace.
 *
 * @param bwrap the program
 * @param prefix run before it: drops root, or nothing
 */
record Bubblewrap(Path bwrap, List<String> prefix) implements Sandbox {
  private static final String FILTER_DESCRIPTOR = "3";
  private static final List<String> DEVICES =
      List.of("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom");
  private static final List<String> LIBRARY_FOLDERS =
      List.of("/usr/lib", "/usr/lib64", "/lib", "/lib64");

  /**
   * As the user we are. If that is root, what is inside is root's as well, though without its
   * powers.
   */
  static Sandbox of(Path bwrap) {
    return new Bubblewrap(bwrap, List.of());
  }

  /** As root that becomes nobody first; empty if we are not root. */
  static Optional<Sandbox> unprivileged(Path bwrap) {
    return UserDrop.command().map(prefix -> new Bubblewrap(bwrap, prefix));
  }

  @Override
  public Level level() {
    return Level.BUBBLEWRAP;
  }

  @Override
  public Optional<String> gap() {
    return SeccompFilter.gap(System.getProperty("os.arch"));
  }

  @Override
  public List<String> command(JavaProgram program, ResourceLimits limits) {
    var command = new ArrayList<String>();
    var filter = SeccompFilter.in(program.classPath().folder());
    filter.ifPresent(file -> command.addAll(withDescriptor(file)));
    command.addAll(prefix);
    command.add(bwrap.toString());
    if (filter.isPresent()) {
      command.addAll(List.of("--seccomp", FILTER_DESCRIPTOR));
    }
    command.addAll(
        List.of("--unshare-user", "--unshare-all", "--disable-userns", "--die-with-parent"));
    command.addAll(List.of("--new-session", "--cap-drop", "ALL", "--clearenv"));
    command.addAll(List.of("--uid", UserDrop.NOBODY, "--gid", UserDrop.NOBODY));
    command.addAll(List.of("--hostname", "sandbox"));
    ENVIRONMENT.forEach((name, value) -> command.addAll(List.of("--setenv", name, value)));
    addFiles(command, program);
    command.add("--");
    Tool.find("prlimit").ifPresent(prlimit -> command.addAll(limits.prlimit(prlimit.toString())));
    command.addAll(program.command("/jdk/bin/java", "/app", "/data"));
    return command;
  }

  /**
   * Opens {@code file} and becomes the command that follows: Java cannot pass a descriptor to a
   * child.
   */
  private static List<String> withDescriptor(Path file) {
    return List.of(
        "/bin/sh", "-c", "exec \"$@\" " + FILTER_DESCRIPTOR + "< \"$0\"", file.toString());
  }

  private static void addFiles(List<String> command, JavaProgram program) {
    Path javaHome = Path.of(System.getProperty("java.home"));
    readOnly(command, realPath(javaHome), "/jdk");
    configuration(javaHome).forEach(folder -> readOnly(command, folder, folder.toString()));
    readOnly(command, program.classPath().folder(), "/app");
    Path data = program.data();
    if (data != null) {
      readOnly(command, data, "/data");
    }
    LIBRARY_FOLDERS.stream().map(Path::of).forEach(folder -> library(command, folder));
    Tool.find("prlimit").ifPresent(prlimit -> readOnly(command, prlimit, prlimit.toString()));
    DEVICES.forEach(device -> command.addAll(List.of("--dev-bind", device, device)));
    String size = Long.toString(program.temporaryMaxBytes());
    command.addAll(List.of("--proc", "/proc", "--size", size, "--tmpfs", "/tmp"));
    command.addAll(List.of("--chdir", "/tmp", "--remount-ro", "/"));
  }

  /** Some distributions keep a Java machine's settings outside its folder and link to them. */
  private static List<Path> configuration(Path javaHome) {
    Path security = javaHome.resolve("conf/security/java.security");
    if (!Files.exists(security)) {
      return List.of();
    }
    Path real = realPath(security);
    return real.startsWith(realPath(javaHome)) ? List.of() : List.of(real.getParent());
  }

  private static void library(List<String> command, Path folder) {
    if (Files.isSymbolicLink(folder)) {
      command.addAll(List.of("--symlink", link(folder), folder.toString()));
    } else if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      readOnly(command, folder, folder.toString());
    }
  }

  private static void readOnly(List<String> command, Path origin, String place) {
    command.addAll(List.of("--ro-bind", origin.toString(), place));
  }

  private static Path realPath(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String link(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
