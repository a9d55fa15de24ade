package xyz.openledger.cluster.http;

import static xyz.openledger.cluster.http.Operation.get;
import static xyz.openledger.cluster.http.Operation.post;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.files.FilesMessage;
import xyz.openledger.actors.files.StoredFile;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.cluster.http.Operation.KeyRule;
import xyz.openledger.cluster.http.api.FilesApi;
import xyz.openledger.cluster.http.api.Scope;
import xyz.openledger.cluster.http.api.TuningApi;
import xyz.openledger.cluster.openai.ChatSamples;
import xyz.openledger.cluster.openai.FineTuneRequest;
import xyz.openledger.cluster.openai.FineTuneWords;
import xyz.openledger.cluster.openai.NamedPolicies;
import xyz.openledger.cluster.openai.OpenAiRefusal;
import xyz.openledger.pools.PolicyCheck;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.TuningId;
import xyz.openledger.protocol.api.TuningNews;
import xyz.openledger.protocol.api.TuningRequest;
import xyz.openledger.protocol.api.TuningView;

/** The fine-tuning jobs of the OpenAI API: trainings of the network under another name. */
final class OpenAiTunings {
  private static final int BODY_BYTES_MAX = 64 << 10;
  private static final int READINGS_MAX = 2;
  private static final int NEWS_PAGE = 200;
  private static final int NEWS_MAX = 20_000;
  private static final String PURPOSE = "fine-tune";

  private final TuningApi tunings;
  private final FilesApi files;
  private final BlobStore blobs;
  private final Executor disk;
  private final NamedPolicies policies = NamedPolicies.gallery();

  /** Files that are read at a time: each is held in memory. */
  private final Semaphore readings = new Semaphore(READINGS_MAX);

  OpenAiTunings(TuningApi tunings, FilesApi files, BlobStore blobs, Executor disk) {
    this.tunings = tunings;
    this.files = files;
    this.blobs = blobs;
    this.disk = disk;
  }

  List<Operation> operations() {
    String all = "/v1/fine_tuning/jobs";
    String one = all + "/{training}";
    return List.of(
        post("openAiTune", all, Scope.JOBS_WRITE, KeyRule.OPTIONAL, this::start),
        get("openAiTunings", all, Scope.JOBS_READ, this::list).query("after", "limit"),
        get("openAiTuning", one, Scope.JOBS_READ, call -> answer(call, tunings::show)),
        post(
            "openAiEndTuning",
            one + "/cancel",
            Scope.JOBS_WRITE,
            KeyRule.OPTIONAL,
            call -> answer(call, tunings::cancel)),
        get(
                "openAiTuningEvents",
                one + "/events",
                Scope.JOBS_READ,
                call -> told(call, FineTuneWords::events))
            .query("after", "limit"),
        get(
                "openAiCheckpoints",
                one + "/checkpoints",
                Scope.JOBS_READ,
                call -> told(call, FineTuneWords::checkpoints))
            .query("after", "limit"));
  }

  private CompletionStage<HttpResponse> start(Call call) {
    TenantId tenant = call.principal().ownTenant();
    if (!call.principal().allows(Scope.MODELS_WRITE)) {
      throw new ProblemException(
          Problem.FORBIDDEN, "", "serving what is trained needs " + Scope.MODELS_WRITE.word());
    }
    String key = call.header("Idempotency-Key").orElseGet(() -> "v1-" + UUID.randomUUID());
    return call.json(JsonNode.class, BODY_BYTES_MAX)
        .thenCompose(
            body -> {
              FineTuneRequest wanted = FineTuneRequest.read(body);
              Policy policy = policy(call, wanted);
              Map<String, String> metadata = OpenAiBatches.metadata(body.path("metadata"));
              return files
                  .of(tenant)
                  .thenApplyAsync(
                      shown -> {
                        Samples samples = samples(tenant, shown, wanted);
                        return wanted.training(
                            TuningId.of(tenant, key),
                            samples.data(),
                            samples.count(),
                            policy,
                            metadata);
                      },
                      disk)
                  .thenCompose(training -> started(tenant, key, training));
            })
        .thenApply(view -> Replies.ok(FineTuneWords.job(view)));
  }

  private CompletionStage<TuningView> started(TenantId tenant, String key, TuningRequest training) {
    return tunings
        .start(tenant, key, training)
        .exceptionallyCompose(
            failed -> {
              Throwable cause =
                  failed instanceof CompletionException && failed.getCause() != null
                      ? failed.getCause()
                      : failed;
              boolean unserved =
                  cause instanceof ProblemException refused
                      && refused.problem() == Problem.NOT_FOUND
                      && refused.field().equals("model");
              return CompletableFuture.failedFuture(
                  unserved ? OpenAiRefusal.noModel(training.model()) : cause);
            });
  }

  private Policy policy(Call call, FineTuneRequest wanted) {
    JsonNode said = wanted.network().path("policy");
    String header = call.header("X-OpenLedger-Policy").orElse(null);
    String suffix = wanted.model().policy();
    Policy policy =
        said.isMissingNode() && header == null && suffix == null
            ? NamedPolicies.training()
            : policies.choose(
                said.isMissingNode() ? null : said, header, suffix, NamedPolicies.USUAL);
    PolicyCheck.check(policy);
    return policy;
  }

  private static Digest content(FilesMessage.Shown shown, String id, String field) {
    StoredFile file =
        shown.files().stream()
            .filter(one -> one.id().equals(id))
            .findFirst()
            .orElseThrow(() -> OpenAiFiles.absent("file", id));
    if (!file.purpose().equals(PURPOSE)) {
      throw OpenAiRefusal.of(field, "is a file of another purpose than " + PURPOSE);
    }
    return file.content();
  }

  /** What nodes are to read: a blob, and how many samples it has. */
  private record Samples(Digest data, int count) {}

  private Samples samples(TenantId tenant, FilesMessage.Shown shown, FineTuneRequest wanted) {
    Digest training = content(shown, wanted.trainingFile(), "training_file");
    String validation = wanted.validationFile();
    Digest held = validation == null ? null : content(shown, validation, "validation_file");
    if (!readings.tryAcquire()) {
      throw new ProblemException(
          Problem.TOO_MANY_REQUESTS, "", "as many files as are allowed are being read");
    }
    try {
      ChatSamples read = ChatSamples.read(bytes(training));
      if (held != null) {
        read = read.with(ChatSamples.readHeldBack(bytes(held)));
      }
      return new Samples(blobs.put(read.lines(), tenant).digest(), read.count());
    } finally {
      readings.release();
    }
  }

  private byte[] bytes(Digest file) {
    return blobs.content(file).orElseThrow(() -> OpenAiFiles.absent("file", file.toString()));
  }

  private CompletionStage<HttpResponse> list(Call call) {
    int limit = call.number("limit", 1, 100, 20);
    String after = call.query("after");
    return tunings
        .list(call.principal().ownTenant(), after.isEmpty() ? null : id(after), limit + 1)
        .thenApply(
            views ->
                Replies.ok(
                    OpenAiFiles.page(
                        views, view -> view.id().value(), FineTuneWords::job, "", limit)));
  }

  private static CompletionStage<HttpResponse> answer(
      Call call, BiFunction<@Nullable TenantId, TuningId, CompletionStage<TuningView>> question) {
    return question
        .apply(call.principal().ownTenant(), id(call.part("training")))
        .thenApply(view -> Replies.ok(FineTuneWords.job(view)));
  }

  private CompletionStage<HttpResponse> told(
      Call call, BiFunction<TuningView, List<TuningNews>, List<ObjectNode>> words) {
    TenantId tenant = call.principal().ownTenant();
    TuningId id = id(call.part("training"));
    int limit = call.number("limit", 1, 100, 20);
    return tunings
        .show(tenant, id)
        .thenCompose(
            view ->
                news(tenant, id, new ArrayList<>())
                    .thenApply(
                        news ->
                            Replies.ok(
                                OpenAiFiles.page(
                                    words.apply(view, news),
                                    FineTuneWords::id,
                                    Function.identity(),
                                    call.query("after"),
                                    limit))));
  }

  /** All that happened, page by page. */
  private CompletionStage<List<TuningNews>> news(
      TenantId tenant, TuningId id, List<TuningNews> before) {
    return tunings
        .news(tenant, id, before.size(), NEWS_PAGE)
        .thenCompose(
            page -> {
              before.addAll(page);
              return page.size() < NEWS_PAGE || before.size() >= NEWS_MAX
                  ? CompletableFuture.completedStage(before)
                  : news(tenant, id, before);
            });
  }

  private static TuningId id(String text) {
    try {
      return TuningId.parse(text);
    } catch (ProblemException malformed) {
      throw OpenAiFiles.absent("fine_tuning.job", text);
    }
  }
}
