package xyz.openledger.protocol.session;

import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.SavedState;

/**
 * A node could not run a lease. Says nothing about the task: another machine may well manage.
 *
 * @param saved how far it came, if it had to make room and could save that
 */
public record Fault(
    ReplicaId replica, long fence, Problem problem, String detail, @Nullable SavedState saved) {
  /** The longest detail that is sent. */
  public static final int DETAIL_CHARACTERS_MAX = 1_024;

  /** Checks the ranges; cuts a detail that is too long. */
  public Fault {
    Check.range("fence", fence, 0, Long.MAX_VALUE);
    detail = detail.substring(0, Math.min(detail.length(), DETAIL_CHARACTERS_MAX));
  }

  /** A node that has nothing to show. */
  public Fault(ReplicaId replica, long fence, Problem problem, String detail) {
    this(replica, fence, problem, detail, null);
  }
}
