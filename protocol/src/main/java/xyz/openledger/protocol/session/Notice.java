package xyz.openledger.protocol.session;

import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.ReplicaId;

/**
 * A lease ends earlier than it said. If it is not done by then it is stopped; a task that can save
 * its state does so before, and the fault that ends the lease names it.
 *
 * @param millis from its arrival, by the node's own clock
 * @param reason for people
 */
public record Notice(ReplicaId replica, long fence, long millis, String reason) {
  private static final int REASON_CHARACTERS_MAX = 1_024;

  /** Checks the ranges; cuts a reason that is too long. */
  public Notice {
    Check.range("fence", fence, 1, Long.MAX_VALUE);
    Check.range("millis", millis, 1, Lease.DEADLINE_MILLIS_MAX);
    reason = reason.substring(0, Math.min(reason.length(), REASON_CHARACTERS_MAX));
  }
}
