package xyz.openledger.chainanchor.evm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A node as one meets them: it answers over HTTP what a real one behind it answers, or something
 * else.
 */
final class StrangeRpc implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** What becomes of one call. */
  @FunctionalInterface
  interface Manner {
    /**
     * The result.
     *
     * @throws RpcException to refuse in these words
     * @throws IOException to hang up without an answer
     */
    JsonNode answer(String method, JsonNode parameters, Real real) throws IOException;
  }

  /** The node behind it. */
  @FunctionalInterface
  interface Real {
    JsonNode answer() throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final JsonRpc real;
  private volatile Manner manner = (_, _, node) -> node.answer();

  StrangeRpc(URI real) throws IOException {
    this.real = new JsonRpc(real);
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  void behave(Manner changed) {
    manner = changed;
  }

  private void serve(HttpExchange exchange) throws IOException {
    JsonNode call = MAPPER.readTree(exchange.getRequestBody());
    String method = call.get("method").asText();
    JsonNode parameters = call.get("params");
    ObjectNode answer = MAPPER.createObjectNode();
    answer.put("jsonrpc", "2.0").set("id", call.get("id"));
    try {
      answer.set("result", manner.answer(method, parameters, () -> forward(method, parameters)));
    } catch (RpcException refused) {
      answer.putObject("error").put("code", -32_000).put("message", refused.getMessage());
    } catch (IOException away) {
      exchange.close();
      return;
    }
    byte[] body = MAPPER.writeValueAsBytes(answer);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private JsonNode forward(String method, JsonNode parameters) throws IOException {
    Object[] values = new Object[parameters.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = parameters.get(i);
    }
    return real.call(method, values);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
