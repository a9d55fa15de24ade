package xyz.openledger.cluster.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import xyz.openledger.cluster.http.api.MemberApi;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.JobDetail;

/** Long polls: answer when a job is final, or when the caller has waited long enough. */
final class JobWait {
  /** The longest wait. */
  static final Duration LONGEST = Duration.ofSeconds(60);

  /** Looks again after this time even if no event came: one may have overtaken its view. */
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,4})(ms|s)");

  private final MemberApi api;
  private final EventFeed feed;
  private final Room waiters;

  JobWait(MemberApi api, EventFeed feed, Room waiters) {
    this.api = api;
    this.feed = feed;
    this.waiters = waiters;
  }

  /** Reads {@code 30s} or {@code 500ms}; zero for the empty text. */
  static Duration duration(String text) {
    if (text.isEmpty()) {
      return Duration.ZERO;
    }
    var form = DURATION.matcher(text);
    if (!form.matches()) {
      throw Check.refusal("wait", "expected a time such as 30s or 500ms");
    }
    long number = Long.parseLong(form.group(1));
    long millis = form.group(2).equals("s") ? number * 1_000 : number;
    return Duration.ofMillis(Check.range("wait in milliseconds", millis, 1, LONGEST.toMillis()));
  }

  /**
   * The job when it is final, or as it is after {@code wait}.
   *
   * @param tenant whose place the caller waits in; absent for who has none
   */
  CompletionStage<JobDetail> whenFinal(@Nullable TenantId tenant, JobId job, Duration wait) {
    return when(tenant, job, wait, detail -> detail.job().state().isFinal());
  }

  /** The job when its result may be had, or as it is after {@code wait}. */
  CompletionStage<JobDetail> whenAnswered(@Nullable TenantId tenant, JobId job, Duration wait) {
    return when(tenant, job, wait, JobDetail::hasAnswer);
  }

  private CompletionStage<JobDetail> when(
      @Nullable TenantId tenant, JobId job, Duration wait, Predicate<JobDetail> enough) {
    String payer = tenant == null ? null : tenant.value();
    if (!waiters.enter(payer)) {
      throw new ProblemException(
          Problem.TOO_MANY_REQUESTS,
          "wait",
          "as many requests as are allowed, of all or of this tenant, are waiting");
    }
    return look(job, System.nanoTime() + wait.toNanos(), enough)
        .whenComplete((_, _) -> waiters.leave(payer));
  }

  private CompletionStage<JobDetail> look(
      JobId job, long deadlineNanos, Predicate<JobDetail> enough) {
    // Listens before it looks, so that no change falls between.
    var change = feed.next(job.value());
    return api.job(job)
        .thenCompose(
            detail -> {
              long leftNanos = deadlineNanos - System.nanoTime();
              if (enough.test(detail) || leftNanos <= 0) {
                return CompletableFuture.completedFuture(detail);
              }
              return change
                  .completeOnTimeout(
                      null, Math.min(leftNanos, AGAIN.toNanos()), TimeUnit.NANOSECONDS)
                  .thenCompose(_ -> look(job, deadlineNanos, enough));
            })
        .whenComplete((_, _) -> feed.forget(job.value(), change));
  }
}
