package xyz.openledger.protocol.api;

/**
 * How a pool places work.
 *
 * @param scoreMargin nodes whose score is at most this far below the best are as good
 * @param explorationBasisPoints how often, in 10,000, a newcomer is tried beside a node that checks
 *     it
 * @param queueMax how many tasks may wait
 */
@Answer
public record PoolTerms(int scoreMargin, int explorationBasisPoints, int queueMax) {}
