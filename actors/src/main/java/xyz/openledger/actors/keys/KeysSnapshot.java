package xyz.openledger.actors.keys;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.JobId;

/**
 * All of {@link ApiKeys}, for storing.
 *
 * @param origin see {@link ApiKeys#origin}
 * @param forgotten the revision of the newest revocation that is remembered no more
 */
public record KeysSnapshot(
    String origin, long revision, long forgotten, List<Tab> tabs, List<Gone> revoked) {
  /**
   * A key that is valid.
   *
   * @param charged the last jobs that cost something, the oldest first; null for none
   */
  public record Tab(
      ApiKey key,
      long revision,
      long spentNanoOpen,
      List<Hold> running,
      @Nullable List<JobId> charged) {}

  /** A job that is not known to be over. */
  public record Hold(JobId job, long mostNanoOpen, int open, long sinceMillis) {}

  /** A key that was revoked. */
  public record Gone(String name, long revision) {}
}
