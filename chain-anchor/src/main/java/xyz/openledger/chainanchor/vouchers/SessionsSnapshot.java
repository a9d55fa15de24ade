package xyz.openledger.chainanchor.vouchers;

import java.util.List;
import xyz.openledger.protocol.JobId;

/** All of {@link Sessions}, for storing. */
public record SessionsSnapshot(List<SessionStanding> sessions, List<JobId> ended) {
  /** Keeps its own copies. */
  public SessionsSnapshot {
    sessions = List.copyOf(sessions);
    ended = List.copyOf(ended);
  }
}
