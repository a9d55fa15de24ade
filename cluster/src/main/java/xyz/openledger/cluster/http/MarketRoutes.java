package xyz.openledger.cluster.http;

import static xyz.openledger.cluster.http.Operation.get;
import static xyz.openledger.cluster.http.Operation.post;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import xyz.openledger.cluster.http.Operation.KeyRule;
import xyz.openledger.cluster.http.api.MemberApi;
import xyz.openledger.cluster.http.api.Scope;
import xyz.openledger.protocol.api.ReservationRequest;

/** The markets of pools. */
final class MarketRoutes {
  private static final int RESERVATION_BYTES_MAX = 4 << 10;
  private static final int CLEARINGS_MAX = 1_000;

  private final MemberApi api;
  private final Ids ids;

  MarketRoutes(MemberApi api, Ids ids) {
    this.api = api;
    this.ids = ids;
  }

  List<Operation> operations() {
    return List.of(
        get("showMarket", "/api/v1/pools/{id}/market", Scope.NODES_READ, this::market)
            .query("clearings", "class"),
        post(
            "reserve",
            "/api/v1/pools/{id}/reservations",
            Scope.JOBS_WRITE,
            KeyRule.REQUIRED,
            this::reserve));
  }

  private CompletionStage<HttpResponse> market(Call call) {
    int clearings = call.number("clearings", 0, CLEARINGS_MAX, 10);
    String said = call.query("class");
    String of = said.isEmpty() ? "wasm" : said;
    var tenant = call.principal().view();
    return ids.pool("id", call.part("id"))
        .thenCompose(pool -> api.market(pool, tenant, of, clearings))
        .thenApply(Replies::ok);
  }

  private CompletionStage<HttpResponse> reserve(Call call) {
    var tenant = call.principal().ownTenant();
    return call.json(ReservationRequest.class, RESERVATION_BYTES_MAX)
        .thenCompose(
            request ->
                ids.pool("id", call.part("id"))
                    .thenCompose(pool -> api.reserve(tenant, call.idempotencyKey(), pool, request)))
        .thenApply(reservations -> Replies.json(201, reservations));
  }
}
