package xyz.openledger.nodes.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.json.Json;

/**
 * Calls to a cluster's API server, each bounded in time, size and tries. Every call can be repeated
 * without harm: what is made has a name of its own, and what is deleted is deleted.
 */
final class ApiServer implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);
  private static final long ANSWER_BYTES_MAX = 4 << 20;
  private static final int TRIES_MAX = 3;
  private static final long PAUSE_MILLIS = 200;

  /** A server that is busy, or has just lost what stands behind it. */
  private static final Set<Integer> PASSING = Set.of(429, 500, 502, 503, 504);

  private static final int SWITCHING_PROTOCOLS = 101;

  /** Streams that can be closed one by one, which clusters offer from 1.30 on. */
  private static final String STREAMS = "v5.channel.k8s.io";

  private final ClusterAccess access;
  private final HttpClient client;

  ApiServer(ClusterAccess access) {
    this.access = access;
    this.client =
        HttpClient.newBuilder()
            .sslContext(access.tls())
            .connectTimeout(CONNECT_TIMEOUT)
            // A token goes nowhere but to the server that it is for.
            .followRedirects(HttpClient.Redirect.NEVER)
            .executor(
                Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("cluster-", 0).factory()))
            .build();
  }

  /** Where it is. */
  URI server() {
    return access.server();
  }

  JsonNode get(Right right, String path, String what) throws IOException {
    return call(right.words(), "GET", path, null, what);
  }

  JsonNode post(Right right, String path, JsonNode body, String what) throws IOException {
    return call(right.words(), "POST", path, body, what);
  }

  JsonNode delete(Right right, String path, JsonNode options, String what) throws IOException {
    return call(right.words(), "DELETE", path, options, what);
  }

  /** Looks at what every account may, or at what nothing depends on. */
  JsonNode look(String path) throws IOException {
    return call("get", "GET", path, null, path);
  }

  /** Asks whether this account has a right, which every account may ask. */
  boolean may(Right right, String namespace) throws IOException {
    var review = JsonNodeFactory.instance.objectNode();
    String[] resource = right.resource.split("/", 2);
    var asked =
        review
            .put("apiVersion", "authorization.k8s.io/v1")
            .put("kind", "SelfSubjectAccessReview")
            .putObject("spec")
            .putObject("resourceAttributes")
            .put("verb", right.verb)
            .put("group", right.group)
            .put("resource", resource[0]);
    if (resource.length > 1) {
      asked.put("subresource", resource[1]);
    }
    if (!right.isOfCluster()) {
      asked.put("namespace", namespace);
    }
    String path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    JsonNode answer = call("create selfsubjectaccessreviews", "POST", path, review, right.words());
    return answer.at("/status/allowed").asBoolean(false);
  }

  private JsonNode call(
      String right, String method, String path, @Nullable JsonNode body, String what)
      throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        HttpResponse<byte[]> answer = send(method, path, body);
        if (answer.statusCode() / 100 == 2) {
          return read(answer.body());
        }
        if (!PASSING.contains(answer.statusCode()) || attempt == TRIES_MAX) {
          throw ClusterRefusal.of(answer.statusCode(), right, what, answer.body());
        }
      } catch (ClusterRefusal refused) {
        throw refused;
      } catch (IOException unreachable) {
        if (attempt == TRIES_MAX) {
          throw new IOException(
              "%s does not answer: %s".formatted(access.server(), unreachable), unreachable);
        }
      }
      pause(attempt);
    }
  }

  private HttpResponse<byte[]> send(String method, String path, @Nullable JsonNode body)
      throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(access.server() + path))
            .timeout(CALL_TIMEOUT)
            .header("Authorization", "Bearer " + access.token().get())
            .header("Accept", "application/json")
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(Json.write(body)))
            .build();
    try {
      return client.send(
          request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while asking " + access.server(), e);
    }
  }

  private static JsonNode read(byte[] body) throws IOException {
    try {
      return Json.tree(body);
    } catch (ProblemException malformed) {
      throw new IOException("the cluster answers with what is no JSON", malformed);
    }
  }

  private static void pause(int attempt) throws IOException {
    try {
      Thread.sleep(PAUSE_MILLIS << attempt);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted between two tries", e);
    }
  }

  /** Opens the streams of a container; {@code listener} hears them. */
  WebSocket attach(String path, WebSocket.Listener listener, String what) throws IOException {
    URI uri = URI.create("wss" + access.server().toString().substring("https".length()) + path);
    var opening =
        client
            .newWebSocketBuilder()
            .subprotocols(STREAMS)
            .connectTimeout(CONNECT_TIMEOUT)
            .header("Authorization", "Bearer " + access.token().get())
            .buildAsync(uri, listener);
    try {
      WebSocket socket = opening.get(CALL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      if (!socket.getSubprotocol().equals(STREAMS)) {
        socket.abort();
        throw tooOld();
      }
      return socket;
    } catch (ExecutionException failed) {
      throw refused(failed.getCause(), what);
    } catch (TimeoutException late) {
      opening.cancel(true);
      throw new IOException("attaching to %s took too long".formatted(what), late);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while attaching to " + what, e);
    }
  }

  private static IOException tooOld() {
    return new IOException(
        "the cluster offers no streams of %s: Kubernetes 1.30 or newer is needed"
            .formatted(STREAMS));
  }

  private static IOException refused(@Nullable Throwable cause, String what) {
    if (cause instanceof WebSocketHandshakeException handshake) {
      int status = handshake.getResponse().statusCode();
      if (status == SWITCHING_PROTOCOLS) {
        return tooOld();
      }
      byte[] body = handshake.getResponse().body() instanceof byte[] bytes ? bytes : new byte[0];
      return ClusterRefusal.of(status, Right.CREATE_ATTACH.words(), what, body);
    }
    return new IOException("cannot attach to %s: %s".formatted(what, cause), cause);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
