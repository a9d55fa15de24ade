package xyz.openledger.cluster.http;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import xyz.openledger.actors.keys.KeyMessage.Outcome;
import xyz.openledger.actors.keys.KeyMessage.Pending;
import xyz.openledger.actors.keys.Reservation;
import xyz.openledger.cluster.http.api.KeysApi;
import xyz.openledger.cluster.http.api.MemberApi;
import xyz.openledger.cluster.http.api.Requester;
import xyz.openledger.cluster.http.api.SubmitAnswer;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.api.Submission;

/**
 * Lets jobs of an API key with a spend cap start. The most that a job may cost is counted, durably
 * and for the whole network, before it is submitted; what it came to replaces that once it is over.
 * So a crash in between counts too much for a while, and never too little.
 */
final class SpendingCaps {
  private final Tokens tokens;
  private final KeysApi keys;
  private final MemberApi api;
  private final Executor disk;

  SpendingCaps(Tokens tokens, MemberApi api, Executor disk) {
    this.tokens = tokens;
    this.keys = tokens.keys();
    this.api = api;
    this.disk = disk;
  }

  private enum Admission {
    /** It is counted. */
    COUNTED,
    /** Whatever the member says to it, it begins nothing. */
    REPEATED,
    REFUSED
  }

  /** Submits what the key's cap allows; what it does not allow is refused, in its place. */
  CompletionStage<List<SubmitAnswer>> submit(Requester requester, List<Submission> submissions) {
    return submit(requester, submissions, () -> CompletableFuture.completedStage(null));
  }

  /**
   * Submits what the key's cap allows.
   *
   * @param ready done when the key has been looked at, and before anything is submitted; not at all
   *     where the cap allows nothing. Where it fails, nothing is submitted
   */
  CompletionStage<List<SubmitAnswer>> submit(
      Requester requester,
      List<Submission> submissions,
      Supplier<? extends CompletionStage<?>> ready) {
    Optional<Principal> key = tokens.named(requester.apiKey());
    if (key.isEmpty()) {
      // Revoked since it was let in: what it might have spent is no longer known.
      return CompletableFuture.failedStage(
          new ProblemException(
              Problem.UNAUTHENTICATED, "Authorization", "the token is no longer valid"));
    }
    Long cap = key.get().limits().spendCapNanoOpen();
    return cap == null
        ? ready.get().thenCompose(_ -> api.submit(requester, submissions))
        : admit(requester, submissions)
            .thenCompose(admitted -> submit(requester, submissions, admitted, cap, ready));
  }

  private CompletionStage<List<Admission>> admit(Requester requester, List<Submission> all) {
    List<Reservation> jobs =
        all.stream()
            .map(
                one ->
                    new Reservation(
                        JobId.of(requester.tenant(), one.idempotencyKey()),
                        one.spec().policy().limits().priceMaxNanoOpen()))
            .toList();
    // One that there is already counts: its hold would be a second one, and its cost too.
    return taken(jobs)
        .thenCompose(
            taken -> {
              List<Integer> fresh =
                  IntStream.range(0, jobs.size()).filter(i -> !taken.get(i)).boxed().toList();
              return reserve(requester.apiKey(), fresh.stream().map(jobs::get).toList())
                  .thenApply(admitted -> placed(jobs.size(), fresh, admitted));
            });
  }

  private CompletionStage<List<Boolean>> taken(List<Reservation> jobs) {
    CompletionStage<List<Boolean>> all =
        CompletableFuture.completedStage(new ArrayList<>(jobs.size()));
    for (Reservation job : jobs) {
      all =
          all.thenCombine(
              isTaken(job.job()),
              (before, next) -> {
                before.add(next);
                return before;
              });
    }
    return all;
  }

  private static List<Admission> placed(int count, List<Integer> fresh, List<Admission> admitted) {
    var all = new ArrayList<>(Collections.nCopies(count, Admission.REPEATED));
    for (int i = 0; i < fresh.size(); i++) {
      all.set(fresh.get(i), admitted.get(i));
    }
    return all;
  }

  private CompletionStage<List<Admission>> reserve(String name, List<Reservation> jobs) {
    if (jobs.isEmpty()) {
      return CompletableFuture.completedStage(List.of());
    }
    return keys.reserve(name, jobs)
        .thenCompose(
            first ->
                first.contains(false)
                    ? sweep(name).thenCompose(_ -> again(name, jobs, first))
                    : CompletableFuture.completedStage(first))
        .thenApply(
            admitted ->
                admitted.stream()
                    .map(fits -> fits ? Admission.COUNTED : Admission.REFUSED)
                    .toList());
  }

  /** Those that had no room may have some, now that it is known which jobs are over. */
  private CompletionStage<List<Boolean>> again(
      String name, List<Reservation> jobs, List<Boolean> first) {
    List<Integer> places =
        IntStream.range(0, jobs.size()).filter(i -> !first.get(i)).boxed().toList();
    return keys.reserve(name, places.stream().map(jobs::get).toList())
        .thenApply(
            second -> {
              var admitted = new ArrayList<>(first);
              for (int i = 0; i < places.size(); i++) {
                admitted.set(places.get(i), second.get(i));
              }
              return admitted;
            });
  }

  private CompletionStage<List<SubmitAnswer>> submit(
      Requester requester,
      List<Submission> all,
      List<Admission> admissions,
      long cap,
      Supplier<? extends CompletionStage<?>> ready) {
    List<Submission> some =
        IntStream.range(0, all.size())
            .filter(i -> admissions.get(i) != Admission.REFUSED)
            .mapToObj(all::get)
            .toList();
    CompletionStage<List<SubmitAnswer>> answers =
        some.isEmpty()
            ? CompletableFuture.completedStage(List.of())
            : ready(ready, requester, all, admissions)
                .thenCompose(_ -> api.submit(requester, some));
    // Where nobody answered, they may still be taken, and count on.
    return answers.thenApply(taken -> merged(requester, all, admissions, taken, cap));
  }

  /** Where it fails, nothing was submitted, so that nothing counts. */
  private CompletionStage<?> ready(
      Supplier<? extends CompletionStage<?>> ready,
      Requester requester,
      List<Submission> all,
      List<Admission> admissions) {
    return ready
        .get()
        .whenComplete(
            (_, failed) -> {
              List<JobId> counted =
                  IntStream.range(0, all.size())
                      .filter(i -> failed != null && admissions.get(i) == Admission.COUNTED)
                      .mapToObj(i -> JobId.of(requester.tenant(), all.get(i).idempotencyKey()))
                      .toList();
              if (!counted.isEmpty()) {
                keys.beganNothing(requester.apiKey(), counted);
              }
            });
  }

  private List<SubmitAnswer> merged(
      Requester requester,
      List<Submission> all,
      List<Admission> admissions,
      List<SubmitAnswer> taken,
      long cap) {
    var answers = new ArrayList<SubmitAnswer>();
    var nothing = new ArrayList<JobId>();
    var next = taken.iterator();
    for (int i = 0; i < all.size(); i++) {
      if (admissions.get(i) == Admission.REFUSED) {
        answers.add(refused(requester, cap));
        continue;
      }
      SubmitAnswer answer = next.next();
      answers.add(answer);
      if (admissions.get(i) == Admission.COUNTED && !begins(answer)) {
        nothing.add(JobId.of(requester.tenant(), all.get(i).idempotencyKey()));
      }
    }
    if (!nothing.isEmpty()) {
      keys.beganNothing(requester.apiKey(), nothing);
    }
    return answers;
  }

  private static boolean begins(SubmitAnswer answer) {
    return answer instanceof SubmitAnswer.Taken taken && !taken.repeated();
  }

  private static SubmitAnswer refused(Requester requester, long cap) {
    return new SubmitAnswer.Refused(
        Problem.INSUFFICIENT_BALANCE,
        "policy.limits.priceMaxNanoOpen",
        "the API key %s may spend %d nano-OPEN in all, and what it spent, what runs and"
                .formatted(requester.apiKey(), cap)
            + " this job at its price limit are more");
  }

  /** Finds out which jobs of a key are over, as far as this member knows. */
  CompletionStage<Void> sweep(String name) {
    return keys.pending(name)
        .thenApplyAsync(this::over, disk)
        .thenCompose(
            over -> over.isEmpty() ? CompletableFuture.completedStage(null) : keys.ended(over));
  }

  private List<Outcome> over(List<Pending> jobs) {
    return jobs.stream()
        .flatMap(
            job ->
                api.charged(job.job()).stream()
                    .map(cost -> new Outcome(job.name(), job.job(), cost)))
        .toList();
  }

  /** Whether a submission is a repeat, which starts nothing. */
  private CompletionStage<Boolean> isTaken(JobId job) {
    return CompletableFuture.completedStage(job)
        .thenCompose(api::job)
        .handle((_, failed) -> failed == null);
  }
}
