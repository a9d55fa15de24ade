package xyz.openledger.cluster.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import xyz.openledger.protocol.Digest;

/** Blobs over HTTP, as a member serves them; may break off, or serve something else. */
final class BlobHost implements AutoCloseable {
  final Map<Digest, byte[]> blobs = new ConcurrentHashMap<>();
  final CopyOnWriteArrayList<String> ranges = new CopyOnWriteArrayList<>();
  volatile int breakAfterBytes = Integer.MAX_VALUE;
  volatile boolean lying;
  volatile String token = "blob-token";

  private final HttpServer server;

  BlobHost() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/blobs/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/blobs";
  }

  Digest add(byte[] bytes) {
    blobs.put(Digest.of(bytes), bytes);
    return Digest.of(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        exchange.sendResponseHeaders(401, -1);
        return;
      }
      Digest digest = Digest.parse(exchange.getRequestURI().getPath().substring(7));
      if (exchange.getRequestMethod().equals("PUT")) {
        byte[] body = exchange.getRequestBody().readAllBytes();
        boolean fits = Digest.of(body).equals(digest);
        if (fits) {
          blobs.put(digest, body);
        }
        exchange.sendResponseHeaders(fits ? 201 : 422, -1);
      } else {
        get(exchange, digest);
      }
    }
  }

  private void get(HttpExchange exchange, Digest digest) throws IOException {
    byte[] blob = blobs.get(digest);
    if (blob == null) {
      exchange.sendResponseHeaders(404, -1);
      return;
    }
    String range = exchange.getRequestHeaders().getFirst("Range");
    int from = 0;
    if (range != null) {
      ranges.add(range);
      from = Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
    }
    byte[] part = Arrays.copyOfRange(blob, from, blob.length);
    if (lying) {
      part[0]++;
    }
    exchange.sendResponseHeaders(range == null ? 200 : 206, part.length);
    int length = Math.min(part.length, breakAfterBytes);
    exchange.getResponseBody().write(part, 0, length);
    exchange.getResponseBody().flush();
  }
}
