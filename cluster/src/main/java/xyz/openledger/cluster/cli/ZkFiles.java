package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.verification.zk.ModelEvidence;

/** Reads what the verbs about private models are given. */
final class ZkFiles {
  private static final int FILE_BYTES_MAX = 1 << 20;

  private ZkFiles() {}

  static byte[] read(Shell shell, Path named, String field) throws IOException {
    Path path = shell.resolve(named);
    if (!Files.isRegularFile(path)) {
      throw CommandFailure.usage("there is no file " + path, field, "");
    }
    if (Files.size(path) > FILE_BYTES_MAX) {
      throw CommandFailure.usage(path + " is longer than 1 MiB", field, "");
    }
    return Files.readAllBytes(path);
  }

  static ModelEvidence evidence(Shell shell, Path named) throws IOException {
    try {
      return ModelEvidence.read(read(shell, named, "FILE"));
    } catch (ProblemException malformed) {
      String place = malformed.field().isEmpty() ? "" : malformed.field() + ": ";
      throw CommandFailure.failed(
          "%s is no evidence about a private model: %s%s"
              .formatted(named, place, malformed.detail()),
          "openledger zk prove --help   (it writes such files)");
    }
  }

  static @Nullable Address address(@Nullable String text, String field) {
    try {
      return text == null ? null : Address.parse(text);
    } catch (ProblemException malformed) {
      throw CommandFailure.usage(malformed.detail(), field, "");
    }
  }
}
