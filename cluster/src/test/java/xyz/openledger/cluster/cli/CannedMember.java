package xyz.openledger.cluster.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP server with one answer for each question, which remembers what it was asked. */
final class CannedMember implements AutoCloseable {
  /** What was asked, and with which token. */
  record Question(String line, String authorization, String body) {}

  private record Reply(int status, String body) {}

  final List<Question> questions = new CopyOnWriteArrayList<>();
  private final Map<String, Reply> replies = new ConcurrentHashMap<>();
  private final HttpServer server;

  CannedMember() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Answers {@code line}, such as {@code GET /api/v1/pools?limit=200}. */
  CannedMember on(String line, int status, String body) {
    replies.put(line, new Reply(status, body));
    return this;
  }

  /** Refuses {@code line} with a problem document. */
  CannedMember refuse(String line, int status, String code, String detail, String more) {
    return on(
        line,
        status,
        "{\"type\":\"urn:openledger:problem:%s\",\"title\":\"Title of %s\",\"status\":%d,\"detail\":\"%s\"%s}"
            .formatted(code, code, status, detail, more.isEmpty() ? "" : "," + more));
  }

  List<String> lines() {
    return questions.stream().map(Question::line).toList();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String token = exchange.getRequestHeaders().getFirst("Authorization");
      questions.add(new Question(line, token == null ? "" : token, body));
      Reply reply = replies.getOrDefault(line, new Reply(404, "no answer for " + line));
      byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
      boolean bodyless = exchange.getRequestMethod().equals("HEAD") || bytes.length == 0;
      exchange.sendResponseHeaders(reply.status(), bodyless ? -1 : bytes.length);
      if (!bodyless) {
        exchange.getResponseBody().write(bytes);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
