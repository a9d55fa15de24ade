package xyz.openledger.protocol.api;

import java.util.List;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;

/**
 * What rules would have changed for the jobs that a member recorded.
 *
 * @param jobs how many were replayed, the latest
 * @param refused how many of them would have been refused
 * @param changed how many would have been admitted, and otherwise placed or ranked
 * @param changes one by one, the latest first; not all if there are many
 */
@Answer
public record GovernanceSimulation(
    long epoch, Digest ruleHash, int jobs, int refused, int changed, List<Change> changes) {

  /**
   * One job.
   *
   * @param why a sentence each
   */
  @Answer
  public record Change(JobId job, String name, boolean refused, List<String> why) {}
}
