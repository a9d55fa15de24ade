package xyz.openledger.protocol.client;

import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.api.DryRun;
import xyz.openledger.protocol.api.Explanation;
import xyz.openledger.protocol.api.JobDetail;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.api.JobSummary;
import xyz.openledger.protocol.api.Submission;
import xyz.openledger.protocol.api.Submitted;
import xyz.openledger.protocol.api.SubmittedBatch;

/** Jobs: submitted, followed, read. */
public final class JobClient {
  private static final int OUTPUT_BYTES_MAX = 16 << 20;

  /** How long the member holds one question about progress. */
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final Exchange exchange;

  JobClient(Exchange exchange) {
    this.exchange = exchange;
  }

  /** Submits a job whose blobs are stored, under a key drawn for it. */
  public Submitted submit(JobSpec spec) {
    return submit(spec, Call.newKey());
  }

  /** Submits a job; a repeat under the same key answers the same job. */
  public Submitted submit(JobSpec spec, String idempotencyKey) {
    Submission.checkKey("idempotencyKey", idempotencyKey);
    return Call.post(exchange, "/jobs", spec, idempotencyKey, Submitted.class);
  }

  /** What would become of a job if it were submitted now; its blobs need not be stored. */
  public DryRun dryRun(JobSpec spec) {
    return Call.post(exchange, "/jobs:dry-run", spec, Call.newKey(), DryRun.class);
  }

  /** Submits 1 to {@link Submission#BATCH_MAX} jobs; each has an answer of its own. */
  public SubmittedBatch submit(List<Submission> batch) {
    Check.size("batch", batch, 1, Submission.BATCH_MAX);
    return Call.post(exchange, "/jobs:batch", batch, Call.newKey(), SubmittedBatch.class);
  }

  /**
   * The jobs of the token's tenant, newest first.
   *
   * @param state only those in it; absent for any
   * @param labels only those that have all of them
   */
  public Pages<JobSummary> list(@Nullable JobState state, Map<String, String> labels) {
    var query = new StringJoiner("&", "?", "").setEmptyValue("");
    if (state != null) {
      query.add("state=" + state.word());
    }
    labels.forEach((key, value) -> query.add("label=" + Call.quote(key + "=" + value)));
    return Call.pages(exchange, "/jobs", query.toString(), JobSummary.class);
  }

  /** A job as it is now. */
  public JobDetail show(String id) {
    return Call.get(exchange, path(id), JobDetail.class);
  }

  /** A job when it is final, or as it is after {@code wait}: 1 ms to 60 s. */
  public JobDetail show(String id, Duration wait) {
    Check.range("wait", wait.toMillis(), 1, 60_000);
    // Four digits of milliseconds are exact; longer waits are said in seconds.
    String text = wait.toMillis() < 10_000 ? wait.toMillis() + "ms" : wait.toSeconds() + "s";
    return Call.get(exchange, path(id) + "?wait=" + text, wait, JobDetail.class);
  }

  /**
   * Waits until a job is final.
   *
   * @param atMost how long; the last answer is returned even if it is not final by then
   * @param progress hears every answer, also the last
   */
  public JobDetail await(String id, Duration atMost, Consumer<JobDetail> progress) {
    long start = System.nanoTime();
    JobDetail now = show(id);
    progress.accept(now);
    while (!now.job().state().isFinal()) {
      Duration left = atMost.minusNanos(System.nanoTime() - start);
      if (left.toMillis() < 1) {
        return now;
      }
      now = show(now.job().id().value(), left.compareTo(LOOK) < 0 ? left : LOOK);
      progress.accept(now);
    }
    return now;
  }

  /** Stops a job; a repeat changes nothing. */
  public JobDetail cancel(String id) {
    return Call.post(exchange, path(id) + ":cancel", JobDetail.class);
  }

  /**
   * The accepted output of one task.
   *
   * @param task its number
   * @throws xyz.openledger.protocol.ProblemException {@code digest-mismatch} if the bytes are not
   *     those that the member names
   */
  public byte[] output(String id, int task) {
    Check.range("task", task, 0, JobSpec.TASKS_MAX - 1);
    var request = exchange.request(Call.BASE + path(id) + "/output?task=" + task).build();
    var reply =
        exchange.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), OUTPUT_BYTES_MAX));
    reply
        .headers()
        .firstValue("ETag")
        .map(tag -> tag.replace("\"", ""))
        .ifPresent(tag -> BlobClient.check(Digest.parse(tag), Digest.of(reply.body())));
    return reply.body();
  }

  /** What was submitted, policy included; its digest is in the receipt. */
  public JobSpec spec(String id) {
    return Call.get(exchange, path(id) + "/spec", JobSpec.class);
  }

  /** Why it went where it went, or why it waits. */
  public Explanation explain(String id) {
    return Call.get(exchange, path(id) + "/explain", Explanation.class);
  }

  private static String path(String id) {
    return "/jobs/" + Call.quote(Check.text("id", id, 30));
  }
}
