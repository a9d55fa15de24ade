package xyz.openledger.chainanchor.evm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * JSON-RPC 2.0 over HTTP. Each call waits for its answer, ten seconds at most, and is made once:
 * whoever calls knows whether it may be repeated.
 */
public final class JsonRpc {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int ANSWER_BYTES_MAX = 16 << 20;

  /** {@code Error(string)}: its text is in the message. */
  private static final String ERROR_WITH_TEXT = "0x08c379a0";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(TIMEOUT).version(HttpClient.Version.HTTP_1_1).build();
  private final URI uri;
  private final AtomicLong ids = new AtomicLong();

  /** A client of the node at {@code uri}. */
  public JsonRpc(URI uri) {
    this.uri = uri;
  }

  /** Where the node is. */
  public URI uri() {
    return uri;
  }

  /**
   * Calls a method.
   *
   * @param parameters texts, booleans, lists and maps of them, or {@link JsonNode}s
   * @return the result; JSON null where the node says null
   * @throws RpcException if the node refuses
   * @throws IOException if it does not answer, or not as JSON-RPC
   */
  public JsonNode call(String method, Object... parameters) throws IOException {
    ObjectNode request = MAPPER.createObjectNode();
    request.put("jsonrpc", "2.0").put("id", ids.incrementAndGet()).put("method", method);
    ArrayNode list = request.putArray("params");
    for (Object parameter : parameters) {
      list.add(MAPPER.valueToTree(parameter));
    }
    JsonNode answer = send(method, MAPPER.writeValueAsBytes(request));
    JsonNode error = answer.get("error");
    if (error != null && !error.isNull()) {
      throw refusal(method, error);
    }
    if (!answer.has("result")) {
      throw new IOException(method + ": " + uri + " did not answer as JSON-RPC");
    }
    return answer.get("result");
  }

  static RpcException refusal(String method, JsonNode error) {
    return new RpcException(
        error.path("code").asInt(),
        method + ": " + error.path("message").asText() + customError(error));
  }

  /** Some nodes name a contract's error in their message, others beside it. */
  private static String customError(JsonNode error) {
    String data = error.path("data").asText();
    boolean named = error.path("message").asText().contains("custom error");
    return named || !data.matches("0x[0-9a-f]{8,4096}") || data.startsWith(ERROR_WITH_TEXT)
        ? ""
        : ": custom error " + data.substring(0, 2 + 2 * Selector.BYTES);
  }

  private JsonNode send(String method, byte[] body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    try {
      HttpResponse<InputStream> response =
          http.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (var in = response.body()) {
        byte[] answer = in.readNBytes(ANSWER_BYTES_MAX + 1);
        if (answer.length > ANSWER_BYTES_MAX) {
          throw new IOException(method + ": the answer is larger than 16 MiB");
        }
        return MAPPER.readTree(answer);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(method + " was interrupted");
    } catch (IOException failure) {
      throw new IOException(
          method + ": no answer from " + uri + " (" + failure.getMessage() + ")", failure);
    }
  }
}
