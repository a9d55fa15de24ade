package xyz.openledger.protocol.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.inference.ModelManifest;

/** Files that are longer than a blob may be, as blobs that follow one another. */
final class FileParts {
  private static final int BUFFER_BYTES = 1 << 16;

  private FileParts() {}

  /** A file by its content: in one piece if it is short enough, else in parts, read once. */
  static ModelManifest.File describe(String name, Path file) throws IOException {
    long bytes = Files.size(file);
    if (bytes <= ModelManifest.PART_BYTES) {
      return new ModelManifest.File(name, BlobClient.digest(file), bytes);
    }
    var parts = new ArrayList<Digest>();
    MessageDigest whole = Digest.sha256();
    MessageDigest part = Digest.sha256();
    long left = ModelManifest.PART_BYTES;
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer, 0, most(left));
          read >= 0;
          read = in.read(buffer, 0, most(left))) {
        whole.update(buffer, 0, read);
        part.update(buffer, 0, read);
        left -= read;
        if (left == 0) {
          parts.add(Digest.wrap(part.digest()));
          left = ModelManifest.PART_BYTES;
        }
      }
    }
    if (left < ModelManifest.PART_BYTES) {
      parts.add(Digest.wrap(part.digest()));
    }
    return new ModelManifest.File(name, Digest.wrap(whole.digest()), bytes, parts);
  }

  private static int most(long left) {
    return (int) Math.min(BUFFER_BYTES, left);
  }

  /** Stores the parts that the member has not got: one that broke off goes on behind the last. */
  static void upload(Path path, ModelManifest.File file, BlobClient blobs) {
    List<Digest> parts = Objects.requireNonNull(file.parts());
    try (InputStream in = Files.newInputStream(path)) {
      for (int i = 0; i < parts.size(); i++) {
        int length = (int) file.partBytes(i);
        if (blobs.has(parts.get(i))) {
          in.skipNBytes(length);
          continue;
        }
        byte[] bytes = in.readNBytes(length);
        if (!Digest.of(bytes).equals(parts.get(i))) {
          throw Check.refusal("", path + " has changed since it was read");
        }
        blobs.put(bytes);
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
