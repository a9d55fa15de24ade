package xyz.openledger.cluster.http;

import static xyz.openledger.cluster.http.Operation.get;
import static xyz.openledger.cluster.http.Operation.post;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import xyz.openledger.cluster.http.Operation.KeyRule;
import xyz.openledger.cluster.http.api.PageQuery;
import xyz.openledger.cluster.http.api.Scope;
import xyz.openledger.cluster.http.api.TuningApi;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TuningId;
import xyz.openledger.protocol.api.Page;
import xyz.openledger.protocol.api.TuningRequest;
import xyz.openledger.protocol.api.TuningView;

/** Trainings of adapters. */
final class TuningRoutes {
  private static final int REQUEST_BYTES_MAX = 64 << 10;

  private final TuningApi api;

  TuningRoutes(TuningApi api) {
    this.api = api;
  }

  List<Operation> operations() {
    String all = "/api/v1/tunings";
    String one = all + "/{id}";
    return List.of(
        post("startTuning", all, Scope.JOBS_WRITE, KeyRule.REQUIRED, this::start),
        get("listTunings", all, Scope.JOBS_READ, this::list).query("limit", "cursor"),
        get("showTuning", one, Scope.JOBS_READ, this::show),
        post("cancelTuning", one + ":cancel", Scope.JOBS_WRITE, KeyRule.OPTIONAL, this::cancel),
        get("tuningEvents", one + "/events", Scope.JOBS_READ, this::events)
            .query("limit", "cursor"));
  }

  private CompletionStage<HttpResponse> start(Call call) {
    var tenant = call.principal().ownTenant();
    return call.json(TuningRequest.class, REQUEST_BYTES_MAX)
        .thenCompose(
            request -> {
              if (request.adapter() != null && !call.principal().allows(Scope.MODELS_WRITE)) {
                throw new ProblemException(
                    Problem.FORBIDDEN,
                    "adapter",
                    "serving it needs the scope " + Scope.MODELS_WRITE.word());
              }
              return api.start(tenant, call.idempotencyKey(), request);
            })
        .thenApply(view -> Replies.created("/api/v1/tunings/" + view.id(), view));
  }

  private CompletionStage<HttpResponse> list(Call call) {
    PageQuery page = call.page();
    TuningId after = page.cursor().isEmpty() ? null : TuningId.parse(page.cursor());
    return api.list(call.principal().view(), after, page.limit())
        .thenApply(
            (List<TuningView> views) ->
                Replies.ok(
                    new Page<>(
                        views, views.size() < page.limit() ? "" : views.getLast().id().value())));
  }

  private CompletionStage<HttpResponse> show(Call call) {
    return api.show(call.principal().view(), id(call)).thenApply(Replies::ok);
  }

  private CompletionStage<HttpResponse> cancel(Call call) {
    return api.cancel(call.principal().view(), id(call)).thenApply(Replies::ok);
  }

  private CompletionStage<HttpResponse> events(Call call) {
    PageQuery page = call.page();
    if (!page.cursor().matches("\\d{0,9}")) {
      throw new ProblemException(Problem.INVALID_REQUEST, "cursor", "must be that of a page");
    }
    long from = page.cursor().isEmpty() ? 0 : Long.parseLong(page.cursor());
    return api.news(call.principal().view(), id(call), from, page.limit())
        .thenApply(
            news ->
                Replies.ok(
                    new Page<>(
                        news,
                        news.size() < page.limit()
                            ? ""
                            : Long.toString(news.getLast().number() + 1))));
  }

  private static TuningId id(Call call) {
    return TuningId.parse(call.part("id"));
  }
}
