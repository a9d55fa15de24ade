package xyz.openledger.cluster.http;

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
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.cluster.http.api.JobOutput;
import xyz.openledger.cluster.http.api.MemberApi;
import xyz.openledger.cluster.http.api.ModelApi;
import xyz.openledger.cluster.http.api.ProblemDocument;
import xyz.openledger.cluster.http.api.SubmitAnswer;
import xyz.openledger.cluster.openai.Completion;
import xyz.openledger.cluster.openai.InferenceJob;
import xyz.openledger.cluster.openai.NamedPolicies;
import xyz.openledger.cluster.openai.OpenAiRefusal;
import xyz.openledger.cluster.openai.Question;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.api.JobDetail;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.api.ModelView;
import xyz.openledger.protocol.api.Submission;
import xyz.openledger.protocol.inference.InferenceAnswer;
import xyz.openledger.protocol.json.Json;

/**
 * Takes a question to a job and its verified output to an answer. What a policy wants of replicas
 * holds before a client sees a word: a stream says that it waits, and then everything.
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

  Answering(MemberApi api, ModelApi models, BlobStore blobs, Executor disk, JobWait waits) {
    this.api = api;
    this.models = models;
    this.blobs = blobs;
    this.disk = disk;
    this.waits = waits;
    this.policies = NamedPolicies.gallery();
  }

  /** Submits the job that answers a question. */
  CompletionStage<JobId> ask(Call call, Question question, String key) {
    var tenant = call.principal().ownTenant();
    ModelView model =
        models
            .model(question.model().served())
            .orElseThrow(() -> OpenAiRefusal.noModel(question.model().served()));
    Policy policy =
        policies.choose(
            question.policy(),
            call.header("X-OpenLedger-Policy").orElse(null),
            question.model().policy());
    return CompletableFuture.supplyAsync(() -> blobs.put(question.ask().canonical()), disk)
        .thenCompose(
            input -> {
              JobSpec spec = InferenceJob.of(model, question.ask(), input.digest(), policy);
              return api.submit(tenant, List.of(new Submission(key, spec)));
            })
        .thenApply(answers -> taken(answers.getFirst()));
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
  CompletionStage<HttpResponse> whole(Completion completion, boolean keyed) {
    return guarded(completion.job(), keyed, () -> ended(completion.job(), keyed))
        .thenCompose(
            detail ->
                answer(detail).thenApply(answer -> Replies.ok(completion.whole(answer, detail))))
        .thenApply(response -> named(response, completion.job()));
  }

  /** The answer in server-sent events. A client that goes away for good cancels its job. */
  HttpResponse stream(Completion completion, boolean keyed) {
    var over = new AtomicBoolean();
    CompletionStage<List<ByteString>> rest =
        guarded(completion.job(), keyed, () -> untilEnded(completion.job(), over))
            .thenCompose(
                detail ->
                    answer(detail)
                        .thenApply(
                            answer -> {
                              var frames = frames(completion.rest(answer, detail));
                              frames.add(DONE);
                              return List.copyOf(frames);
                            }))
            .exceptionally(Answering::broken)
            .whenComplete((_, _) -> over.set(true));
    Source<ByteString, ?> events =
        Source.completionStage(rest)
            .mapConcat(frames -> frames)
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
        HttpResponse.create().withEntity(HttpEntities.createChunked(EVENT_STREAM, events)),
        completion.job());
  }

  private static HttpResponse named(HttpResponse response, JobId job) {
    return response.addHeader(RawHeader.create("X-OpenLedger-Job", job.value()));
  }

  private CompletionStage<JobDetail> untilEnded(JobId job, AtomicBoolean abandoned) {
    return waits
        .whenFinal(job, JobWait.LONGEST)
        .thenCompose(
            detail ->
                detail.job().state().isFinal() || abandoned.get()
                    ? CompletableFuture.completedFuture(detail)
                    : untilEnded(job, abandoned));
  }

  /**
   * Waits. Who can be refused to wait has a job already, and it is cancelled, unless a key leads
   * back to it.
   */
  private <T> CompletionStage<T> guarded(
      JobId job, boolean keyed, Supplier<CompletionStage<T>> waiting) {
    try {
      return waiting.get();
    } catch (ProblemException refused) {
      if (!keyed) {
        var _ = api.cancel(job);
      }
      throw refused;
    }
  }

  private CompletionStage<JobDetail> ended(JobId job, boolean keyed) {
    return waits
        .whenFinal(job, JobWait.LONGEST)
        .thenApply(
            detail -> {
              if (detail.job().state().isFinal()) {
                return detail;
              }
              if (!keyed) {
                // Nobody could find it again.
                var _ = api.cancel(job);
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
    if (detail.job().state() != JobState.SETTLED) {
      String reason = detail.job().detail();
      throw new OpenAiRefusal(
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
    return api.output(detail.job().id(), 0)
        .thenCompose(output -> CompletableFuture.supplyAsync(() -> read(output), disk))
        .thenApply(Answering::checked);
  }

  private InferenceAnswer read(JobOutput output) {
    byte[] content = output.content();
    return InferenceAnswer.read(
        content != null ? content : blobs.read(output.digest()).orElseThrow());
  }

  private static InferenceAnswer checked(InferenceAnswer answer) {
    String error = answer.error();
    if (error != null) {
      throw new OpenAiRefusal(
          400, "invalid_request_error", "messages", "context_length_exceeded", error);
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
