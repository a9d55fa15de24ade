package xyz.openledger.cluster.http;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.http.scaladsl.model.EntityStreamException;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xyz.openledger.cluster.http.api.ProblemDocument;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

/** What a caller is told when something is refused or fails. */
final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

  private Refusals() {}

  /**
   * Tells a failure. What is not a refusal is logged under a number that the caller is told, and
   * nothing else of it gets out.
   */
  static ProblemDocument of(Throwable failure) {
    return switch (failure) {
      case CompletionException wrapped when wrapped.getCause() != null -> of(wrapped.getCause());
      case ExecutionException wrapped when wrapped.getCause() != null -> of(wrapped.getCause());
      case ProblemException refused ->
          document(refused.problem(), refused.field(), refused.detail(), null);
      case AmbiguousIdException ambiguous ->
          document(
              Problem.AMBIGUOUS_ID, ambiguous.field(), ambiguous.detail(), ambiguous.candidates());
      case EntityStreamSizeException over ->
          document(Problem.TOO_LARGE, "", "the body may have " + over.limit() + " bytes", null);
      case EntityStreamException broken ->
          document(Problem.INVALID_REQUEST, "", "the body broke off", null);
      case TimeoutException late ->
          document(Problem.UNAVAILABLE, "", "no answer within the request timeout", null);
      default -> unexpected(failure);
    };
  }

  /** A refusal as a document. */
  static ProblemDocument document(
      Problem problem, String field, String detail, @Nullable List<String> candidates) {
    return new ProblemDocument(
        ProblemDocument.TYPE_PREFIX + problem.code(),
        problem.title(),
        problem.httpStatus(),
        detail,
        field.isEmpty() ? null : field,
        next(problem),
        candidates);
  }

  private static ProblemDocument unexpected(Throwable failure) {
    String number = UUID.randomUUID().toString();
    String what = failure instanceof UncheckedIOException ? "the disk failed" : "unexpected";
    LOG.error("{} ({})", what, number, failure);
    return document(Problem.INTERNAL, "", "the log has the cause under " + number, null);
  }

  /** What the caller can do about it. */
  private static @Nullable String next(Problem problem) {
    return switch (problem) {
      case INVALID_REQUEST -> "Correct the request; every field is described at /openapi.yaml";
      case UNAUTHENTICATED -> "Send Authorization: Bearer TOKEN; openledger dev prints a token";
      case FORBIDDEN -> "Use a token with the scope that the detail names";
      case INSUFFICIENT_BALANCE -> "openledger account deposit";
      case NOT_FOUND -> "List what there is: openledger job list, node list, pool list";
      case METHOD_NOT_ALLOWED -> "Use a method of the Allow header";
      case AMBIGUOUS_ID -> "Give more letters of one of the candidates";
      case IDEMPOTENCY_CONFLICT -> "Send what is new under a new Idempotency-Key";
      case TOO_LARGE -> "Send less at once; store large data with openledger blob put";
      case DIGEST_MISMATCH -> "Send the bytes again, or ask for the digest with POST /api/v1/blobs";
      case INVALID_MODULE -> "openledger task check MODULE";
      case UNKNOWN_BLOB -> "openledger blob put FILE";
      case UNSATISFIABLE_POLICY -> "Relax the clause that the detail names; openledger pool list";
      case TOO_MANY_REQUESTS, UNAVAILABLE, CHAIN_UNAVAILABLE ->
          "Repeat the request after the seconds of Retry-After";
      default -> null;
    };
  }
}
