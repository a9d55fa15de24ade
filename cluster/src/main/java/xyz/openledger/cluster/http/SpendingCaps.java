package xyz.openledger.cluster.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import xyz.openledger.cluster.http.api.MemberApi;
import xyz.openledger.cluster.http.api.Requester;
import xyz.openledger.cluster.http.api.SubmitAnswer;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.api.JobSummary;
import xyz.openledger.protocol.api.Submission;
import xyz.openledger.protocol.json.DecimalText;
import xyz.openledger.protocol.json.Json;

/**
 * Lets jobs of an API key with a spend cap start. The most that a job may cost is noted, durably,
 * before it is submitted; what it came to replaces that once it is over, which is looked up when
 * the cap would refuse. So a crash in between counts too much for a while, and never too little.
 */
final class SpendingCaps {
  /** The most jobs of a key that are not known to be over. */
  static final int RUNNING_MAX = 1_000;

  private final Tokens tokens;
  private final MemberApi api;
  private final Executor disk;

  /** Jobs that are being submitted: the member need not know them yet. */
  private final Map<Submitted, Flight> underWay = new HashMap<>();

  SpendingCaps(Tokens tokens, MemberApi api, Executor disk) {
    this.tokens = tokens;
    this.api = api;
    this.disk = disk;
  }

  /** A job under an API key. */
  private record Submitted(String apiKey, JobId job) {}

  /** The submissions of one job under one key that are not answered yet. */
  private static final class Flight {
    int open;

    /** Whether the job was noted for one of these, and not for one before. */
    boolean noted;

    /** Whether one of these began the job. */
    boolean begun;

    /** Whether nobody answered one of these, so that it may still be taken. */
    boolean lost;
  }

  /** A job that is not known to be over, and the most that it may cost. */
  record Running(JobId job, @DecimalText long mostNanoOpen) {}

  /** What a key has spent, as its file has it. */
  record Spent(int version, @DecimalText long spentNanoOpen, List<Running> running) {
    static final Spent NOTHING = new Spent(1, 0, List.of());

    long runningNanoOpen() {
      return running.stream().map(Running::mostNanoOpen).reduce(0L, Math::addExact);
    }

    private boolean knows(JobId job) {
      return running.stream().anyMatch(one -> one.job().equals(job));
    }

    private long mostOf(JobId job) {
      return running.stream()
          .filter(one -> one.job().equals(job))
          .mapToLong(Running::mostNanoOpen)
          .sum();
    }

    private Spent with(JobId job, long most) {
      var more = new ArrayList<>(running);
      more.add(new Running(job, most));
      return new Spent(1, spentNanoOpen, more);
    }

    private Spent without(JobId job, long cost) {
      List<Running> left = running.stream().filter(one -> !one.job().equals(job)).toList();
      return new Spent(1, Math.addExact(spentNanoOpen, cost), left);
    }

    private boolean holds(long most, long cap) {
      return running.size() < RUNNING_MAX && most <= cap - spentNanoOpen - runningNanoOpen();
    }
  }

  private enum Admission {
    /** It is counted. */
    NOTED,
    /** Whatever the member says to it, it begins nothing. */
    REPEATED,
    REFUSED
  }

  /** Submits what the key's cap allows; what it does not allow is refused, in its place. */
  CompletionStage<List<SubmitAnswer>> submit(Requester requester, List<Submission> submissions) {
    Optional<Principal> key = tokens.named(requester.apiKey());
    if (key.isEmpty()) {
      // Revoked since it was let in: what it might have spent is no longer known.
      return CompletableFuture.failedStage(
          new ProblemException(
              Problem.UNAUTHENTICATED, "Authorization", "the token is no longer valid"));
    }
    Long cap = key.get().limits().spendCapNanoOpen();
    return cap == null
        ? api.submit(requester, submissions)
        : CompletableFuture.supplyAsync(() -> admit(requester, submissions, cap), disk)
            .thenCompose(admitted -> submit(requester, submissions, admitted, cap));
  }

  private List<Admission> admit(Requester requester, List<Submission> submissions, long cap) {
    var admissions = new ArrayList<Admission>();
    boolean swept = false;
    for (Submission submission : submissions) {
      JobId job = JobId.of(requester.tenant(), submission.idempotencyKey());
      long most = submission.spec().policy().limits().priceMaxNanoOpen();
      Admission admission = note(requester.apiKey(), job, most, cap);
      if (admission == Admission.REFUSED && !swept) {
        swept = true;
        sweep(requester.apiKey());
        admission = note(requester.apiKey(), job, most, cap);
      }
      if (admission == Admission.REFUSED && isTaken(job)) {
        admission = Admission.REPEATED;
      }
      admissions.add(admission);
    }
    return admissions;
  }

  private CompletionStage<List<SubmitAnswer>> submit(
      Requester requester, List<Submission> all, List<Admission> admissions, long cap) {
    var admitted = new ArrayList<Submission>();
    for (int i = 0; i < all.size(); i++) {
      if (admissions.get(i) != Admission.REFUSED) {
        admitted.add(all.get(i));
      }
    }
    CompletionStage<List<SubmitAnswer>> answers =
        CompletableFuture.completedStage(admitted)
            .thenCompose(
                some ->
                    some.isEmpty()
                        ? CompletableFuture.completedStage(List.of())
                        : api.submit(requester, some));
    return answers
        .handleAsync(
            (taken, failed) ->
                merged(requester, all, admissions, failed == null ? taken : null, cap),
            disk)
        .thenCombine(answers, (merged, _) -> merged);
  }

  private List<SubmitAnswer> merged(
      Requester requester,
      List<Submission> all,
      List<Admission> admissions,
      @Nullable List<SubmitAnswer> taken,
      long cap) {
    var answers = new ArrayList<SubmitAnswer>();
    var next = taken == null ? null : taken.iterator();
    for (int i = 0; i < all.size(); i++) {
      if (admissions.get(i) == Admission.REFUSED) {
        answers.add(
            new SubmitAnswer.Refused(
                Problem.INSUFFICIENT_BALANCE,
                "policy.limits.priceMaxNanoOpen",
                "the API key %s may spend %d nano-OPEN in all, and what it spent, what runs and"
                        .formatted(requester.apiKey(), cap)
                    + " this job at its price limit are more"));
        continue;
      }
      SubmitAnswer answer = next == null ? null : next.next();
      if (answer != null) {
        answers.add(answer);
      }
      if (admissions.get(i) == Admission.NOTED) {
        JobId job = JobId.of(requester.tenant(), all.get(i).idempotencyKey());
        answered(new Submitted(requester.apiKey(), job), answer);
      }
    }
    return answers;
  }

  /** What a key has spent so far. */
  synchronized Spent spent(String apiKey) {
    Path file = file(apiKey);
    try {
      return Files.exists(file) ? Json.read(Files.readAllBytes(file), Spent.class) : Spent.NOTHING;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The key is gone; one of the same name begins anew. */
  synchronized void forget(String apiKey) {
    try {
      Files.deleteIfExists(file(apiKey));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /**
   * Counts the most that a submission may cost. One that is more than was noted for the same job
   * counts too, since which of them is taken the member alone knows.
   */
  private synchronized Admission note(String apiKey, JobId job, long most, long cap) {
    Spent now = spent(apiKey);
    boolean known = now.knows(job);
    if (!known || most > now.mostOf(job)) {
      Spent others = now.without(job, 0);
      if (!others.holds(most, cap)) {
        return Admission.REFUSED;
      }
      store(apiKey, others.with(job, most));
    }
    Flight flight = underWay.computeIfAbsent(new Submitted(apiKey, job), _ -> new Flight());
    flight.open++;
    flight.noted |= !known;
    return Admission.NOTED;
  }

  /**
   * Takes note of what became of a submission; with the last one of a job that none of them began,
   * it counts no more. Where nobody answered it may still be taken, and counts until the member
   * knows it, or the next start.
   */
  private synchronized void answered(Submitted which, @Nullable SubmitAnswer answer) {
    Flight flight = Objects.requireNonNull(underWay.get(which));
    flight.open--;
    flight.lost |= answer == null;
    boolean known = answer instanceof SubmitAnswer.Taken;
    flight.begun |= answer instanceof SubmitAnswer.Taken taken && !taken.repeated();
    if (flight.open > 0 || (flight.lost && !known)) {
      return;
    }
    underWay.remove(which);
    if (flight.noted && !flight.begun && !flight.lost) {
      forget(which.apiKey(), which.job(), 0);
    }
  }

  private synchronized void forget(String apiKey, JobId job, long cost) {
    Spent now = spent(apiKey);
    if (now.knows(job) && !isUnderWay(apiKey, job)) {
      store(apiKey, now.without(job, cost));
    }
  }

  /** Finds out what became of jobs. Waits for the member. */
  void sweep(String apiKey) {
    for (Running one : spent(apiKey).running()) {
      JobId job = one.job();
      if (!isUnderWay(apiKey, job)) {
        cost(job).ifPresent(cost -> forget(apiKey, job, cost));
      }
    }
  }

  private synchronized boolean isUnderWay(String apiKey, JobId job) {
    return underWay.containsKey(new Submitted(apiKey, job));
  }

  /** Whether a submission is a repeat, which starts nothing. */
  private boolean isTaken(JobId job) {
    try {
      api.job(job).toCompletableFuture().join();
      return true;
    } catch (CompletionException | ProblemException unknown) {
      return false;
    }
  }

  /** What a job came to; absent while it goes on. */
  private Optional<Long> cost(JobId job) {
    try {
      JobSummary summary = api.job(job).toCompletableFuture().join().job();
      return summary.state().isFinal() ? Optional.of(summary.chargedNanoOpen()) : Optional.empty();
    } catch (CompletionException failed) {
      return isUnknown(failed.getCause()) ? Optional.of(0L) : Optional.empty();
    } catch (ProblemException refused) {
      return isUnknown(refused) ? Optional.of(0L) : Optional.empty();
    }
  }

  private static boolean isUnknown(@Nullable Throwable failure) {
    return failure instanceof ProblemException refused && refused.problem() == Problem.NOT_FOUND;
  }

  private void store(String apiKey, Spent now) {
    try {
      PrivateFiles.write(file(apiKey), Json.pretty(now).getBytes(StandardCharsets.UTF_8));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private Path file(String apiKey) {
    String name = Digest.of(apiKey.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 32);
    return tokens.folder().resolve("spending").resolve(name + ".json");
  }
}
