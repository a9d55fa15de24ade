package xyz.openledger.protocol.session;

import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ReplicaId;

/** A node could not run a lease. Says nothing about the task: another machine may well manage. */
public record Fault(ReplicaId replica, long fence, Problem problem, String detail) {
  /** The longest detail that is sent. */
  public static final int DETAIL_CHARACTERS_MAX = 1_024;

  /** Checks the ranges; cuts a detail that is too long. */
  public Fault {
    Check.range("fence", fence, 0, Long.MAX_VALUE);
    detail = detail.substring(0, Math.min(detail.length(), DETAIL_CHARACTERS_MAX));
  }
}
