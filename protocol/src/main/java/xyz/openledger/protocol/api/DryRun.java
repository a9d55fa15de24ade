package xyz.openledger.protocol.api;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.json.DecimalText;

/**
 * What would become of a job if it were submitted now. Nothing was stored and nothing is held.
 *
 * @param feasible whether enough owners may run it, though they may be busy now
 * @param pool the one looked at closer: that which suits it best; absent if there is none
 * @param pools how many there are
 * @param total nodes of that pool
 * @param nodes of those, how many were looked at
 * @param eligible how many of those may run it
 * @param eligibleNow how many of the eligible have a free slot
 * @param owners of the eligible
 * @param ownersNeeded how many must take part: those who must agree, or as many as the method of
 *     verification takes of such nodes
 * @param clauses what each clause of the job removes
 * @param relaxation the smallest change that would make it feasible; absent if it is, or if no
 *     change would
 * @param quote absent if no node is eligible
 * @param start when it would start
 * @param notes on the policy, a sentence each
 */
@Answer
public record DryRun(
    boolean feasible,
    @Nullable PoolId pool,
    String poolName,
    int pools,
    int total,
    int nodes,
    int eligible,
    int eligibleNow,
    int owners,
    int ownersNeeded,
    List<Effect> clauses,
    @Nullable Relaxation relaxation,
    @Nullable Quote quote,
    Start start,
    List<String> notes) {

  /**
   * What one clause removes.
   *
   * @param words the condition of the policy, where the clause alone does not name it
   * @param first nodes for which it is the first clause that they fail
   * @param alone nodes that fail it, whatever else they fail
   */
  public record Effect(String clause, String words, int first, int alone) {}

  /** A smallest change; {@code policy} and {@code memoryMaxBytes} as they would be. */
  public record Relaxation(List<Change> changes, Policy policy, long memoryMaxBytes) {}

  /**
   * One thing that gives way.
   *
   * @param field of the job
   * @param from what was asked
   * @param to what would do
   */
  public record Change(String field, String from, String to) {}

  /**
   * If every replica burned all its fuel, over the prices and speeds of the eligible nodes.
   *
   * @param replicas that have to run, at half of the draws
   * @param replicasP95 that 95 of 100 draws do not exceed; absent if it is the same
   * @param escrowNanoOpen held before anything runs
   */
  public record Quote(
      int replicas,
      @DecimalText long costP50NanoOpen,
      @DecimalText long costP95NanoOpen,
      @DecimalText long escrowNanoOpen,
      long runP50Millis,
      long runP95Millis,
      @Nullable Integer replicasP95) {
    /** A quote for so many replicas, whichever nodes are drawn. */
    public Quote(
        int replicas,
        long costP50NanoOpen,
        long costP95NanoOpen,
        long escrowNanoOpen,
        long runP50Millis,
        long runP95Millis) {
      this(
          replicas,
          costP50NanoOpen,
          costP95NanoOpen,
          escrowNanoOpen,
          runP50Millis,
          runP95Millis,
          null);
    }
  }

  /**
   * When it would start.
   *
   * @param inMillis absent where nobody knows; of a queue, half of the waits are shorter
   * @param p90InMillis nine of ten waits are shorter; absent where nobody knows
   * @param reason a sentence
   */
  public record Start(@Nullable Long inMillis, @Nullable Long p90InMillis, String reason) {
    /** A start that is not foretold with its uncertainty. */
    public Start(@Nullable Long inMillis, String reason) {
      this(inMillis, null, reason);
    }
  }
}
