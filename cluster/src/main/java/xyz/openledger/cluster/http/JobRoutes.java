package xyz.openledger.cluster.http;

import static xyz.openledger.cluster.http.Operation.get;
import static xyz.openledger.cluster.http.Operation.post;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;
import xyz.openledger.cluster.http.Operation.KeyRule;
import xyz.openledger.cluster.http.Operation.Pace;
import xyz.openledger.cluster.http.api.JobQuery;
import xyz.openledger.cluster.http.api.MemberApi;
import xyz.openledger.cluster.http.api.ProblemDocument;
import xyz.openledger.cluster.http.api.Scope;
import xyz.openledger.cluster.http.api.SubmitAnswer;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.api.Submission;

/** What requesters ask for. */
final class JobRoutes {
  private static final int JOB_BYTES_MAX = 1 << 20;
  private static final int BATCH_BYTES_MAX = 8 << 20;

  private final MemberApi api;
  private final Ids ids;
  private final BlobRoutes blobs;
  private final JobWait waits;
  private final SpendingCaps caps;

  JobRoutes(MemberApi api, Ids ids, BlobRoutes blobs, JobWait waits, SpendingCaps caps) {
    this.caps = caps;
    this.api = api;
    this.ids = ids;
    this.blobs = blobs;
    this.waits = waits;
  }

  /** One answer of a batch: either half. */
  record Item(@Nullable Submitted submitted, @Nullable ProblemDocument problem) {}

  /** What was taken. */
  record Submitted(JobId job, JobState state, boolean repeated) {}

  /** The answers of a batch. */
  record Items(List<Item> items) {}

  List<Operation> operations() {
    String job = "/api/v1/jobs/{id}";
    return List.of(
        post("submitJob", "/api/v1/jobs", Scope.JOBS_WRITE, KeyRule.REQUIRED, this::submit),
        post("submitJobs", "/api/v1/jobs:batch", Scope.JOBS_WRITE, KeyRule.OPTIONAL, this::batch),
        post("dryRunJob", "/api/v1/jobs:dry-run", Scope.JOBS_READ, KeyRule.OPTIONAL, this::dryRun),
        get("listJobs", "/api/v1/jobs", Scope.JOBS_READ, this::list)
            .query("limit", "cursor", "state", "label"),
        get("showJob", job, Scope.JOBS_READ, this::show).query("wait").at(Pace.WAITING),
        post("cancelJob", job + ":cancel", Scope.JOBS_WRITE, KeyRule.OPTIONAL, this::cancel),
        get("getJobOutput", job + "/output", Scope.JOBS_READ, this::output).query("task"),
        get("getJobSpec", job + "/spec", Scope.JOBS_READ, this::spec),
        get("explainJob", job + "/explain", Scope.JOBS_READ, this::explain));
  }

  private CompletionStage<HttpResponse> submit(Call call) {
    var requester = call.principal().requester();
    return call.json(JobSpec.class, JOB_BYTES_MAX)
        .thenCompose(
            spec -> caps.submit(requester, List.of(new Submission(call.idempotencyKey(), spec))))
        .thenApply(answers -> submitted(answers.getFirst()));
  }

  private static HttpResponse submitted(SubmitAnswer answer) {
    return switch (answer) {
      case SubmitAnswer.Refused refused -> Replies.problem(document(refused));
      case SubmitAnswer.Taken taken when taken.repeated() -> Replies.ok(submitted(taken));
      case SubmitAnswer.Taken taken ->
          Replies.created("/api/v1/jobs/" + taken.job(), submitted(taken));
    };
  }

  private CompletionStage<HttpResponse> dryRun(Call call) {
    var tenant = call.principal().ownTenant();
    return call.json(JobSpec.class, JOB_BYTES_MAX)
        .thenCompose(spec -> api.dryRun(tenant, spec))
        .thenApply(Replies::ok);
  }

  private CompletionStage<HttpResponse> batch(Call call) {
    var requester = call.principal().requester();
    return call.json(Submission[].class, BATCH_BYTES_MAX)
        .thenApply(JobRoutes::checked)
        .thenCompose(submissions -> caps.submit(requester, submissions))
        .thenApply(
            answers -> Replies.ok(new Items(answers.stream().map(JobRoutes::item).toList())));
  }

  private static List<Submission> checked(@Nullable Submission[] submissions) {
    Check.range("the number of jobs", submissions.length, 1, Submission.BATCH_MAX);
    for (int i = 0; i < submissions.length; i++) {
      Check.present("[" + i + "]", submissions[i]);
    }
    return List.of(submissions);
  }

  private static Item item(SubmitAnswer answer) {
    return switch (answer) {
      case SubmitAnswer.Taken taken -> new Item(submitted(taken), null);
      case SubmitAnswer.Refused refused -> new Item(null, document(refused));
    };
  }

  private static Submitted submitted(SubmitAnswer.Taken taken) {
    return new Submitted(taken.job(), taken.state(), taken.repeated());
  }

  private static ProblemDocument document(SubmitAnswer.Refused refused) {
    return Refusals.document(refused.problem(), refused.field(), refused.detail(), null);
  }

  private CompletionStage<HttpResponse> list(Call call) {
    String state = call.query("state");
    var query =
        new JobQuery(
            call.principal().view(),
            state.isEmpty() ? null : JobState.parse(state),
            labels(call.queryAll("label")),
            call.page());
    return api.jobs(query).thenApply(Replies::ok);
  }

  /** Labels as {@code key:value} or {@code key=value}. */
  private static Map<String, String> labels(List<String> texts) {
    Check.size("label", texts, 0, 16);
    var labels = new HashMap<String, String>();
    for (String text : texts) {
      Check.text("label", text, 127);
      int colon = text.indexOf(':');
      int equals = text.indexOf('=');
      int split = colon < 0 ? equals : equals < 0 ? colon : Math.min(colon, equals);
      if (split <= 0) {
        throw Check.refusal("label", "expected key:value, got " + text);
      }
      labels.put(text.substring(0, split), text.substring(split + 1));
    }
    return labels;
  }

  private CompletionStage<HttpResponse> show(Call call) {
    var wait = JobWait.duration(call.query("wait"));
    return ids.job(call.principal(), call.part("id"))
        .thenCompose(
            job ->
                wait.isZero()
                    ? api.job(job)
                    : waits.whenFinal(call.principal().tenant(), job, wait))
        .thenApply(Replies::ok);
  }

  private CompletionStage<HttpResponse> cancel(Call call) {
    return ids.job(call.principal(), call.part("id"))
        .thenCompose(api::cancel)
        .thenApply(Replies::ok);
  }

  private CompletionStage<HttpResponse> output(Call call) {
    int task = call.number("task", 0, JobSpec.TASKS_MAX - 1, 0);
    return ids.job(call.principal(), call.part("id"))
        .thenCompose(job -> api.output(job, task))
        .thenCompose(output -> blobs.answer(call, output));
  }

  private CompletionStage<HttpResponse> spec(Call call) {
    return ids.job(call.principal(), call.part("id")).thenCompose(api::spec).thenApply(Replies::ok);
  }

  private CompletionStage<HttpResponse> explain(Call call) {
    return ids.job(call.principal(), call.part("id"))
        .thenCompose(api::explain)
        .thenApply(Replies::ok);
  }
}
