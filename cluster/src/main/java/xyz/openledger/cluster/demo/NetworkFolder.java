package xyz.openledger.cluster.demo;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import xyz.openledger.cluster.cli.CommandFailure;
import xyz.openledger.cluster.configuration.MemberFile;

/**
 * The folder of a network on one machine, in use by one program at a time. What is not such a
 * folder is never touched, least of all emptied; neither is one whose network is up.
 *
 * <pre>
 *   FORMAT           what this is; made with the folder
 *   LOCK             held by the program that runs the network
 *   member, chain, nodes, blobs, keys, run
 * </pre>
 */
final class NetworkFolder implements AutoCloseable {
  private static final String FORMAT = "FORMAT";
  private static final String LOCK = "LOCK";
  private static final String FORMAT_LINE = "openledger-network 1\n";

  /** What a member that outlived its program still holds. */
  private static final String JOURNAL_LOCK = "member/journal/LOCK";

  private static final Set<String> KEPT = Set.of(FORMAT, LOCK);

  private final Path folder;
  private final FileChannel lock;

  private NetworkFolder(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * Takes the folder, which is made if there is none.
   *
   * @throws CommandFailure if it holds something else, or its network is up
   */
  static NetworkFolder take(Path folder) throws IOException {
    if (Files.exists(folder) && !isOurs(folder)) {
      throw CommandFailure.usage(
          folder + " holds something else than a network; nothing was touched",
          "--data-dir",
          "openledger dev --data-dir FOLDER   (one that is new, or was made by openledger)");
    }
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(FORMAT), FORMAT_LINE);
    FileChannel lock = lock(folder.resolve(LOCK));
    if (lock == null) {
      throw up(folder);
    }
    if (Files.exists(folder.resolve(JOURNAL_LOCK))) {
      FileChannel journal = lock(folder.resolve(JOURNAL_LOCK));
      if (journal == null) {
        lock.close();
        throw up(folder);
      }
      journal.close();
    }
    return new NetworkFolder(folder, lock);
  }

  /** Deletes all that a network left there. */
  void clear() throws IOException {
    List<Path> all = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .filter(
              file ->
                  !file.equals(folder)
                      && !KEPT.contains(folder.relativize(file).toString())
                      && !isNetwork(folder.resolve(folder.relativize(file).getName(0))))
          .sorted(Comparator.reverseOrder())
          .forEach(all::add);
    }
    for (Path file : all) {
      Files.delete(file);
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }

  private static CommandFailure up(Path folder) {
    String where =
        MemberFile.read(folder).map(member -> " at " + member.url()).orElse("; it may be starting");
    return CommandFailure.failed(
        "a network already runs from %s%s".formatted(folder, where),
        "openledger node list --data-dir %s   (or stop it with Ctrl-C where it was started)"
            .formatted(folder));
  }

  /**
   * Empty but for networks of their own, or marked as a network, or made by a version that left no
   * mark.
   */
  private static boolean isOurs(Path folder) throws IOException {
    if (Files.exists(folder.resolve(FORMAT))) {
      return Files.readString(folder.resolve(FORMAT)).equals(FORMAT_LINE);
    }
    try (Stream<Path> inside = Files.list(folder)) {
      return inside.allMatch(NetworkFolder::isNetwork)
          || Files.exists(folder.resolve(JOURNAL_LOCK));
    }
  }

  /** The demos have theirs inside that of dev; neither touches the other's. */
  private static boolean isNetwork(Path inside) {
    return Files.exists(inside.resolve(FORMAT));
  }

  private static @Nullable FileChannel lock(Path file) throws IOException {
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException heldHere) {
      // The same answer as if another program held it.
    }
    channel.close();
    return null;
  }
}
