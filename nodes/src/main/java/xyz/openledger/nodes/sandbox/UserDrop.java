package xyz.openledger.nodes.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Scanner;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Becomes the system's least user before anything else, which only root can do. A program whose
 * walls fall is then nobody on the host, and the kernel's limit on processes, which does not bind
 * root, holds.
 */
final class UserDrop {
  /** {@code nobody}, by the number that every Linux gives it. */
  static final String NOBODY = "65534";

  /**
   * Above what systems give to people, services and containers; a process id and a count follow.
   */
  private static final long OWN_USERS_FIRST = 2_000_000_000L;

  private static final int PROCESSES = 100_000;
  private static final int USERS_PER_PROCESS = 1_000;
  private static final AtomicInteger STARTED = new AtomicInteger();

  private UserDrop() {}

  /**
   * The command that drops and then becomes the command that follows, if we are root and the
   * machine can.
   */
  static Optional<List<String>> command() {
    return to(NOBODY);
  }

  /**
   * As {@link #command()}, but to a user that no other process has, where this root may name such:
   * without namespaces the kernel counts threads by user, so that workers that share one take each
   * other's, and signal each other.
   */
  static Optional<List<String>> alone() {
    long process = ProcessHandle.current().pid() % PROCESSES;
    int count = Math.floorMod(STARTED.getAndIncrement(), USERS_PER_PROCESS);
    long user = OWN_USERS_FIRST + process * USERS_PER_PROCESS + count;
    return to(hasUser(user) ? Long.toString(user) : NOBODY);
  }

  private static Optional<List<String>> to(String user) {
    if (!Tool.isRoot()) {
      return Optional.empty();
    }
    return Tool.find("setpriv")
        .map(
            setpriv ->
                List.of(
                    setpriv.toString(),
                    "--reuid=" + user,
                    "--regid=" + user,
                    "--clear-groups",
                    "--"));
  }

  /** Whether our user namespace has this user; inside a container it may have few. */
  private static boolean hasUser(long user) {
    try (var ranges = Files.lines(Path.of("/proc/self/uid_map"))) {
      return ranges.anyMatch(range -> holds(range, user));
    } catch (IOException unknown) {
      return false;
    }
  }

  /** A line of the map: the first user inside, the first outside, how many. */
  static boolean holds(String range, long user) {
    try (var numbers = new Scanner(range)) {
      long first = numbers.nextLong();
      numbers.nextLong();
      return user >= first && user - first < numbers.nextLong();
    }
  }
}
