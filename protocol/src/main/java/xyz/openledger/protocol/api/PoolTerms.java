package xyz.openledger.protocol.api;

import org.jspecify.annotations.Nullable;

/**
 * How a pool places work.
 *
 * @param scoreMargin nodes whose score is at most this far below the best are as good
 * @param explorationBasisPoints how often, in 10,000, a newcomer is tried beside a node that checks
 *     it
 * @param queueMax how many tasks may wait
 * @param admit what must hold of a node for it to work here; absent for any
 * @param nodesOutside nodes that are there and do not meet it
 * @param clearingMillis how often its spot market clears
 * @param preemptAfterMillis how long work waits before less urgent work makes room for it
 * @param noticeMillis how long that may run on
 * @param prefer how much it likes a node, 0 to 10,000; absent for all alike
 */
@Answer
public record PoolTerms(
    int scoreMargin,
    int explorationBasisPoints,
    int queueMax,
    @Nullable String admit,
    int nodesOutside,
    long clearingMillis,
    @Nullable Long preemptAfterMillis,
    @Nullable Long noticeMillis,
    @Nullable String prefer) {
  /** Terms that say nothing of preemption. */
  public PoolTerms(
      int scoreMargin,
      int explorationBasisPoints,
      int queueMax,
      @Nullable String admit,
      int nodesOutside,
      long clearingMillis) {
    this(
        scoreMargin,
        explorationBasisPoints,
        queueMax,
        admit,
        nodesOutside,
        clearingMillis,
        null,
        null,
        null);
  }
}
