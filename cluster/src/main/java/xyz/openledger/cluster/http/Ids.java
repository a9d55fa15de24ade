package xyz.openledger.cluster.http;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.regex.Pattern;
import xyz.openledger.cluster.http.api.MemberApi;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

/** Understands ids and their unique prefixes, and keeps each tenant to its own jobs. */
final class Ids {
  private static final int LETTERS = 26;
  private static final int CANDIDATES_MAX = 5;
  private static final Pattern PREFIX = Pattern.compile("(?:job|node|pool)-[a-z2-7]{6,25}");

  private final MemberApi api;

  Ids(MemberApi api) {
    this.api = api;
  }

  /** The job that {@code text} names, if the caller may see it; else {@code not-found}. */
  CompletionStage<JobId> job(Principal caller, String text) {
    var found =
        resolve(
            "id",
            "job",
            text,
            JobId::parse,
            prefix -> api.jobsStartingWith(caller.view(), prefix, CANDIDATES_MAX + 1));
    return found.thenCompose(job -> own(caller, job, text));
  }

  /** A job of someone else looks as if it did not exist, so that ids of others cannot be probed. */
  private CompletionStage<JobId> own(Principal caller, JobId job, String text) {
    return api.tenant(job)
        .handle(
            (tenant, failure) -> {
              if (failure != null ? isAbsence(failure) : !caller.reaches(tenant)) {
                throw absent("id", text);
              }
              if (failure != null) {
                throw new CompletionException(failure);
              }
              return job;
            });
  }

  private static boolean isAbsence(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof ProblemException refused && refused.problem() == Problem.NOT_FOUND;
  }

  /** The node that {@code text} names. */
  CompletionStage<NodeId> node(String field, String text) {
    return resolve(
        field,
        "node",
        text,
        NodeId::parse,
        prefix -> api.nodesStartingWith(prefix, CANDIDATES_MAX + 1));
  }

  /** The pool that {@code text} names. */
  CompletionStage<PoolId> pool(String field, String text) {
    return resolve(
        field,
        "pool",
        text,
        PoolId::parse,
        prefix -> api.poolsStartingWith(prefix, CANDIDATES_MAX + 1));
  }

  private static <T> CompletionStage<T> resolve(
      String field,
      String kind,
      String text,
      Function<String, T> parse,
      Function<String, CompletionStage<List<T>>> startingWith) {
    if (!text.startsWith(kind + "-") || !PREFIX.matcher(text).matches()) {
      return CompletableFuture.completedFuture(whole(field, kind, text, parse));
    }
    return startingWith
        .apply(text)
        .thenApply(
            found ->
                switch (found.size()) {
                  case 0 -> throw absent(field, text);
                  case 1 -> found.getFirst();
                  default ->
                      throw new AmbiguousIdException(
                          field,
                          text,
                          found.stream().limit(CANDIDATES_MAX).map(Object::toString).toList());
                });
  }

  private static <T> T whole(String field, String kind, String text, Function<String, T> parse) {
    try {
      return parse.apply(text);
    } catch (ProblemException _) {
      throw Check.refusal(
          field,
          "expected %s- and %d letters of a-z2-7, or the first 6 of them or more, got %s"
              .formatted(kind, LETTERS, text.substring(0, Math.min(80, text.length()))));
    }
  }

  private static ProblemException absent(String field, String text) {
    return new ProblemException(Problem.NOT_FOUND, field, "there is no " + text);
  }
}
