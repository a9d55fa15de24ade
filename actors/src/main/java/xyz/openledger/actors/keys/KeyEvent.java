package xyz.openledger.actors.keys;

import java.util.List;
import xyz.openledger.protocol.JobId;

/** What happened to the API keys. */
public sealed interface KeyEvent {
  /** Whoever has its token may act under it from now on. */
  record Issued(ApiKey key, long atMillis) implements KeyEvent {}

  /** Nobody may any more. */
  record Revoked(String name, long atMillis) implements KeyEvent {}

  /** What a key had spent as a member of an earlier release counted it. */
  record Moved(String name, long spentNanoOpen, List<Reservation> running, long atMillis)
      implements KeyEvent {}

  /**
   * Each of these jobs is about to be submitted once more; it counts at the most that it may cost.
   */
  record Reserved(String name, List<Reservation> jobs, long atMillis) implements KeyEvent {}

  /** One submission of each of these jobs began nothing. */
  record BeganNothing(String name, List<JobId> jobs) implements KeyEvent {}

  /** A job is over, and came to this. */
  record Ended(String name, JobId job, long costNanoOpen) implements KeyEvent {}
}
