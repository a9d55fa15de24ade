package xyz.openledger.protocol.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** An HTTP server that gives the answers it was told to, in order, and remembers the questions. */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole
final class ScriptedMember implements AutoCloseable {
  record Question(String line, Map<String, List<String>> headers, byte[] body) {
    String header(String name) {
      return headers.entrySet().stream()
          .filter(entry -> entry.getKey().equalsIgnoreCase(name))
          .map(entry -> entry.getValue().getFirst())
          .findFirst()
          .orElse("");
    }
  }

  record Reply(int status, Map<String, String> headers, byte[] body) {}

  final List<Question> questions = new CopyOnWriteArrayList<>();
  private final Map<String, Deque<Reply>> replies = new ConcurrentHashMap<>();
  private final HttpServer server;

  ScriptedMember() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  OpenLedgerClient client() {
    var settings = ClientSettings.of(url(), "olt1-test");
    return OpenLedgerClient.connect(
        new ClientSettings(
            url(),
            "olt1-test",
            settings.connectTimeout(),
            settings.requestTimeout(),
            3,
            new Backoff(1, 2, 5)));
  }

  /** The next answer to {@code line}, such as {@code GET /api/v1/version}; the last one stays. */
  ScriptedMember on(String line, int status, String json) {
    return on(line, status, Map.of("Content-Type", "application/json"), bytes(json));
  }

  ScriptedMember on(String line, int status, Map<String, String> headers, byte[] body) {
    replies.computeIfAbsent(line, _ -> new ArrayDeque<>()).add(new Reply(status, headers, body));
    return this;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
      byte[] body = exchange.getRequestBody().readAllBytes();
      questions.add(new Question(line, Map.copyOf(exchange.getRequestHeaders()), body));
      Reply reply = next(line);
      reply.headers().forEach(exchange.getResponseHeaders()::set);
      boolean bodyless = exchange.getRequestMethod().equals("HEAD") || reply.body().length == 0;
      exchange.sendResponseHeaders(reply.status(), bodyless ? -1 : reply.body().length);
      if (!bodyless) {
        exchange.getResponseBody().write(reply.body());
      }
    }
  }

  private Reply next(String line) {
    Deque<Reply> left = replies.get(line);
    if (left == null) {
      return new Reply(404, Map.of(), bytes("no answer was scripted for " + line));
    }
    synchronized (left) {
      return left.size() > 1 ? left.pop() : left.getFirst();
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
