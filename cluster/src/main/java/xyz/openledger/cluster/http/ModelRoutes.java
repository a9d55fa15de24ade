package xyz.openledger.cluster.http;

import static xyz.openledger.cluster.http.Operation.get;
import static xyz.openledger.cluster.http.Operation.post;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import xyz.openledger.cluster.http.Operation.KeyRule;
import xyz.openledger.cluster.http.api.ModelApi;
import xyz.openledger.cluster.http.api.PageQuery;
import xyz.openledger.cluster.http.api.Scope;
import xyz.openledger.protocol.api.ModelPublication;
import xyz.openledger.protocol.api.ModelView;
import xyz.openledger.protocol.api.Page;

/** The catalogue of models. */
final class ModelRoutes {
  private static final int PUBLICATION_BYTES_MAX = 128 << 10;

  private final ModelApi api;

  ModelRoutes(ModelApi api) {
    this.api = api;
  }

  /** What is served from now on. */
  record Published(List<ModelView> models) {}

  List<Operation> operations() {
    String models = "/api/v1/models";
    return List.of(
        post("publishModels", models, Scope.MODELS_WRITE, KeyRule.OPTIONAL, this::publish),
        get("listModels", models, Scope.JOBS_READ, this::list).query("limit", "cursor"),
        get("withdrawModel", models + "/{name}", Scope.MODELS_WRITE, this::withdraw).by("DELETE"));
  }

  private CompletionStage<HttpResponse> publish(Call call) {
    var tenant = call.principal().ownTenant();
    return call.json(ModelPublication.class, PUBLICATION_BYTES_MAX)
        .thenCompose(publication -> api.publish(tenant, publication))
        .thenApply(models -> Replies.json(201, new Published(models)));
  }

  private CompletionStage<HttpResponse> list(Call call) {
    PageQuery page = call.page();
    List<ModelView> models = api.models(page.cursor(), page.limit());
    String cursor = models.size() < page.limit() ? "" : models.getLast().name();
    return CompletableFuture.completedFuture(Replies.ok(new Page<>(models, cursor)));
  }

  private CompletionStage<HttpResponse> withdraw(Call call) {
    return api.withdraw(call.principal().view(), call.part("name")).thenApply(Replies::ok);
  }
}
