package xyz.openledger.cluster.http;

import static xyz.openledger.cluster.http.Operation.get;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.cluster.http.api.MemberApi;

/** What is asked of the member itself. None of it needs a token, and none tells of a tenant. */
final class MemberRoutes {
  private static final ContentType PROMETHEUS =
      ContentTypes.parse("text/plain; version=0.0.4; charset=UTF-8");
  private static final ContentType YAML = ContentTypes.parse("application/yaml");

  private final MemberApi api;
  private final BlobStore blobs;
  private final HttpMetrics metrics;

  MemberRoutes(MemberApi api, BlobStore blobs, HttpMetrics metrics) {
    this.api = api;
    this.blobs = blobs;
    this.metrics = metrics;
  }

  List<Operation> operations() {
    var page = StatusPage.load();
    String description = StatusPage.resource("/openapi.yaml");
    return List.of(
        get("showVersion", "/api/v1/version", null, _ -> now(() -> Replies.ok(api.version()))),
        get("isAlive", "/alive", null, _ -> now(() -> plain("alive\n"))),
        get("isReady", "/ready", null, _ -> now(this::ready)),
        get("readMetrics", "/metrics", null, _ -> now(this::metrics)),
        get(
            "readDescription",
            "/openapi.yaml",
            null,
            _ -> now(() -> Replies.text(YAML, description))),
        get("readStatusPage", "/", null, _ -> now(page::response)));
  }

  private HttpResponse ready() {
    var readiness = api.readiness();
    return readiness.ready() ? Replies.ok(readiness) : Replies.later(Replies.json(503, readiness));
  }

  private HttpResponse metrics() {
    return Replies.text(PROMETHEUS, api.metrics() + metrics.text(blobs.totalBytes()));
  }

  private static HttpResponse plain(String text) {
    return Replies.text(ContentTypes.TEXT_PLAIN_UTF8, text);
  }

  private static CompletionStage<HttpResponse> now(Supplier<HttpResponse> answer) {
    return CompletableFuture.completedFuture(answer.get());
  }
}
