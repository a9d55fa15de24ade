package xyz.openledger.nodes.benchmark;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Lets one process of this machine measure at a time, so that agents that start together do not
 * disturb one another. Whoever cannot get the turn in time, or cannot use the lock file, measures
 * all the same: a slightly disturbed figure is better than none.
 */
public final class MachineTurn {
  private static final long LOOK_MILLIS = 50;

  private MachineTurn() {}

  /** The lock file that all agents of a user share. */
  public static Path file() {
    String user = System.getProperty("user.name", "").replaceAll("[^A-Za-z0-9_-]", "_");
    return Path.of(System.getProperty("java.io.tmpdir"), "openledger-benchmark-" + user + ".lock");
  }

  /** Measures while holding the turn; waits up to {@code patience} for it. */
  public static <T> T take(Path file, Duration patience, Supplier<T> measurement)
      throws InterruptedException {
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      Optional<FileLock> lock = await(channel, patience);
      try {
        return measurement.get();
      } finally {
        if (lock.isPresent()) {
          lock.get().release();
        }
      }
    } catch (IOException noFile) {
      return measurement.get();
    }
  }

  private static Optional<FileLock> await(FileChannel channel, Duration patience)
      throws IOException, InterruptedException {
    long endNanos = System.nanoTime() + patience.toNanos();
    while (System.nanoTime() < endNanos) {
      Optional<FileLock> lock = attempt(channel);
      if (lock.isPresent()) {
        return lock;
      }
      Thread.sleep(LOOK_MILLIS);
    }
    return Optional.empty();
  }

  private static Optional<FileLock> attempt(FileChannel channel) throws IOException {
    try {
      return Optional.ofNullable(channel.tryLock());
    } catch (OverlappingFileLockException sameProcess) {
      return Optional.empty();
    }
  }
}
