package xyz.openledger.verification;

import xyz.openledger.protocol.Problem;

/** What checking a piece of evidence came to. */
public sealed interface Finding {

  /** It holds. */
  record Ok() implements Finding {}

  /** It does not hold: by which name, and a sentence that says what differs. */
  record Refused(Problem problem, String reason) implements Finding {}
}
