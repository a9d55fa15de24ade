package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.client.MalformedAnswer;
import xyz.openledger.protocol.client.MemberRefusal;
import xyz.openledger.protocol.client.MemberUnreachable;

/**
 * What to tell about something that did not work.
 *
 * @param exitCode one of {@link ExitCode}
 * @param sentence what is wrong
 * @param field what it is about; empty if nothing in particular
 * @param next a command that helps; empty if none is known
 */
public record Failure(int exitCode, String sentence, String field, String next) {
  private static final String DOCTOR = "openledger doctor";

  /** What to tell about {@code thrown}. */
  public static Failure of(Throwable thrown) {
    return switch (thrown) {
      case CommandFailure ours -> ours.failure();
      case MemberRefusal refusal -> of(refusal);
      case ProblemException problem ->
          new Failure(
              exitCode(problem.problem().code()),
              sentence(problem.problem().code(), problem.problem().title(), problem.detail()),
              problem.field(),
              next(problem.problem().code()));
      case MemberUnreachable unreachable ->
          new Failure(
              ExitCode.UNREACHABLE,
              String.valueOf(unreachable.getMessage()),
              "",
              "openledger dev   (starts a network on this machine; openledger doctor looks"
                  + " closer)");
      case MalformedAnswer malformed ->
          new Failure(
              ExitCode.FAILED,
              "what answers there is no member of this release: " + malformed.getMessage(),
              "",
              DOCTOR);
      case UncheckedIOException wrapped when wrapped.getCause() != null -> of(wrapped.getCause());
      case NoSuchFileException absent ->
          new Failure(ExitCode.FAILED, "there is no file " + absent.getFile(), "", "");
      case AccessDeniedException denied ->
          new Failure(ExitCode.FAILED, "no permission for " + denied.getFile(), "", "");
      case IOException broken -> new Failure(ExitCode.FAILED, describe(broken), "", DOCTOR);
      default ->
          new Failure(
              ExitCode.FAILED,
              "this should not happen: " + describe(thrown),
              "",
              "OPENLEDGER_DEBUG=1 openledger …   (shows where; please report it)");
    };
  }

  /** The same with another command that helps. */
  Failure withNext(String command) {
    return new Failure(exitCode, sentence, field, command);
  }

  private static Failure of(MemberRefusal refusal) {
    String next = refusal.candidates().isEmpty() ? advice(refusal) : fits(refusal);
    return new Failure(
        exitCode(refusal.code()),
        sentence(refusal.code(), refusal.problem().title(), refusal.detail()),
        refusal.field(),
        next.isEmpty() ? next(refusal.code()) : next);
  }

  /** A member's advice, unless it is for those who write requests themselves. */
  private static String advice(MemberRefusal refusal) {
    return refusal.code().equals(Problem.INVALID_REQUEST.code()) ? "" : refusal.next();
  }

  private static String fits(MemberRefusal refusal) {
    return "one of " + String.join(", ", refusal.candidates());
  }

  /** What was malformed or not found says best by its detail what is wrong. */
  private static String sentence(String code, String title, String detail) {
    if (detail.isEmpty()) {
      return title;
    }
    boolean plain =
        code.equals(Problem.INVALID_REQUEST.code()) || code.equals(Problem.NOT_FOUND.code());
    return plain ? detail : title + ": " + detail;
  }

  private static String describe(Throwable thrown) {
    String message = thrown.getMessage();
    return message == null ? thrown.getClass().getSimpleName() : message;
  }

  /** The exit code for a problem's code; an unknown one has failed. */
  static int exitCode(String code) {
    return switch (code) {
      case "invalid-request" -> ExitCode.USAGE;
      case "unsatisfiable-policy", "governance-forbids" -> ExitCode.REFUSED;
      case "unavailable", "chain-unavailable", "too-many-requests" -> ExitCode.UNREACHABLE;
      default -> ExitCode.FAILED;
    };
  }

  /** What to try where the member did not say. */
  private static String next(String code) {
    if (code.equals(Problem.UNAUTHENTICATED.code())) {
      return "set OPENLEDGER_TOKEN, or give --token-file FILE";
    }
    if (code.equals(Problem.INSUFFICIENT_BALANCE.code())) {
      return "openledger account deposit AMOUNT";
    }
    if (code.equals(Problem.UNSATISFIABLE_POLICY.code())) {
      return "openledger pool list";
    }
    if (code.equals(Problem.GOVERNANCE_FORBIDS.code())) {
      return "openledger gov show";
    }
    if (code.equals(Problem.INVALID_MODULE.code())) {
      return "openledger task check MODULE";
    }
    if (code.equals(Problem.NOT_FOUND.code())) {
      return "openledger job list";
    }
    return exitCode(code) == ExitCode.UNREACHABLE ? DOCTOR : "";
  }
}
