package xyz.openledger.cluster.http;

import static xyz.openledger.cluster.http.Operation.get;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import xyz.openledger.cluster.http.api.MemberApi;
import xyz.openledger.cluster.http.api.Scope;
import xyz.openledger.protocol.Check;

/** What is left of a job for anyone to check. */
final class ReceiptRoutes {
  private final MemberApi api;
  private final Ids ids;

  ReceiptRoutes(MemberApi api, Ids ids) {
    this.api = api;
    this.ids = ids;
  }

  List<Operation> operations() {
    String receipt = "/api/v1/receipts/{id}";
    return List.of(
        get("showReceipt", receipt, Scope.JOBS_READ, this::show).query("leaf"),
        get("proveReceipt", receipt + "/proof", Scope.JOBS_READ, this::prove).query("leaf"),
        get("listAnchors", "/api/v1/anchors", Scope.NODES_READ, this::anchors)
            .query("limit", "cursor"),
        get("showLog", "/api/v1/log", Scope.NODES_READ, _ -> api.log().thenApply(Replies::ok)));
  }

  private CompletionStage<HttpResponse> show(Call call) {
    boolean first = first(call);
    return ids.job(call.principal(), call.part("id"))
        .thenCompose(job -> api.receipt(job, first))
        .thenApply(Replies::ok);
  }

  private CompletionStage<HttpResponse> prove(Call call) {
    boolean first = first(call);
    return ids.job(call.principal(), call.part("id"))
        .thenCompose(job -> api.receiptProof(job, first))
        .thenApply(Replies::ok);
  }

  private static boolean first(Call call) {
    return switch (call.query("leaf")) {
      case "", "last" -> false;
      case "first" -> true;
      default -> throw Check.refusal("leaf", "must be first or last");
    };
  }

  private CompletionStage<HttpResponse> anchors(Call call) {
    return api.anchors(call.page()).thenApply(Replies::ok);
  }
}
