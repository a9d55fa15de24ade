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
 * stranger with the same number is ended.
 */
record Orphan(Path file) {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Writes down which process is ours. */
  void note(Process process) throws IOException {
    Files.writeString(file, process.pid() + " " + began(process.toHandle()) + "\n");
  }

  /**
   * Ends the process that a former run of ours left behind, if it is still there: kindly, so that
   * it can save.
   */
  void end() throws IOException {
    var left = find();
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

  private Optional<ProcessHandle> find() throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    String[] noted = Files.readString(file).strip().split(" ", 2);
    if (noted.length != 2 || !noted[0].matches("[0-9]{1,18}")) {
      return Optional.empty();
    }
    return ProcessHandle.of(Long.parseLong(noted[0]))
        .filter(process -> began(process).equals(noted[1]));
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
