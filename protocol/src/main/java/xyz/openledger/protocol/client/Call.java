package xyz.openledger.protocol.client;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Function;
import xyz.openledger.protocol.api.Page;
import xyz.openledger.protocol.json.Json;

/** The forms that calls of the interface take, in terms of {@link Exchange}. */
final class Call {
  static final String BASE = "/api/v1";

  private Call() {}

  /** A text as one segment of a path, or one value of a query. */
  static String quote(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  static <T> T get(Exchange exchange, String path, Class<T> type) {
    return get(exchange, path, Duration.ZERO, type);
  }

  static <T> T get(Exchange exchange, String path, Duration wait, Class<T> type) {
    return Answers.read(exchange.json(exchange.request(BASE + path, wait).build()), type);
  }

  /** Everything behind a list, page after page; {@code query} starts with {@code ?} or is empty. */
  static <T> Pages<T> pages(Exchange exchange, String path, String query, Class<T> type) {
    String first = BASE + path + (query.isEmpty() ? "?" : query + "&") + "limit=" + Page.LIMIT_MAX;
    Function<String, Page<T>> fetch =
        cursor -> {
          String at = cursor.isEmpty() ? first : first + "&cursor=" + quote(cursor);
          return Answers.page(exchange.json(exchange.request(at).build()), type);
        };
    return new Pages<>(fetch);
  }

  static <T> T post(Exchange exchange, String path, Object body, String key, Class<T> type) {
    var publisher = BodyPublishers.ofByteArray(Json.write(body));
    return post(exchange, path, publisher, key, type);
  }

  /** A POST without a body. */
  static <T> T post(Exchange exchange, String path, Class<T> type) {
    return post(exchange, path, BodyPublishers.noBody(), newKey(), type);
  }

  private static <T> T post(
      Exchange exchange, String path, BodyPublisher body, String key, Class<T> type) {
    var request =
        exchange
            .request(BASE + path)
            .header("Idempotency-Key", key)
            .header("Content-Type", "application/json")
            .POST(body)
            .build();
    return Answers.read(exchange.json(request), type);
  }

  /** An Idempotency-Key that nobody used before. */
  static String newKey() {
    return UUID.randomUUID().toString();
  }
}
