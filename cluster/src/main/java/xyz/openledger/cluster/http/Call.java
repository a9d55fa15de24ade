package xyz.openledger.cluster.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.stream.Materializer;
import org.jspecify.annotations.Nullable;
import xyz.openledger.cluster.http.api.PageQuery;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.api.Submission;
import xyz.openledger.protocol.json.Json;

/** One request that has found its operation and whose caller is known. */
final class Call {
  private static final String KEY = "Idempotency-Key";

  private final HttpRequest request;
  private final Operation operation;
  private final Map<String, String> parts;
  private final @Nullable Principal principal;
  private final Map<String, List<String>> query;
  private final Materializer materializer;
  private final Duration bodyTimeout;

  Call(
      HttpRequest request,
      Operation operation,
      Map<String, String> parts,
      @Nullable Principal principal,
      Materializer materializer,
      Duration bodyTimeout) {
    this.request = request;
    this.operation = operation;
    this.parts = parts;
    this.principal = principal;
    this.materializer = materializer;
    this.bodyTimeout = bodyTimeout;
    this.query = readQuery(request, operation);
    checkKey();
  }

  HttpRequest request() {
    return request;
  }

  Materializer materializer() {
    return materializer;
  }

  /** Who calls; only asked where the operation needs a token. */
  Principal principal() {
    if (principal == null) {
      throw new IllegalStateException(operation.id() + " needs no token, so it knows no caller");
    }
    return principal;
  }

  /** A named part of the path. */
  String part(String name) {
    return Check.present(name, parts.get(name));
  }

  /** The value of a query parameter, or the empty text. */
  String query(String name) {
    List<String> values = query.getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw Check.refusal(name, "may be given once");
    }
    return values.isEmpty() ? "" : values.getFirst();
  }

  /** All values of a query parameter. */
  List<String> queryAll(String name) {
    return query.getOrDefault(name, List.of());
  }

  /** A whole number among the query parameters. */
  int number(String name, int min, int max, int otherwise) {
    String text = query(name);
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      return Check.range(name, Integer.parseInt(text), min, max);
    } catch (NumberFormatException _) {
      throw Check.refusal(name, "must be a whole number from %d to %d".formatted(min, max));
    }
  }

  /** Which page is asked for. */
  PageQuery page() {
    return new PageQuery(query("cursor"), number("limit", 1, 200, PageQuery.LIMIT_DEFAULT));
  }

  /** The {@code Idempotency-Key}; only asked where it is required. */
  String idempotencyKey() {
    return header(KEY).orElseThrow(() -> Check.refusal(KEY, "is missing"));
  }

  /** A header's value. */
  Optional<String> header(String name) {
    return request.getHeader(name).map(HttpHeader::value);
  }

  /** The whole body, read strictly as JSON. */
  <T> CompletionStage<T> json(Class<T> type, int maxBytes) {
    return body(maxBytes).thenApply(bytes -> Json.read(bytes, type));
  }

  private CompletionStage<byte[]> body(int maxBytes) {
    var entity = request.entity();
    entity
        .getContentLengthOption()
        .ifPresent(
            length -> {
              if (length > maxBytes) {
                throw tooLarge(length, maxBytes);
              }
            });
    if (entity instanceof HttpEntity.Strict strict) {
      return CompletableFuture.completedFuture(strict.getData().toArrayUnsafe());
    }
    return entity
        .withSizeLimit(maxBytes)
        .toStrict(bodyTimeout.toMillis(), maxBytes, materializer)
        .thenApply(strict -> strict.getData().toArrayUnsafe());
  }

  static ProblemException tooLarge(long length, long maxBytes) {
    return new ProblemException(
        Problem.TOO_LARGE,
        "",
        "the body may have %d bytes here, it has %d".formatted(maxBytes, length));
  }

  private void checkKey() {
    var key = header(KEY);
    switch (operation.key()) {
      case REQUIRED -> Submission.checkKey(KEY, idempotencyKey());
      case OPTIONAL -> key.ifPresent(text -> Submission.checkKey(KEY, text));
      case NONE -> {
        // A GET may carry one; it means nothing.
      }
    }
  }

  private static Map<String, List<String>> readQuery(HttpRequest request, Operation operation) {
    if (request.getUri().rawQueryString().isEmpty()) {
      return Map.of();
    }
    var read = new HashMap<String, List<String>>();
    for (var pair : request.getUri().query().toList()) {
      if (!operation.query().contains(pair.first())) {
        throw Check.refusal(
            pair.first().substring(0, Math.min(80, pair.first().length())),
            "unknown query parameter; known here: "
                + (operation.query().isEmpty()
                    ? "none"
                    : String.join(", ", operation.query().stream().sorted().toList())));
      }
      read.computeIfAbsent(pair.first(), _ -> new ArrayList<>()).add(pair.second());
    }
    return read;
  }
}
