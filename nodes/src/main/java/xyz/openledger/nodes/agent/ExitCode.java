package xyz.openledger.nodes.agent;

import xyz.openledger.nodes.session.SessionEnd;
import xyz.openledger.protocol.Problem;

/** What the process says on leaving. */
final class ExitCode {
  static final int OK = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int REFUSED = 3;
  static final int UNREACHABLE = 4;

  private ExitCode() {}

  static int of(Problem problem) {
    return switch (problem) {
      case INVALID_REQUEST -> USAGE;
      case CLAIM_UNKNOWN,
          CLAIM_EXPIRED,
          CLAIM_USED,
          BAD_SIGNATURE,
          CHALLENGE_FAILED,
          FORBIDDEN,
          UNAUTHENTICATED ->
          REFUSED;
      case UNAVAILABLE, TOO_MANY_REQUESTS -> UNREACHABLE;
      default -> FAILED;
    };
  }

  static int of(SessionEnd end) {
    return switch (end) {
      case SessionEnd.Left _ -> OK;
      case SessionEnd.Refused(var problem, _) -> of(problem) == UNREACHABLE ? UNREACHABLE : REFUSED;
      case SessionEnd.Failed _ -> FAILED;
    };
  }
}
