package xyz.openledger.nodes.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.session.Lease;

/**
 * Long outputs, on disk until the member asks for them. Starts empty: leases do not survive their
 * process.
 */
final class OutputFolder {
  private final Path folder;

  private OutputFolder(Path folder) {
    this.folder = folder;
  }

  /** Makes the folder, and empties it. */
  static OutputFolder open(Path folder) throws IOException {
    Files.createDirectories(folder);
    try (var left = Files.list(folder)) {
      for (Path file : left.toList()) {
        Files.delete(file);
      }
    }
    return new OutputFolder(folder);
  }

  /** Keeps the output of a lease. */
  Path keep(Lease lease, byte[] output) {
    try {
      return Files.write(folder.resolve(Long.toHexString(lease.fence())), output);
    } catch (IOException full) {
      throw new ProblemException(
          Problem.SANDBOX_FAILED,
          "",
          "cannot keep an output of %d bytes: %s".formatted(output.length, full));
    }
  }

  /** Frees an output. */
  void discard(@Nullable Path file) {
    if (file == null) {
      return;
    }
    try {
      Files.deleteIfExists(file);
    } catch (IOException undeletable) {
      // The folder is emptied at the next start.
      return;
    }
  }
}
