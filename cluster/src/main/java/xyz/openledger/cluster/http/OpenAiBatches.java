package xyz.openledger.cluster.http;

import static xyz.openledger.cluster.http.Operation.get;
import static xyz.openledger.cluster.http.Operation.post;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.files.FilesMessage;
import xyz.openledger.actors.files.StoredBatch;
import xyz.openledger.actors.files.StoredFile;
import xyz.openledger.cluster.http.Operation.KeyRule;
import xyz.openledger.cluster.http.api.FilesApi;
import xyz.openledger.cluster.http.api.Scope;
import xyz.openledger.cluster.openai.OpenAiRefusal;

/** The batches of the OpenAI API: questions from a file, each a job. */
final class OpenAiBatches {
  private static final int BODY_BYTES_MAX = 64 << 10;
  private static final int METADATA_MAX = 16;
  private static final long WINDOW_SECONDS = 86_400;

  private final FilesApi files;
  private final BatchRunner runner;

  OpenAiBatches(FilesApi files, BatchRunner runner) {
    this.files = files;
    this.runner = runner;
  }

  List<Operation> operations() {
    return List.of(
        post("openAiBegin", "/v1/batches", Scope.JOBS_WRITE, KeyRule.OPTIONAL, this::begin),
        get("openAiBatches", "/v1/batches", Scope.JOBS_READ, this::list).query("after", "limit"),
        get("openAiBatch", "/v1/batches/{batch}", Scope.JOBS_READ, this::show),
        post(
            "openAiCancel",
            "/v1/batches/{batch}/cancel",
            Scope.JOBS_WRITE,
            KeyRule.OPTIONAL,
            this::cancel));
  }

  private CompletionStage<HttpResponse> begin(Call call) {
    var tenant = call.principal().ownTenant();
    String id =
        OpenAiFiles.id(
            "batch_", call.header("Idempotency-Key").map(key -> tenant + "/" + key).orElse(null));
    return call.json(JsonNode.class, BODY_BYTES_MAX)
        .thenCompose(
            body -> {
              String endpoint = body.path("endpoint").asText("");
              if (!runner.endpoints().contains(endpoint)) {
                throw OpenAiRefusal.of(
                    "endpoint", "must be one of " + String.join(", ", runner.endpoints()));
              }
              if (!body.path("completion_window").asText("").equals("24h")) {
                throw OpenAiRefusal.of("completion_window", "must be 24h");
              }
              String input = body.path("input_file_id").asText("");
              Map<String, String> metadata = metadata(body.path("metadata"));
              return files
                  .of(tenant)
                  .thenCompose(
                      shown ->
                          files.begin(
                              new StoredBatch(
                                  id,
                                  tenant,
                                  endpoint,
                                  input,
                                  file(shown, input).content(),
                                  metadata,
                                  System.currentTimeMillis(),
                                  0,
                                  null)));
            })
        .thenApply(batch -> Replies.ok(view(batch)));
  }

  private static StoredFile file(FilesMessage.Shown shown, String id) {
    StoredFile file =
        shown.files().stream()
            .filter(one -> one.id().equals(id))
            .findFirst()
            .orElseThrow(() -> OpenAiFiles.absent("file", id));
    if (!file.purpose().equals("batch")) {
      throw OpenAiRefusal.of("input_file_id", "is a file of another purpose than batch");
    }
    return file;
  }

  static Map<String, String> metadata(JsonNode given) {
    var metadata = new TreeMap<String, String>();
    given.properties().forEach(entry -> metadata.put(entry.getKey(), entry.getValue().asText("")));
    boolean tooLong =
        metadata.entrySet().stream()
            .anyMatch(entry -> entry.getKey().length() > 64 || entry.getValue().length() > 512);
    if (metadata.size() > METADATA_MAX || tooLong) {
      throw OpenAiRefusal.of(
          "metadata", "may have %d entries of 64 and 512 characters".formatted(METADATA_MAX));
    }
    return Map.copyOf(metadata);
  }

  private CompletionStage<HttpResponse> list(Call call) {
    int limit = call.number("limit", 1, 100, 20);
    return files
        .of(call.principal().ownTenant())
        .thenApply(
            shown ->
                Replies.ok(
                    OpenAiFiles.page(
                        shown.batches(), StoredBatch::id, this::view, call.query("after"), limit)));
  }

  private CompletionStage<HttpResponse> show(Call call) {
    String id = call.part("batch");
    return files
        .of(call.principal().ownTenant())
        .thenApply(
            shown ->
                Replies.ok(
                    view(
                        shown.batches().stream()
                            .filter(batch -> batch.id().equals(id))
                            .findFirst()
                            .orElseThrow(() -> OpenAiFiles.absent("batch", id)))));
  }

  private CompletionStage<HttpResponse> cancel(Call call) {
    return files
        .cancel(call.principal().ownTenant(), call.part("batch"))
        .thenApply(batch -> Replies.ok(view(batch)));
  }

  private ObjectNode view(StoredBatch batch) {
    long began = batch.atMillis() / 1_000;
    StoredBatch.End end = batch.end();
    ObjectNode view =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", batch.id())
            .put("object", "batch")
            .put("endpoint", batch.endpoint())
            .put("input_file_id", batch.input())
            .put("completion_window", "24h")
            .put("status", status(batch))
            .put("output_file_id", end == null ? null : end.output())
            .put("error_file_id", end == null ? null : end.errors())
            .put("created_at", began)
            .put("in_progress_at", began)
            .put("expires_at", began + WINDOW_SECONDS);
    seconds(view, "completed_at", end == null || batch.isUnwanted() ? 0 : end.atMillis());
    seconds(view, "cancelling_at", batch.cancelledAtMillis());
    seconds(view, "cancelled_at", end != null && batch.isUnwanted() ? end.atMillis() : 0);
    errors(view, end);
    counts(view.putObject("request_counts"), batch);
    ObjectNode metadata = view.putObject("metadata");
    batch.metadata().forEach(metadata::put);
    return view;
  }

  private static void errors(ObjectNode view, StoredBatch.@Nullable End end) {
    if (end == null || end.problem().isEmpty()) {
      view.putNull("errors");
      return;
    }
    view.putObject("errors")
        .put("object", "list")
        .putArray("data")
        .addObject()
        .put("code", end.answered() + end.failed() > 0 ? "output_not_kept" : "invalid_file")
        .put("message", end.problem())
        .putNull("param")
        .putNull("line");
  }

  private void counts(ObjectNode counts, StoredBatch batch) {
    StoredBatch.End end = batch.end();
    BatchRunner.Counts now = runner.counts(batch.id());
    if (end != null) {
      counts
          .put("total", end.answered() + end.failed())
          .put("completed", end.answered())
          .put("failed", end.failed());
    } else {
      counts
          .put("total", now == null ? 0 : now.total())
          .put("completed", now == null ? 0 : now.answered())
          .put("failed", now == null ? 0 : now.failed());
    }
  }

  private static String status(StoredBatch batch) {
    StoredBatch.End end = batch.end();
    if (end == null) {
      return batch.isUnwanted() ? "cancelling" : "in_progress";
    }
    return batch.isUnwanted() ? "cancelled" : end.problem().isEmpty() ? "completed" : "failed";
  }

  private static void seconds(ObjectNode view, String field, long millis) {
    if (millis > 0) {
      view.put(field, millis / 1_000);
    } else {
      view.putNull(field);
    }
  }
}
