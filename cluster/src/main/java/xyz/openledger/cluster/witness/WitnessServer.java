package xyz.openledger.cluster.witness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import xyz.openledger.chainanchor.witness.AddCheckpoint;
import xyz.openledger.chainanchor.witness.Witness;
import xyz.openledger.chainanchor.witness.WitnessAnswer;

/**
 * A witness over HTTP, as C2SP tlog-witness says:
 *
 * <pre>
 *   POST /add-checkpoint   200 a cosignature · 409 another size was seen · 422 a fork
 *   GET  /checkpoint       the last checkpoint that was cosigned
 *   GET  /key              the witness's verifier key
 * </pre>
 */
public final class WitnessServer implements AutoCloseable {
  private static final int REQUESTS_MAX = 64;
  private static final String TEXT = "text/plain; charset=utf-8";

  private final HttpServer http;
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore room = new Semaphore(REQUESTS_MAX);
  private final Source source;

  /** The witness, once it knows its log. */
  @FunctionalInterface
  public interface Source {
    /** The witness; fails while it does not know which log to follow. */
    Witness witness() throws IOException;
  }

  private WitnessServer(HttpServer http, Source source) {
    this.http = http;
    this.source = source;
  }

  /** Starts to listen; port 0 for any free one. */
  public static WitnessServer start(String host, int port, Source source) throws IOException {
    var address = new InetSocketAddress(InetAddress.getByName(host), port);
    var server = new WitnessServer(HttpServer.create(address, REQUESTS_MAX), source);
    server.http.createContext("/", server::answer);
    server.http.setExecutor(server.workers);
    server.http.start();
    return server;
  }

  /** Where it listens. */
  public int port() {
    return http.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!room.tryAcquire()) {
        reply(exchange, 503, TEXT, "as many requests as are allowed are in work\n");
        return;
      }
      try {
        route(exchange);
      } catch (IOException unable) {
        reply(exchange, 503, TEXT, unable.getMessage() + "\n");
      } finally {
        room.release();
      }
    }
  }

  private void route(HttpExchange exchange) throws IOException {
    String asked = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
    switch (asked) {
      case "POST /add-checkpoint" -> add(exchange);
      case "GET /key" -> reply(exchange, 200, TEXT, source.witness().publicKey() + "\n");
      case "GET /checkpoint" -> {
        var seen = source.witness().seen();
        reply(
            exchange,
            seen.isPresent() ? 200 : 404,
            TEXT,
            seen.map(note -> note.text()).orElse("nothing was cosigned yet\n"));
      }
      default -> reply(exchange, 404, TEXT, "there is POST /add-checkpoint\n");
    }
  }

  private void add(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(AddCheckpoint.BYTES_MAX + 1);
    if (body.length > AddCheckpoint.BYTES_MAX) {
      reply(exchange, 413, TEXT, "a request has at most " + AddCheckpoint.BYTES_MAX + " bytes\n");
      return;
    }
    AddCheckpoint request;
    try {
      request = AddCheckpoint.parse(new String(body, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException malformed) {
      reply(exchange, 400, TEXT, malformed.getMessage() + "\n");
      return;
    }
    switch (source.witness().add(request)) {
      case WitnessAnswer.Cosigned(var line) -> reply(exchange, 200, TEXT, line);
      case WitnessAnswer.Conflict(var size, var _) ->
          reply(exchange, 409, "text/x.tlog.size", size + "\n");
      case WitnessAnswer.Forked(var reason) -> reply(exchange, 422, TEXT, reason + "\n");
      case WitnessAnswer.Untrusted(var reason) -> reply(exchange, 403, TEXT, reason + "\n");
      case WitnessAnswer.Unknown(var reason) -> reply(exchange, 404, TEXT, reason + "\n");
      case WitnessAnswer.Malformed(var reason) -> reply(exchange, 400, TEXT, reason + "\n");
    }
  }

  private static void reply(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    http.stop(0);
    workers.shutdownNow();
  }
}
