package xyz.openledger.cluster.http;

import static xyz.openledger.cluster.http.Operation.get;
import static xyz.openledger.cluster.http.Operation.post;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;
import xyz.openledger.cluster.http.Operation.KeyRule;
import xyz.openledger.cluster.http.api.MemberApi;
import xyz.openledger.cluster.http.api.NodeQuery;
import xyz.openledger.cluster.http.api.Scope;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.api.ClaimRequest;
import xyz.openledger.protocol.api.PoolChange;
import xyz.openledger.protocol.api.PoolQuotaChange;
import xyz.openledger.protocol.api.PoolRequest;

/** Nodes, pools, and how machines join them. */
final class NetworkRoutes {
  private static final int CLAIM_BYTES_MAX = 4 << 10;
  private static final int POOL_BYTES_MAX = 64 << 10;

  private final MemberApi api;
  private final Ids ids;

  NetworkRoutes(MemberApi api, Ids ids) {
    this.api = api;
    this.ids = ids;
  }

  List<Operation> operations() {
    String node = "/api/v1/nodes/{id}";
    return List.of(
        get("listNodes", "/api/v1/nodes", Scope.NODES_READ, this::nodes)
            .query("limit", "cursor", "pool"),
        get("showNode", node, Scope.NODES_READ, this::node),
        post("drainNode", node + ":drain", Scope.NODES_WRITE, KeyRule.OPTIONAL, this::drain),
        get("listPools", "/api/v1/pools", Scope.NODES_READ, this::pools).query("limit", "cursor"),
        get("showPool", "/api/v1/pools/{id}", Scope.NODES_READ, this::pool),
        post("createPool", "/api/v1/pools", Scope.NODES_WRITE, KeyRule.OPTIONAL, this::createPool),
        post("setPool", "/api/v1/pools/{id}:set", Scope.NODES_WRITE, KeyRule.OPTIONAL, this::set),
        post(
            "setPoolQuota",
            "/api/v1/pools/{id}:quota",
            Scope.NODES_WRITE,
            KeyRule.OPTIONAL,
            this::quota),
        get("showGovernance", "/api/v1/governance", Scope.NODES_READ, this::governance),
        get("showRules", "/api/v1/governance/{hash}", Scope.NODES_READ, this::rules),
        post(
            "setGovernance",
            "/api/v1/governance",
            Scope.NODES_WRITE,
            KeyRule.OPTIONAL,
            this::setGovernance),
        post(
            "simulateGovernance",
            "/api/v1/governance:simulate",
            Scope.NODES_WRITE,
            KeyRule.OPTIONAL,
            this::simulateGovernance),
        post("createClaim", "/api/v1/claims", Scope.NODES_WRITE, KeyRule.REQUIRED, this::claim));
  }

  private CompletionStage<HttpResponse> nodes(Call call) {
    var page = call.page();
    String pool = call.query("pool");
    CompletionStage<@Nullable PoolId> of =
        pool.isEmpty()
            ? CompletableFuture.completedFuture(null)
            : ids.pool("pool", pool).thenApply(found -> found);
    return of.thenCompose(found -> api.nodes(new NodeQuery(found, page))).thenApply(Replies::ok);
  }

  private CompletionStage<HttpResponse> node(Call call) {
    return ids.node("id", call.part("id")).thenCompose(api::node).thenApply(Replies::ok);
  }

  private CompletionStage<HttpResponse> drain(Call call) {
    return ids.node("id", call.part("id")).thenCompose(api::drain).thenApply(Replies::ok);
  }

  private CompletionStage<HttpResponse> pools(Call call) {
    return api.pools(call.page()).thenApply(Replies::ok);
  }

  private CompletionStage<HttpResponse> pool(Call call) {
    return ids.pool("id", call.part("id")).thenCompose(api::pool).thenApply(Replies::ok);
  }

  private CompletionStage<HttpResponse> createPool(Call call) {
    return call.json(PoolRequest.class, POOL_BYTES_MAX)
        .thenCompose(api::createPool)
        .thenApply(pool -> Replies.json(201, pool));
  }

  private CompletionStage<HttpResponse> set(Call call) {
    return call.json(PoolChange.class, POOL_BYTES_MAX)
        .thenCompose(
            change ->
                ids.pool("id", call.part("id")).thenCompose(pool -> api.setPool(pool, change)))
        .thenApply(Replies::ok);
  }

  private CompletionStage<HttpResponse> quota(Call call) {
    return call.json(PoolQuotaChange.class, POOL_BYTES_MAX)
        .thenCompose(
            quota -> ids.pool("id", call.part("id")).thenCompose(pool -> api.setQuota(pool, quota)))
        .thenApply(Replies::ok);
  }

  private CompletionStage<HttpResponse> rules(Call call) {
    return api.rules(Digest.parse("sha256:" + call.part("hash"))).thenApply(Replies::ok);
  }

  private CompletionStage<HttpResponse> governance(Call call) {
    return api.governance().thenApply(Replies::ok);
  }

  private CompletionStage<HttpResponse> setGovernance(Call call) {
    return call.json(JsonNode.class, POOL_BYTES_MAX)
        .thenCompose(api::setGovernance)
        .thenApply(Replies::ok);
  }

  private CompletionStage<HttpResponse> simulateGovernance(Call call) {
    return call.json(JsonNode.class, POOL_BYTES_MAX)
        .thenCompose(api::simulateGovernance)
        .thenApply(Replies::ok);
  }

  private CompletionStage<HttpResponse> claim(Call call) {
    var tenant = call.principal().ownTenant();
    return call.json(ClaimRequest.class, CLAIM_BYTES_MAX)
        .thenCompose(
            request ->
                ids.pool("pool", request.pool())
                    .thenCompose(
                        pool ->
                            api.claim(
                                tenant,
                                call.idempotencyKey(),
                                pool,
                                request.owner(),
                                request.ttlSeconds())))
        .thenApply(claim -> Replies.json(201, claim));
  }
}
