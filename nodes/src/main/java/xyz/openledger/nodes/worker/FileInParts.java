package xyz.openledger.nodes.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Objects;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.inference.ModelManifest;

/**
 * Puts a file together that came in parts. Each part is fetched and checked by itself and stays
 * where fetched blobs stay, so that what broke off goes on with the part that it broke off in.
 */
final class FileInParts {
  private static final int BUFFER_BYTES = 1 << 16;

  private FileInParts() {}

  /**
   * Writes the file under a name.
   *
   * @throws ProblemException {@code digest-mismatch} if the parts are not those of the file
   */
  static void place(ModelManifest.File file, Path name, WorkerTask.Files files) throws IOException {
    List<Digest> parts = Objects.requireNonNull(file.parts());
    MessageDigest whole = Digest.sha256();
    Path part = name.resolveSibling(name.getFileName() + ".part");
    byte[] buffer = new byte[BUFFER_BYTES];
    try (OutputStream out = Files.newOutputStream(name)) {
      for (int i = 0; i < parts.size(); i++) {
        files.place(parts.get(i), file.partBytes(i), part);
        try (InputStream in = Files.newInputStream(part)) {
          for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            whole.update(buffer, 0, read);
            out.write(buffer, 0, read);
          }
        }
        Files.delete(part);
      }
    }
    if (!Digest.wrap(whole.digest()).equals(file.digest())) {
      throw new ProblemException(
          Problem.DIGEST_MISMATCH, "", "the parts of %s are another file".formatted(file.name()));
    }
  }
}
