package xyz.openledger.cluster.http;

import static xyz.openledger.cluster.http.Operation.get;
import static xyz.openledger.cluster.http.Operation.post;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import xyz.openledger.cluster.http.Operation.KeyRule;
import xyz.openledger.cluster.http.Operation.Pace;
import xyz.openledger.cluster.http.api.ModelApi;
import xyz.openledger.cluster.http.api.Scope;
import xyz.openledger.cluster.openai.Completion;
import xyz.openledger.cluster.openai.OpenAiRefusal;
import xyz.openledger.cluster.openai.Question;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.api.ModelView;

/** The HTTP API of OpenAI: what its clients send is answered by jobs of the network. */
final class OpenAiRoutes {
  /** Where its paths begin; there, refusals have its form. */
  static final String PREFIX = "/v1/";

  private static final int BODY_BYTES_MAX = 1 << 20;
  private static final int LIST_MAX = 1_000;

  private final ModelApi models;
  private final Answering answering;

  OpenAiRoutes(ModelApi models, Answering answering) {
    this.models = models;
    this.answering = answering;
  }

  List<Operation> operations() {
    return List.of(
        get("openAiModels", "/v1/models", Scope.JOBS_READ, this::list).query("after", "limit"),
        get("openAiModel", "/v1/models/{model}", Scope.JOBS_READ, this::show),
        post(
                "openAiChat",
                "/v1/chat/completions",
                Scope.JOBS_WRITE,
                KeyRule.OPTIONAL,
                call -> answer(call, true))
            .at(Pace.WAITING),
        post(
                "openAiCompletion",
                "/v1/completions",
                Scope.JOBS_WRITE,
                KeyRule.OPTIONAL,
                call -> answer(call, false))
            .at(Pace.WAITING));
  }

  private CompletionStage<HttpResponse> list(Call call) {
    int limit = call.number("limit", 1, LIST_MAX, LIST_MAX);
    List<ModelView> page = models.models(call.query("after"), limit + 1);
    boolean more = page.size() > limit;
    ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
    ArrayNode data = list.putArray("data");
    List<ModelView> shown = more ? page.subList(0, limit) : page;
    shown.forEach(model -> data.add(model(model)));
    list.put("has_more", more)
        .put("first_id", shown.isEmpty() ? null : shown.getFirst().name())
        .put("last_id", shown.isEmpty() ? null : shown.getLast().name());
    return done(Replies.ok(list));
  }

  private CompletionStage<HttpResponse> show(Call call) {
    String name = call.part("model");
    return done(
        Replies.ok(model(models.model(name).orElseThrow(() -> OpenAiRefusal.noModel(name)))));
  }

  private static ObjectNode model(ModelView model) {
    ObjectNode shown =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", model.name())
            .put("object", "model")
            .put("created", model.publishedAtMillis() / 1_000)
            .put("owned_by", model.tenant());
    shown
        .putObject("openledger")
        .put("manifest", model.manifest().toString())
        .put("base", model.base().toString())
        .put("context_tokens", model.contextTokens())
        .put("fuel_per_token", Long.toString(model.fuelPerToken()))
        .put("determinism", "D0");
    return shown;
  }

  private CompletionStage<HttpResponse> answer(Call call, boolean chat) {
    var given = call.header("Idempotency-Key");
    boolean keyed = given.isPresent();
    String key = given.orElseGet(() -> "v1-" + UUID.randomUUID());
    long created = System.currentTimeMillis() / 1_000;
    return call.json(JsonNode.class, BODY_BYTES_MAX)
        .thenCompose(
            body -> {
              // The same key asks the same question, so a repeat finds the same job.
              long seed = Digest.of(key.getBytes(StandardCharsets.UTF_8)).first();
              Question question =
                  chat ? Question.chat(body, seed) : Question.completion(body, seed);
              return answering
                  .ask(call, question, key)
                  .thenCompose(
                      job -> {
                        var completion =
                            new Completion(question, body.path("model").asText(), job, created);
                        return question.stream()
                            ? done(answering.stream(completion, keyed))
                            : answering.whole(completion, keyed);
                      })
                  .thenApply(
                      response ->
                          response.addHeader(RawHeader.create("Cache-Control", "no-store")));
            });
  }

  /** A refusal in the form of this API. */
  static HttpResponse refusal(OpenAiRefusal refusal) {
    HttpResponse response = Replies.json(refusal.status(), refusal.body());
    if (refusal.endsItsJob()) {
      // A client that repeats by itself would begin, and pay for, another job.
      return response.addHeader(RawHeader.create("x-should-retry", "false"));
    }
    return switch (refusal.status()) {
      case 429, 503 -> Replies.later(response);
      case 401 -> response.addHeader(RawHeader.create("WWW-Authenticate", "Bearer"));
      default -> response;
    };
  }

  private static CompletionStage<HttpResponse> done(HttpResponse response) {
    return CompletableFuture.completedFuture(response);
  }
}
