package xyz.openledger.nodes.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;

/**
 * Folders that belong to one process by their name, {@code openledger-<process id>-…}, so that a
 * later process can remove what one that was killed has left behind.
 */
public final class OwnedFolder {
  private static final String PREFIX = "openledger-";

  private OwnedFolder() {}

  /** The start of a name for a folder of this process. */
  public static String prefix() {
    return PREFIX + ProcessHandle.current().pid() + "-";
  }

  /** How to remove one folder. */
  @FunctionalInterface
  public interface Removal {
    void remove(Path folder) throws IOException;
  }

  /**
   * Removes the folders in {@code parent} whose process is gone. What cannot be removed stays for
   * another time.
   */
  public static void sweep(Path parent, Removal removal) throws IOException {
    try (var folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path folder : folders) {
        Optional<Long> owner = owner(folder.getFileName().toString());
        if (owner.isPresent() && ProcessHandle.of(owner.get()).isEmpty()) {
          try {
            removal.remove(folder);
          } catch (IOException inUseOrNotOurs) {
            // Another user's, being removed by another agent, or a group whose last process is
            // ending.
          }
        }
      }
    }
  }

  /**
   * Removes a folder with all that is in it.
   *
   * @throws IOException if something cannot be removed, or if another process removes it meanwhile
   */
  public static void deleteTree(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (UncheckedIOException whileWalking) {
      throw whileWalking.getCause();
    }
  }

  /** The same, if there is such a folder. */
  static void deleteTreeIfThere(Path folder) throws IOException {
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      deleteTree(folder);
    }
  }

  private static Optional<Long> owner(String name) {
    int end = name.indexOf('-', PREFIX.length());
    try {
      return end < 0
          ? Optional.empty()
          : Optional.of(Long.parseLong(name.substring(PREFIX.length(), end)));
    } catch (NumberFormatException notOurs) {
      return Optional.empty();
    }
  }
}
