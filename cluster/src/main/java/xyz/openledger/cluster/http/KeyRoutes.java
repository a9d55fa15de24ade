package xyz.openledger.cluster.http;

import static xyz.openledger.cluster.http.Operation.get;
import static xyz.openledger.cluster.http.Operation.post;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import xyz.openledger.cluster.http.Operation.KeyRule;
import xyz.openledger.cluster.http.api.Scope;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.ApiKeyRequest;
import xyz.openledger.protocol.api.ApiKeyView;
import xyz.openledger.protocol.api.IssuedKey;
import xyz.openledger.protocol.api.KeyLimits;

/** The API keys of a tenant: issued, listed and revoked. They are known to this member alone. */
final class KeyRoutes {
  private static final int REQUEST_BYTES_MAX = 8 << 10;

  private final Tokens tokens;
  private final SpendingCaps caps;
  private final Executor disk;
  private final InstantSource clock;

  KeyRoutes(Tokens tokens, SpendingCaps caps, Executor disk, InstantSource clock) {
    this.tokens = tokens;
    this.caps = caps;
    this.disk = disk;
    this.clock = clock;
  }

  List<Operation> operations() {
    String keys = "/api/v1/accounts/{tenant}/keys";
    return List.of(
        post("issueKey", keys, Scope.ACCOUNTS_WRITE, KeyRule.OPTIONAL, this::issue),
        get("listKeys", keys, Scope.ACCOUNTS_READ, this::list),
        get("revokeKey", keys + "/{name}", Scope.ACCOUNTS_WRITE, this::revoke).by("DELETE"));
  }

  private CompletionStage<HttpResponse> issue(Call call) {
    TenantId tenant = AccountRoutes.tenant(call);
    Principal caller = call.principal();
    return call.json(ApiKeyRequest.class, REQUEST_BYTES_MAX)
        .thenApplyAsync(request -> issue(caller, tenant, request), disk)
        .thenApply(issued -> Replies.json(201, issued));
  }

  private IssuedKey issue(Principal caller, TenantId tenant, ApiKeyRequest request) {
    if (!caller.limits().equals(KeyLimits.NONE)) {
      throw new ProblemException(
          Problem.FORBIDDEN, "", "a key with limits issues no other: it would have none");
    }
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    request.scopes().forEach(word -> scopes.add(Scope.parse(word)));
    for (Scope scope : scopes) {
      if (!caller.allows(scope)) {
        throw new ProblemException(
            Problem.FORBIDDEN,
            "scopes",
            "the key %s has not got %s itself".formatted(caller.name(), scope.word()));
      }
    }
    KeyLimits limits = request.limits() == null ? KeyLimits.NONE : request.limits();
    if (limits.spendCapNanoOpen() != null && scopes.contains(Scope.ADMIN)) {
      throw new ProblemException(
          Problem.INVALID_REQUEST, "scopes", "a key for everything cannot have a spend cap");
    }
    var key = new Principal(request.name(), tenant, scopes, limits);
    if (key.isOver(clock.millis())) {
      throw new ProblemException(
          Problem.INVALID_REQUEST, "limits.expiresAtMillis", "lies in the past");
    }
    try {
      String token = tokens.issueAnother(key);
      return new IssuedKey(view(key), token);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private CompletionStage<HttpResponse> list(Call call) {
    TenantId tenant = AccountRoutes.tenant(call);
    return CompletableFuture.supplyAsync(
        () -> {
          tokens.of(tenant).stream()
              .filter(key -> key.limits().spendCapNanoOpen() != null)
              .forEach(key -> caps.sweep(key.name()));
          return Replies.ok(views(tenant));
        },
        disk);
  }

  private CompletionStage<HttpResponse> revoke(Call call) {
    TenantId tenant = AccountRoutes.tenant(call);
    String name = call.part("name");
    return CompletableFuture.supplyAsync(
        () -> {
          boolean own = tokens.of(tenant).stream().anyMatch(key -> key.name().equals(name));
          try {
            if (own && tokens.revoke(name)) {
              caps.forget(name);
            }
          } catch (IOException failure) {
            throw new UncheckedIOException(failure);
          }
          return Replies.ok(views(tenant));
        },
        disk);
  }

  private List<ApiKeyView> views(TenantId tenant) {
    return tokens.of(tenant).stream().map(this::view).toList();
  }

  private ApiKeyView view(Principal key) {
    var spent = caps.spent(key.name());
    return new ApiKeyView(
        key.name(),
        key.scopes().stream().sorted().map(Scope::word).toList(),
        key.limits().equals(KeyLimits.NONE) ? null : key.limits(),
        spent.spentNanoOpen(),
        spent.runningNanoOpen());
  }
}
