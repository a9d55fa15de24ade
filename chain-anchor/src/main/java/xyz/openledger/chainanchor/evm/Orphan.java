package xyz.openledger.chainanchor.evm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A child process that may outlive us: after {@code kill -9} of its parent it still holds its port
 * and its files. A file says which process it is, by number and by the moment it began, so that no
 * stranger with the same number is ended; and whose child it is, so that it is not taken from a
 * parent that still needs it.
 */
record Orphan(Path file) {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Writes down which process is ours. */
  void note(Process process) throws IOException {
    ProcessHandle parent = ProcessHandle.current();
    Files.writeString(
        file,
        "%d %s %d %s\n"
            .formatted(process.pid(), began(process.toHandle()), parent.pid(), began(parent)));
  }

  /**
   * Ends the process that a former run of ours left behind, if it is still there: kindly, so that
   * it can save.
   *
   * @throws IOException if its parent is another program that still runs
   */
  void end() throws IOException {
    String[] noted = Files.exists(file) ? Files.readString(file).strip().split(" ") : new String[0];
    var left = find(noted, 0);
    var parent = find(noted, 2);
    if (left.isPresent()
        && parent.isPresent()
        && parent.get().pid() != ProcessHandle.current().pid()) {
      throw new IOException(
          "the development chain in %s is in use by process %d; stop that first"
              .formatted(file.toAbsolutePath().getParent(), parent.get().pid()));
    }
    if (left.isPresent()) {
      ProcessHandle process = left.get();
      process.destroy();
      if (!isGone(process)) {
        process.destroyForcibly();
        isGone(process);
      }
    }
    Files.deleteIfExists(file);
  }

  /** The process that two words of the file name, if it still runs. */
  private static Optional<ProcessHandle> find(String[] noted, int at) {
    if (noted.length < at + 2 || !noted[at].matches("[0-9]{1,18}")) {
      return Optional.empty();
    }
    return ProcessHandle.of(Long.parseLong(noted[at]))
        .filter(process -> began(process).equals(noted[at + 1]));
  }

  private static String began(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("unknown");
  }

  private static boolean isGone(ProcessHandle process) throws IOException {
    try {
      process.onExit().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException late) {
      return false;
    } catch (ExecutionException impossible) {
      throw new AssertionError("waiting for an exit does not fail", impossible);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }
}
