package xyz.openledger.nodes.blobs;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

/**
 * The blobs a node needs and makes: {@code GET} and {@code PUT <base>/sha256:<hex>} with a bearer
 * token. A download that breaks off goes on where it stopped; what does not have its digest is
 * thrown away. Two who want the same blob share one download.
 *
 * <p>Thread-safe; {@link #fetch} and {@link #put} wait, so they are called from threads that may.
 */
public final class Blobs implements AutoCloseable {
  private static final int ATTEMPTS = 4;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration DOWNLOAD_TIMEOUT = Duration.ofMinutes(10);
  private static final long RETRY_MILLIS = 200;

  private record Endpoint(String base, String token) {}

  private final BlobCache cache;
  private final HttpClient client;
  private final Map<Digest, CompletableFuture<byte[]>> underWay = new ConcurrentHashMap<>();
  private final AtomicLong downloads = new AtomicLong();
  private final AtomicLong bytesFetched = new AtomicLong();
  private final Runnable unauthorized;
  private volatile @Nullable Endpoint endpoint;

  private Blobs(BlobCache cache, HttpClient client, Runnable unauthorized) {
    this.cache = cache;
    this.client = client;
    this.unauthorized = unauthorized;
  }

  /**
   * The blobs under a folder.
   *
   * @param bytesMax of disk
   * @param tls whom to trust for {@code https}; the JDK's own choice if absent
   * @param unauthorized asks for another token, since the present one is not taken any more; called
   *     on any thread, and for every request that failed so
   */
  public static Blobs open(
      Path folder, long bytesMax, @Nullable SSLContext tls, Runnable unauthorized) {
    var builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER);
    if (tls != null) {
      builder.sslContext(tls);
    }
    return new Blobs(BlobCache.open(folder, bytesMax), builder.build(), unauthorized);
  }

  /** Where blobs are from now on. */
  public void use(String base, String token) {
    endpoint = new Endpoint(base.endsWith("/") ? base : base + "/", token);
  }

  /** The blobs on this disk that were used last, the latest in front. */
  public List<Digest> latest(int max) {
    return cache.latest(max);
  }

  /** How many bytes came over the network, for those who count. */
  public long bytesFetched() {
    return bytesFetched.get();
  }

  /** Whether a blob is on this disk. */
  public boolean has(Digest digest) {
    return cache.has(digest);
  }

  /**
   * The bytes of a blob, from disk or from the member.
   *
   * @param bytesMax a longer one is refused
   * @throws ProblemException {@code blob-unavailable} or {@code digest-mismatch}
   */
  public byte[] fetch(Digest digest, long bytesMax) {
    Optional<byte[]> cached = cache.read(digest);
    if (cached.isPresent()) {
      return cached.get();
    }
    var mine = new CompletableFuture<byte[]>();
    var theirs = underWay.putIfAbsent(digest, mine);
    if (theirs == null) {
      begin(digest, bytesMax, mine);
    }
    return await(digest, theirs == null ? mine : theirs);
  }

  /**
   * Puts a blob, from disk or from the member, under a name of its own.
   *
   * @param bytesMax a longer one is refused
   * @throws ProblemException {@code blob-unavailable} or {@code digest-mismatch}
   */
  public void place(Digest digest, long bytesMax, Path name) {
    try {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        if (cache.link(digest, name)) {
          return;
        }
        fetch(digest, bytesMax);
      }
    } catch (IOException unwritable) {
      throw unavailable(digest, "cannot be placed at %s: %s".formatted(name, unwritable));
    }
    throw unavailable(digest, "the cache is too small to hold it");
  }

  /**
   * Downloads on a thread of its own: whoever asked first may lose interest, and others wait for
   * the same blob.
   */
  private void begin(Digest digest, long bytesMax, CompletableFuture<byte[]> result) {
    Thread thread =
        Thread.ofVirtual()
            .name("download")
            .unstarted(
                () -> {
                  try {
                    result.complete(download(digest, bytesMax));
                  } catch (RuntimeException failed) {
                    result.completeExceptionally(failed);
                  } finally {
                    underWay.remove(digest, result);
                  }
                });
    var _ =
        result
            .orTimeout(DOWNLOAD_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
            .whenComplete((_, failed) -> interruptLate(thread, failed));
    thread.start();
  }

  private static void interruptLate(Thread thread, @Nullable Throwable failed) {
    if (failed instanceof TimeoutException) {
      thread.interrupt();
    }
  }

  /**
   * Gives a blob to the member; one that it has already is no mistake.
   *
   * @throws ProblemException {@code blob-unavailable} if it does not take it
   */
  public void put(Digest digest, Path file) {
    attempt(
        digest,
        () -> 0,
        target -> {
          var request =
              request(target, digest)
                  .header("Content-Type", "application/octet-stream")
                  .PUT(HttpRequest.BodyPublishers.ofFile(file))
                  .build();
          var response = client.send(request, HttpResponse.BodyHandlers.discarding());
          if (response.statusCode() / 100 != 2) {
            throw status(digest, response.statusCode());
          }
          return digest;
        });
  }

  /** How many downloads were begun, for those who count. */
  public long downloads() {
    return downloads.get();
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  private byte[] download(Digest digest, long bytesMax) {
    Path partial = cache.partial().resolve(digest.hex());
    return attempt(
        digest,
        () -> size(partial),
        target -> {
          receive(target, digest, partial, bytesMax);
          byte[] bytes = Files.readAllBytes(partial);
          if (!Digest.of(bytes).equals(digest)) {
            Files.deleteIfExists(partial);
            throw new ProblemException(
                Problem.DIGEST_MISMATCH, "", "what came for " + digest + " has another digest");
          }
          cache.adopt(digest, partial);
          bytesFetched.addAndGet(bytes.length);
          return bytes;
        });
  }

  /** Appends what is missing of a blob to the file. */
  private void receive(Endpoint target, Digest digest, Path partial, long bytesMax)
      throws IOException, InterruptedException {
    downloads.incrementAndGet();
    long from = size(partial);
    var request = request(target, digest).GET();
    if (from > 0) {
      request.header("Range", "bytes=" + from + "-");
    }
    var response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    try (var body = response.body()) {
      switch (response.statusCode()) {
        case 200 -> Files.deleteIfExists(partial);
        case 206 -> {}
        // The file was whole already, or longer than the blob: its digest will tell.
        case 416 -> {
          return;
        }
        default -> throw status(digest, response.statusCode());
      }
      try (var out =
          Files.newOutputStream(partial, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        copy(body, out, bytesMax - (response.statusCode() == 206 ? from : 0), digest, partial);
      }
    }
  }

  private static void copy(
      java.io.InputStream body,
      java.io.OutputStream out,
      long bytesMax,
      Digest digest,
      Path partial)
      throws IOException {
    byte[] chunk = new byte[1 << 16];
    long left = bytesMax;
    for (int read = body.read(chunk); read >= 0; read = body.read(chunk)) {
      left -= read;
      if (left < 0) {
        Files.deleteIfExists(partial);
        throw new ProblemException(
            Problem.DIGEST_MISMATCH, "", digest + " is longer than the lease says");
      }
      out.write(chunk, 0, read);
    }
  }

  @FunctionalInterface
  private interface Attempt<T> {
    T on(Endpoint target) throws IOException, InterruptedException;
  }

  /** Tries again while there is hope: a few times without progress, or as long as there is some. */
  private <T> T attempt(Digest digest, LongSupplier progress, Attempt<T> attempt) {
    String reason = "the member has not said where blobs are";
    long best = progress.getAsLong();
    for (int failures = 0; failures < ATTEMPTS; failures++) {
      Endpoint target = endpoint;
      try {
        if (failures > 0) {
          Thread.sleep(RETRY_MILLIS << failures);
        }
        if (target != null) {
          return attempt.on(target);
        }
      } catch (IOException broken) {
        reason = broken.toString();
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
        throw unavailable(digest, "interrupted");
      }
      if (progress.getAsLong() > best) {
        best = progress.getAsLong();
        failures = 0;
      }
    }
    throw unavailable(digest, reason);
  }

  private static long size(Path file) {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException gone) {
      return 0;
    }
  }

  private static HttpRequest.Builder request(Endpoint target, Digest digest) {
    return HttpRequest.newBuilder(URI.create(target.base() + digest))
        .timeout(ANSWER_TIMEOUT)
        .header("Authorization", "Bearer " + target.token());
  }

  /** An answer that a repeat may better is an I/O error; one that it cannot is a problem. */
  private IOException status(Digest digest, int status) {
    if (status == 401) {
      unauthorized.run();
      return new IOException("the member does not take this node's token");
    }
    if (status / 100 == 4 && status != 408 && status != 429) {
      throw unavailable(digest, "the member answered " + status);
    }
    return new IOException("the member answered " + status);
  }

  private static ProblemException unavailable(Digest digest, String reason) {
    return new ProblemException(Problem.BLOB_UNAVAILABLE, "", digest + ": " + reason);
  }

  private static byte[] await(Digest digest, CompletableFuture<byte[]> download) {
    try {
      return download.get();
    } catch (InterruptedException given) {
      Thread.currentThread().interrupt();
      throw unavailable(digest, "interrupted");
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof ProblemException problem) {
        throw problem;
      }
      throw unavailable(digest, String.valueOf(failed.getCause()));
    }
  }
}
