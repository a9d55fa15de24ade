package xyz.openledger.cluster.http;

import static xyz.openledger.cluster.http.Operation.get;
import static xyz.openledger.cluster.http.Operation.post;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import xyz.openledger.cluster.http.Operation.KeyRule;
import xyz.openledger.cluster.http.Operation.Pace;
import xyz.openledger.cluster.http.api.ModelApi;
import xyz.openledger.cluster.http.api.Scope;
import xyz.openledger.cluster.openai.Completion;
import xyz.openledger.cluster.openai.ModelName;
import xyz.openledger.cluster.openai.OpenAiRefusal;
import xyz.openledger.cluster.openai.Question;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.api.ModelPublication;
import xyz.openledger.protocol.api.ModelView;

/** The HTTP API of OpenAI: what its clients send is answered by jobs of the network. */
final class OpenAiRoutes {
  /** Where its paths begin; there, refusals have its form. */
  static final String PREFIX = "/v1/";

  private static final int BODY_BYTES_MAX = 1 << 20;
  private static final int LIST_MAX = 1_000;

  private final ModelApi models;
  private final Answering answering;
  private final Embedding embedding;

  OpenAiRoutes(ModelApi models, Answering answering, Embedding embedding) {
    this.models = models;
    this.answering = answering;
    this.embedding = embedding;
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
            .at(Pace.WAITING),
        post("openAiEmbed", "/v1/embeddings", Scope.JOBS_WRITE, KeyRule.OPTIONAL, this::embed)
            .at(Pace.WAITING),
        post(
            "loadAdapter",
            "/v1/load_lora_adapter",
            Scope.MODELS_WRITE,
            KeyRule.OPTIONAL,
            this::load),
        post(
            "unloadAdapter",
            "/v1/unload_lora_adapter",
            Scope.MODELS_WRITE,
            KeyRule.OPTIONAL,
            this::unload));
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

  private CompletionStage<HttpResponse> embed(Call call) {
    var given = call.header("Idempotency-Key");
    String key = given.orElseGet(() -> "v1-" + UUID.randomUUID());
    return call.json(JsonNode.class, BODY_BYTES_MAX)
        .thenCompose(
            body ->
                embedding.answer(
                    call.principal().requester(),
                    body,
                    key,
                    call.header("X-OpenLedger-Policy").orElse(null),
                    job -> answering.patient(call.principal().ownTenant(), job, given.isPresent())))
        .thenApply(Replies::ok);
  }

  /** As vLLM has it; what it calls a path is here the digest of a manifest that is stored. */
  private CompletionStage<HttpResponse> load(Call call) {
    return call.json(JsonNode.class, BODY_BYTES_MAX)
        .thenCompose(
            body -> {
              String name = adapter(body);
              Digest manifest;
              try {
                manifest = Digest.parse(body.path("lora_path").asText(""));
              } catch (ProblemException malformed) {
                throw OpenAiRefusal.of(
                    "lora_path", "must be sha256:…, the manifest of a stored adapter");
              }
              return models.publish(
                  call.principal().ownTenant(),
                  new ModelPublication(List.of(new ModelPublication.Named(name, manifest))));
            })
        .thenApply(
            loaded ->
                Replies.text(
                    ContentTypes.TEXT_PLAIN_UTF8,
                    "Success: LoRA adapter '%s' added successfully."
                        .formatted(loaded.getFirst().name())));
  }

  private CompletionStage<HttpResponse> unload(Call call) {
    return call.json(JsonNode.class, BODY_BYTES_MAX)
        .thenCompose(body -> models.withdraw(call.principal().view(), adapter(body)))
        .thenApply(
            gone ->
                Replies.text(
                    ContentTypes.TEXT_PLAIN_UTF8,
                    "Success: LoRA adapter '%s' removed successfully.".formatted(gone.name())));
  }

  private static String adapter(JsonNode body) {
    String name = body.path("lora_name").asText("");
    if (!ModelName.isServable(name) || !name.contains(":")) {
      throw OpenAiRefusal.of("lora_name", "must be base:adapter");
    }
    return name;
  }

  private CompletionStage<HttpResponse> answer(Call call, boolean chat) {
    var given = call.header("Idempotency-Key");
    boolean keyed = given.isPresent();
    String key = given.orElseGet(() -> "v1-" + UUID.randomUUID());
    long created = System.currentTimeMillis() / 1_000;
    return call.json(JsonNode.class, BODY_BYTES_MAX)
        .thenCompose(
            body -> {
              long seed = Answering.seed(key);
              Question question =
                  chat ? Question.chat(body, seed) : Question.completion(body, seed);
              return answering
                  .ask(call, question, key)
                  .thenCompose(
                      asked -> {
                        var completion =
                            new Completion(
                                question,
                                body.path("model").asText(),
                                asked.job(),
                                created,
                                asked.method());
                        return question.stream()
                            ? done(answering.stream(completion, asked, keyed))
                            : answering.whole(completion, asked, keyed);
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
