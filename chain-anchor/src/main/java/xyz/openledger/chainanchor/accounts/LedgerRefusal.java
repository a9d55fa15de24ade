package xyz.openledger.chainanchor.accounts;

import xyz.openledger.protocol.Problem;

/**
 * Why the books refuse.
 *
 * @param reason which rule
 * @param field the command's field it is about
 * @param detail a sentence with the numbers needed to understand it
 */
public record LedgerRefusal(Reason reason, String field, String detail) {

  /** The rules. */
  public enum Reason {
    MALFORMED(Problem.INVALID_REQUEST),
    INSUFFICIENT_BALANCE(Problem.INSUFFICIENT_BALANCE),
    /** The same id came before with other content. */
    CONFLICTING_REPEAT(Problem.IDEMPOTENCY_CONFLICT),
    /** Nothing is known, any more or yet, under this id. */
    UNKNOWN(Problem.NOT_FOUND),
    /** The job is over, and its origin has said that it knows. */
    FINISHED(Problem.WRONG_STATE),
    /** The state does not allow it now. */
    WRONG_STATE(Problem.WRONG_STATE),
    /** The charges are more than was held for the job. */
    EXCEEDS_HOLD(Problem.WRONG_STATE),
    /** A bound of the books themselves. */
    TOO_MANY(Problem.TOO_MANY_REQUESTS);

    private final Problem problem;

    Reason(Problem problem) {
      this.problem = problem;
    }

    /** The problem that a client is shown. */
    public Problem problem() {
      return problem;
    }
  }
}
