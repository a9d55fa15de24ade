package xyz.openledger.cluster.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.cluster.http.api.JobOutput;
import xyz.openledger.cluster.http.api.MemberApi;
import xyz.openledger.cluster.http.api.ModelApi;
import xyz.openledger.cluster.http.api.ProblemDocument;
import xyz.openledger.cluster.http.api.Requester;
import xyz.openledger.cluster.http.api.SubmitAnswer;
import xyz.openledger.cluster.openai.Completion;
import xyz.openledger.cluster.openai.InferenceJob;
import xyz.openledger.cluster.openai.ModelName;
import xyz.openledger.cluster.openai.NamedPolicies;
import xyz.openledger.cluster.openai.OpenAiRefusal;
import xyz.openledger.cluster.openai.Question;
import xyz.openledger.cluster.openai.SpokenText;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.JobDetail;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.api.ModelView;
import xyz.openledger.protocol.api.Submission;
import xyz.openledger.protocol.inference.InferenceAnswer;
import xyz.openledger.protocol.inference.InferenceQuestion;
import xyz.openledger.protocol.json.Json;

/**
 * Takes a question to a job and its output to an answer. What a policy wants of replicas holds
 * before a client sees a word, unless the policy itself puts the answer first: then a stream has
 * the words of one node while it makes them.
 */
final class Answering {
  private static final ContentType EVENT_STREAM = ContentTypes.create(MediaTypes.TEXT_EVENT_STREAM);
  private static final Duration HEARTBEAT = Duration.ofSeconds(2);
  private static final ByteString COMMENT = ByteString.fromString(": the job is not over\n\n");
  private static final ByteString DONE = ByteString.fromString("data: [DONE]\n\n");

  private final MemberApi api;
  private final ModelApi models;
  private final BlobStore blobs;
  private final Executor disk;
  private final JobWait waits;
  private final NamedPolicies policies;
  private final SpendingCaps caps;

  Answering(
      MemberApi api,
      ModelApi models,
      BlobStore blobs,
      Executor disk,
      JobWait waits,
      SpendingCaps caps) {
    this.caps = caps;
    this.api = api;
    this.models = models;
    this.blobs = blobs;
    this.disk = disk;
    this.waits = waits;
    this.policies = NamedPolicies.gallery();
  }

  /**
   * A question on its way.
   *
   * @param spoken the text of its answer while it is made; absent if nobody may see it before it is
   *     verified, or nobody wants to
   */
  record Asked(
      TenantId tenant, JobId job, Policy policy, @Nullable SpokenText spoken, Runnable deaf) {
    /** When its verification is done, as a header says it. */
    String verification() {
      return switch (policy.verification()) {
        case Policy.Verification it when it.givesFirstAnswer() -> "after";
        case Policy.Verification it when it.method() == Policy.Method.TRUSTED -> "none";
        default -> "before";
      };
    }

    Policy.Method method() {
      return policy.verification().method();
    }
  }

  /** Submits the job that answers a question. */
  CompletionStage<Asked> ask(Call call, Question question, String key) {
    Requester requester = call.principal().requester();
    ModelView model = model(question.model());
    Policy policy =
        policies.choose(
            question.policy(),
            call.header("X-OpenLedger-Policy").orElse(null),
            question.model().policy(),
            question.stream() ? NamedPolicies.INTERACTIVE : NamedPolicies.USUAL);
    var inputs = new Inputs(requester.tenant(), List.of(question.ask().canonical()));
    JobSpec spec = job(model, question.ask(), inputs, policy);
    boolean streamed = question.stream() && policy.verification().streams();
    SpokenText spoken = streamed ? new SpokenText() : null;
    // Before there is a job, so that no word of it is missed.
    Runnable deaf =
        spoken == null ? () -> {} : models.follow(JobId.of(requester.tenant(), key), spoken::hear);
    return submit(requester, key, spec, inputs)
        .thenApply(job -> new Asked(requester.tenant(), job, policy, spoken, deaf))
        .whenComplete(
            (_, failed) -> {
              if (failed != null) {
                deaf.run();
              }
            });
  }

  private JobSpec job(ModelView model, InferenceQuestion ask, Inputs inputs, Policy policy) {
    return InferenceJob.of(model, models.needs(model), ask, inputs.digests().getFirst(), policy);
  }

  /** What questions to a model need. */
  ModelApi.Needs needs(ModelView model) {
    return models.needs(model);
  }

  ModelView model(ModelName name) {
    return models.model(name.served()).orElseThrow(() -> OpenAiRefusal.noModel(name.served()));
  }

  /** What a body without headers asks for, answered in one piece. */
  CompletionStage<ObjectNode> answer(
      TenantId tenant, JsonNode body, String key, boolean chat, long createdSeconds) {
    long seed = seed(key);
    Question question = chat ? Question.chat(body, seed) : Question.completion(body, seed);
    if (question.stream()) {
      throw OpenAiRefusal.unsupported("stream", "a batch has its answers whole");
    }
    ModelView model = model(question.model());
    Policy policy = policy(question.policy(), null, question.model());
    var inputs = new Inputs(tenant, List.of(question.ask().canonical()));
    JobSpec spec = job(model, question.ask(), inputs, policy);
    return submit(Requester.onBehalfOf(tenant), key, spec, inputs)
        .thenCompose(job -> answered(tenant, job))
        .thenCompose(
            detail -> {
              var completion =
                  new Completion(
                      question,
                      body.path("model").asText(),
                      detail.job().id(),
                      createdSeconds,
                      policy.verification().method());
              return answer(detail).thenApply(answer -> completion.whole(answer, detail));
            });
  }

  /** The same key asks the same question, so a repeat finds the same job. */
  static long seed(String key) {
    return Digest.of(key.getBytes(StandardCharsets.UTF_8)).first();
  }

  /** The policy of a request that wants its answer whole. */
  Policy policy(@Nullable JsonNode body, @Nullable String header, ModelName model) {
    return policies.choose(body, header, model.policy(), NamedPolicies.USUAL);
  }

  /**
   * Takes a job, or finds the one that was taken under the key. Its inputs are stored once the key
   * may submit it, and go again if it is refused.
   */
  CompletionStage<JobId> submit(Requester requester, String key, JobSpec spec, Inputs inputs) {
    var submissions = List.of(new Submission(key, spec));
    boolean keyless = requester.apiKey().isEmpty();
    CompletionStage<List<SubmitAnswer>> answers =
        keyless
            ? inputs.store(blobs, disk).thenCompose(_ -> api.submit(requester, submissions))
            : caps.submit(requester, submissions, () -> inputs.store(blobs, disk));
    return answers
        .thenApply(answer -> taken(answer.getFirst()))
        .whenCompleteAsync((_, failure) -> inputs.settle(failure), disk);
  }

  /** The job once its result may be had, however long that takes. */
  CompletionStage<JobDetail> answered(TenantId tenant, JobId job) {
    return untilAnswered(tenant, job, new AtomicBoolean());
  }

  /** Whether a job was taken. */
  CompletionStage<Boolean> isTaken(JobId job) {
    return api.job(job)
        .thenApply(_ -> true)
        .exceptionally(
            failure -> {
              OpenAiRefusal refusal = OpenAiRefusals.of(failure);
              if (refusal.status() == 404) {
                return false;
              }
              throw refusal;
            });
  }

  /** Stops a job that nobody waits for any more. */
  void forget(JobId job) {
    var _ = api.cancel(job);
  }

  private static JobId taken(SubmitAnswer answer) {
    return switch (answer) {
      case SubmitAnswer.Taken taken -> taken.job();
      case SubmitAnswer.Refused refused -> {
        ProblemDocument problem =
            Refusals.document(refused.problem(), refused.field(), refused.detail(), null);
        throw OpenAiRefusal.of(
            problem.status(), refused.problem().code(), problem.field(), refused.detail());
      }
    };
  }

  /** The answer in one piece. */
  CompletionStage<HttpResponse> whole(Completion completion, Asked asked, boolean keyed) {
    return patient(asked.tenant(), completion.job(), keyed)
        .thenCompose(
            detail ->
                answer(detail).thenApply(answer -> Replies.ok(completion.whole(answer, detail))))
        .thenApply(response -> named(response, asked));
  }

  /** The answer in server-sent events. A client that goes away for good cancels its job. */
  HttpResponse stream(Completion completion, Asked asked, boolean keyed) {
    var over = new AtomicBoolean();
    SpokenText spoken = asked.spoken() == null ? new SpokenText() : asked.spoken();
    CompletionStage<List<ByteString>> rest =
        heard(completion.job(), keyed, asked, over)
            .thenCompose(
                detail ->
                    answer(detail)
                        .thenApply(
                            answer -> {
                              spoken.end();
                              var frames = frames(completion.rest(answer, detail, spoken.taken()));
                              frames.add(DONE);
                              return List.copyOf(frames);
                            }))
            .exceptionally(Answering::broken)
            .whenComplete(
                (_, _) -> {
                  over.set(true);
                  spoken.end();
                  asked.deaf().run();
                });
    Source<ByteString, ?> words =
        Source.unfoldAsync(
            NotUsed.getInstance(),
            same ->
                spoken
                    .next()
                    .thenApply(
                        part -> part.map(text -> Pair.create(same, frame(completion.part(text))))));
    Source<ByteString, ?> events =
        words
            .concat(Source.completionStage(rest).mapConcat(frames -> frames))
            .prepend(Source.from(frames(completion.opening())))
            .keepAlive(HEARTBEAT, () -> COMMENT)
            .watchTermination(
                (done, end) -> {
                  var _ =
                      end.whenComplete(
                          (_, _) -> {
                            if (over.compareAndSet(false, true) && !keyed) {
                              var _ = api.cancel(completion.job());
                            }
                          });
                  return done;
                });
    return named(
        HttpResponse.create().withEntity(HttpEntities.createChunked(EVENT_STREAM, events)), asked);
  }

  private CompletionStage<JobDetail> heard(
      JobId job, boolean keyed, Asked asked, AtomicBoolean over) {
    try {
      return guarded(job, keyed, () -> untilAnswered(asked.tenant(), job, over));
    } catch (RuntimeException refused) {
      asked.deaf().run();
      throw refused;
    }
  }

  private static HttpResponse named(HttpResponse response, Asked asked) {
    return response
        .addHeader(RawHeader.create("X-OpenLedger-Job", asked.job().value()))
        .addHeader(RawHeader.create("X-OpenLedger-Verification", asked.verification()));
  }

  private CompletionStage<JobDetail> untilAnswered(
      TenantId tenant, JobId job, AtomicBoolean abandoned) {
    return waits
        .whenAnswered(tenant, job, JobWait.LONGEST)
        .thenCompose(
            detail ->
                detail.hasAnswer() || abandoned.get()
                    ? CompletableFuture.completedFuture(detail)
                    : untilAnswered(tenant, job, abandoned));
  }

  /** The job once its result may be had, or a refusal when its caller has waited long enough. */
  CompletionStage<JobDetail> patient(TenantId tenant, JobId job, boolean keyed) {
    return guarded(job, keyed, () -> ended(tenant, job, keyed));
  }

  /**
   * Waits. Who can be refused to wait, now or later, has a job already, and it is cancelled, unless
   * a key leads back to it.
   */
  private <T> CompletionStage<T> guarded(
      JobId job, boolean keyed, Supplier<CompletionStage<T>> waiting) {
    try {
      return waiting
          .get()
          .whenComplete(
              (_, failed) -> {
                if (failed != null && !keyed) {
                  forget(job);
                }
              });
    } catch (ProblemException refused) {
      if (!keyed) {
        forget(job);
      }
      throw refused;
    }
  }

  private CompletionStage<JobDetail> ended(TenantId tenant, JobId job, boolean keyed) {
    return waits
        .whenAnswered(tenant, job, JobWait.LONGEST)
        .thenApply(
            detail -> {
              if (detail.hasAnswer()) {
                return detail;
              }
              throw new OpenAiRefusal(
                  503,
                  "server_error",
                  null,
                  "still_running",
                  keyed
                      ? "the job %s still runs; send the request again with the same Idempotency-Key"
                          .formatted(job)
                      : "no answer within %d s; ask with stream: true, or with an Idempotency-Key"
                          .formatted(JobWait.LONGEST.toSeconds()));
            });
  }

  private CompletionStage<InferenceAnswer> answer(JobDetail detail) {
    return answer(detail, 0);
  }

  /** What one task of an answered job came to. */
  CompletionStage<InferenceAnswer> answer(JobDetail detail, int task) {
    if (detail.job().problem() == Problem.TASK_FAILED) {
      // What all machines say of a question that none can answer.
      return output(detail, task)
          .handle(
              (said, missing) -> {
                if (said != null) {
                  var _ = checked(said);
                }
                throw brought(detail);
              });
    }
    if (detail.job().state() != JobState.SETTLED && !unverified(detail)) {
      throw brought(detail);
    }
    return output(detail, task).thenApply(Answering::checked);
  }

  private CompletionStage<InferenceAnswer> output(JobDetail detail, int task) {
    return api.output(detail.job().id(), task)
        .thenCompose(output -> CompletableFuture.supplyAsync(() -> read(output), disk));
  }

  /** That a job brought no answer. */
  private static OpenAiRefusal brought(JobDetail detail) {
    String reason = detail.job().detail();
    return new OpenAiRefusal(
        502,
        "server_error",
        null,
        "job_" + detail.job().state().word(),
        "the job %s ended as %s%s; openledger job explain %s says more"
            .formatted(
                detail.job().id(),
                detail.job().state().word(),
                reason == null || reason.isEmpty() ? "" : ": " + reason,
                detail.job().id()));
  }

  /** An answer that was given first stands until it is found wrong. */
  private static boolean unverified(JobDetail detail) {
    return detail.firstAnswer() != null
        && (!detail.job().state().isFinal() || detail.job().state() == JobState.EXPIRED);
  }

  private InferenceAnswer read(JobOutput output) {
    byte[] content = output.content();
    return InferenceAnswer.read(
        content != null ? content : blobs.read(output.digest()).orElseThrow());
  }

  private static InferenceAnswer checked(InferenceAnswer answer) {
    String error = answer.error();
    if (error != null) {
      String code =
          error.startsWith(InferenceAnswer.TOO_LONG)
              ? "context_length_exceeded"
              : "model_cannot_answer";
      throw new OpenAiRefusal(
          400, "invalid_request_error", null, code, "no machine can answer it: " + error);
    }
    return answer;
  }

  /** The connection is open already, so a failure is one more event. */
  private static List<ByteString> broken(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException wrapped && wrapped.getCause() != null
            ? wrapped.getCause()
            : failure;
    return List.of(frame(OpenAiRefusals.of(cause).body()), DONE);
  }

  private static List<ByteString> frames(List<ObjectNode> chunks) {
    var frames = new ArrayList<ByteString>();
    chunks.forEach(chunk -> frames.add(frame(chunk)));
    return frames;
  }

  private static ByteString frame(ObjectNode chunk) {
    return ByteString.fromString(
        "data: " + new String(Json.write(chunk), StandardCharsets.UTF_8) + "\n\n");
  }
}
