package xyz.openledger.nodes.session;

import xyz.openledger.protocol.Problem;

/** Why a session is over for good. */
public sealed interface SessionEnd {
  /** The node said that it goes, and the member heard it, or could not be told in time. */
  record Left() implements SessionEnd {}

  /** The member does not want this node any more; coming back makes no sense. */
  record Refused(Problem problem, String detail) implements SessionEnd {}

  /** Something here failed that a new link does not mend. */
  record Failed(String detail) implements SessionEnd {}
}
