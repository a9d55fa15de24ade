package xyz.openledger.cluster.http;

import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;
import xyz.openledger.cluster.http.api.Scope;

/**
 * One thing that can be asked, as {@code openapi.yaml} documents it.
 *
 * @param id its {@code operationId}
 * @param scope what the token must allow; absent where no token is needed
 * @param query the query parameters that it knows
 * @param key whether an {@code Idempotency-Key} may, must or may not come with it
 * @param pace how long it may take
 */
record Operation(
    String id,
    String method,
    PathTemplate path,
    @Nullable Scope scope,
    Set<String> query,
    KeyRule key,
    Pace pace,
    Handler handler) {

  /** What answers. */
  @FunctionalInterface
  interface Handler {
    CompletionStage<HttpResponse> answer(Call call);
  }

  /** Whether a request carries an {@code Idempotency-Key}. */
  enum KeyRule {
    NONE,
    OPTIONAL,
    REQUIRED
  }

  /** How long an answer may take. */
  enum Pace {
    /** The request timeout. */
    ORDINARY,
    /** As long as the caller asked to wait, and the request timeout. */
    WAITING,
    /** The upload timeout. */
    UPLOAD
  }

  static Operation get(String id, String path, @Nullable Scope scope, Handler handler) {
    return new Operation(
        id, "GET", PathTemplate.of(path), scope, Set.of(), KeyRule.NONE, Pace.ORDINARY, handler);
  }

  static Operation post(String id, String path, Scope scope, KeyRule key, Handler handler) {
    return new Operation(
        id, "POST", PathTemplate.of(path), scope, Set.of(), key, Pace.ORDINARY, handler);
  }

  /** The same, whose last part of the path may hold slashes. */
  Operation open() {
    return new Operation(id, method, path.opened(), scope, query, key, pace, handler);
  }

  Operation by(String other) {
    return new Operation(id, other, path, scope, query, key, pace, handler);
  }

  Operation query(String... names) {
    return new Operation(id, method, path, scope, Set.of(names), key, pace, handler);
  }

  Operation at(Pace other) {
    return new Operation(id, method, path, scope, query, key, other, handler);
  }
}
