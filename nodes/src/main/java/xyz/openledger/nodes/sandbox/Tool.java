package xyz.openledger.nodes.sandbox;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds the system's programs in the system's folders: never by the path of whoever started us. */
final class Tool {
  private static final List<String> FOLDERS = List.of("/usr/bin", "/bin", "/usr/local/bin");

  private Tool() {}

  static Optional<Path> find(String name) {
    return FOLDERS.stream()
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Whether this process is the machine's root. */
  static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }
}
