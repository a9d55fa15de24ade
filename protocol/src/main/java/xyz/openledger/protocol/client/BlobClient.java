package xyz.openledger.protocol.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.api.StoredBlob;

/** Programs, inputs and outputs, named by the SHA-256 of their content and checked against it. */
public final class BlobClient {
  /** The largest blob, 64 MiB. */
  public static final int BYTES_MAX = 64 << 20;

  private static final int BUFFER_BYTES = 1 << 16;

  private final Exchange exchange;

  BlobClient(Exchange exchange) {
    this.exchange = exchange;
  }

  /** Stores bytes; a repeat changes nothing. */
  public StoredBlob put(byte[] bytes) {
    checkSize("the blob", bytes.length);
    return put(Digest.of(bytes), BodyPublishers.ofByteArray(bytes));
  }

  /**
   * Stores a file, sent as it is read.
   *
   * @throws ProblemException {@code too-large} over 64 MiB, before anything is sent
   */
  public StoredBlob put(Path file) {
    try {
      checkSize(file.toString(), Files.size(file));
      return put(digest(file), BodyPublishers.ofFile(file));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private StoredBlob put(Digest digest, BodyPublisher body) {
    var request =
        exchange
            .request(path(digest))
            .header("Content-Type", "application/octet-stream")
            .PUT(body)
            .build();
    return Answers.read(exchange.json(request), StoredBlob.class);
  }

  /** Whether the member has it; false too if the token does not allow to ask. */
  public boolean has(Digest digest) {
    var request = exchange.request(path(digest)).HEAD().build();
    return exchange.sendOnce(request).statusCode() == 200;
  }

  /**
   * Reads a blob into memory.
   *
   * @throws ProblemException {@code digest-mismatch} if other bytes came
   */
  public byte[] get(Digest digest) {
    var request = exchange.request(path(digest)).build();
    byte[] bytes =
        exchange.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), BYTES_MAX)).body();
    check(digest, Digest.of(bytes));
    return bytes;
  }

  /**
   * Reads a blob into a file, which appears whole or not at all.
   *
   * @return its length
   * @throws ProblemException {@code digest-mismatch} if other bytes came
   */
  public long get(Digest digest, Path file) {
    var request = exchange.request(path(digest)).build();
    Path folder = file.toAbsolutePath().getParent();
    try {
      Path part = Files.createTempFile(folder, ".blob-", ".part");
      try {
        exchange.send(request, BodyHandlers.limiting(BodyHandlers.ofFile(part), BYTES_MAX));
        check(digest, digest(part));
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        return Files.size(file);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  /** The digest of a file's content, read in pieces. */
  public static Digest digest(Path file) throws IOException {
    MessageDigest sha256 = Digest.sha256();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        sha256.update(buffer, 0, read);
      }
    }
    return Digest.wrap(sha256.digest());
  }

  static void checkSize(String what, long bytes) {
    if (bytes > BYTES_MAX) {
      throw new ProblemException(
          Problem.TOO_LARGE, "", "%s has %d bytes; at most %d".formatted(what, bytes, BYTES_MAX));
    }
  }

  static void check(Digest expected, Digest actual) {
    if (!expected.equals(actual)) {
      throw new ProblemException(
          Problem.DIGEST_MISMATCH, "", "asked for %s, got %s".formatted(expected, actual));
    }
  }

  private static String path(Digest digest) {
    return Call.BASE + "/blobs/" + Check.present("digest", digest);
  }
}
