package xyz.openledger.protocol.session;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

/** Carries a {@link ProblemException} over a gRPC call: its parts stand in the trailers. */
public final class GrpcProblem {
  private static final Metadata.Key<String> CODE = key("openledger-problem");
  private static final Metadata.Key<String> FIELD = key("openledger-field");
  private static final Metadata.Key<String> DETAIL = key("openledger-detail");

  private GrpcProblem() {}

  /** The status that a call fails with. */
  public static StatusRuntimeException encode(ProblemException refused) {
    var trailers = new Metadata();
    trailers.put(CODE, refused.problem().code());
    trailers.put(FIELD, ascii(refused.field()));
    trailers.put(DETAIL, ascii(refused.detail()));
    return status(refused.problem())
        .withDescription(refused.getMessage())
        .asRuntimeException(trailers);
  }

  /** Why a call failed: the peer's problem if it named one, else {@code unavailable}. */
  public static ProblemException decode(Throwable failed) {
    Metadata trailers = Status.trailersFromThrowable(failed);
    String code = trailers == null ? null : trailers.get(CODE);
    if (trailers == null || code == null) {
      return new ProblemException(Problem.UNAVAILABLE, "", reason(failed));
    }
    String field = trailers.get(FIELD);
    String detail = trailers.get(DETAIL);
    return new ProblemException(
        Problem.parse(code), field == null ? "" : field, detail == null ? "" : detail);
  }

  private static String reason(Throwable failed) {
    Status status = Status.fromThrowable(failed);
    Throwable cause = status.getCause() == null ? failed : status.getCause();
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String description = status.getDescription();
    String message =
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return description == null || description.contains(message)
        ? message
        : description + ": " + message;
  }

  private static Status status(Problem problem) {
    return switch (problem.httpStatus()) {
      case 401 -> Status.UNAUTHENTICATED;
      case 403 -> Status.PERMISSION_DENIED;
      case 404 -> Status.NOT_FOUND;
      case 409 -> Status.FAILED_PRECONDITION;
      case 429 -> Status.RESOURCE_EXHAUSTED;
      case 500 -> Status.INTERNAL;
      case 503 -> Status.UNAVAILABLE;
      default -> Status.INVALID_ARGUMENT;
    };
  }

  /** Trailers carry visible ASCII only. */
  private static String ascii(String text) {
    return text.replaceAll("[^\\x20-\\x7e]", "?");
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}
