package xyz.openledger.cluster.http;

import static xyz.openledger.cluster.http.Operation.get;
import static xyz.openledger.cluster.http.Operation.post;

import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import xyz.openledger.actors.keys.KeyMessage.Standing;
import xyz.openledger.cluster.http.Operation.KeyRule;
import xyz.openledger.cluster.http.api.Scope;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.ApiKeyRequest;
import xyz.openledger.protocol.api.ApiKeyView;
import xyz.openledger.protocol.api.IssuedKey;
import xyz.openledger.protocol.api.KeyLimits;

/** The API keys of a tenant: issued, listed and revoked, for the whole network. */
final class KeyRoutes {
  private static final int REQUEST_BYTES_MAX = 8 << 10;

  private final Tokens tokens;
  private final SpendingCaps caps;
  private final InstantSource clock;

  KeyRoutes(Tokens tokens, SpendingCaps caps, InstantSource clock) {
    this.tokens = tokens;
    this.caps = caps;
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
        .thenCompose(request -> issue(caller, tenant, request))
        .thenApply(issued -> Replies.json(201, issued));
  }

  private CompletionStage<IssuedKey> issue(
      Principal caller, TenantId tenant, ApiKeyRequest request) {
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
    return tokens
        .issue(key)
        .thenApply(issued -> new IssuedKey(view(new Standing(issued.key(), 0, 0)), issued.token()));
  }

  private CompletionStage<HttpResponse> list(Call call) {
    TenantId tenant = AccountRoutes.tenant(call);
    return tokens
        .keys()
        .of(tenant)
        .thenCompose(known -> swept(tenant, known))
        .thenApply(KeyRoutes::views);
  }

  /** With what is over by now, as far as this member knows. */
  private CompletionStage<List<Standing>> swept(TenantId tenant, List<Standing> known) {
    List<Standing> waiting = known.stream().filter(key -> key.runningNanoOpen() > 0).toList();
    CompletionStage<?> all = CompletableFuture.completedStage(null);
    for (Standing key : waiting) {
      all = all.thenCombine(caps.sweep(key.key().name()), (_, _) -> key);
    }
    return waiting.isEmpty()
        ? CompletableFuture.completedStage(known)
        : all.thenCompose(_ -> tokens.keys().of(tenant));
  }

  private CompletionStage<HttpResponse> revoke(Call call) {
    return tokens
        .keys()
        .revoke(AccountRoutes.tenant(call), call.part("name"))
        .thenApply(KeyRoutes::views);
  }

  private static HttpResponse views(List<Standing> keys) {
    return Replies.ok(keys.stream().map(KeyRoutes::view).toList());
  }

  private static ApiKeyView view(Standing standing) {
    Principal key = Tokens.principal(standing.key());
    return new ApiKeyView(
        key.name(),
        key.scopes().stream().sorted().map(Scope::word).toList(),
        key.limits().equals(KeyLimits.NONE) ? null : key.limits(),
        standing.spentNanoOpen(),
        standing.runningNanoOpen());
  }
}
