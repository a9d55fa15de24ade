package xyz.openledger.pools;

import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;

/**
 * How a pool places work.
 *
 * @param scoreMargin nodes whose score is at most this far below the best are as good: one of them
 *     is drawn. 0 for always the best; the wider, the more evenly work spreads
 * @param explorationBasisPoints how often, in 10,000, a newcomer is tried beside a node that checks
 *     it
 * @param queueMax how many tasks may wait
 * @param admit an expression of CEL that must hold of a node for it to work here; absent for any
 * @param clearingMillis how often its spot market clears
 * @param preemptAfterMillis how long work must wait before less urgent work makes room for it
 * @param noticeMillis how long that may run on
 * @param prefer an expression of CEL for how much it likes a node, 0 to 10,000; absent for all
 *     alike
 */
public record PoolTerms(
    int scoreMargin,
    int explorationBasisPoints,
    int queueMax,
    @Nullable String admit,
    long clearingMillis,
    long preemptAfterMillis,
    long noticeMillis,
    @Nullable String prefer) {
  /** How often a spot market clears unless the operator says otherwise. */
  public static final long CLEARING_MILLIS = 5_000;

  /** How long work waits before less urgent work makes room for it. */
  public static final long PREEMPT_AFTER_MILLIS = 60_000;

  /** How long what makes room may run on. */
  public static final long NOTICE_MILLIS = 30_000;

  /** Unless the operator says otherwise. */
  public static final PoolTerms DEFAULT = new PoolTerms(500, 200, 10_000);

  /** Terms that admit every node. */
  public PoolTerms(int scoreMargin, int explorationBasisPoints, int queueMax) {
    this(scoreMargin, explorationBasisPoints, queueMax, null);
  }

  /** Terms of a pool whose market clears as often as is usual. */
  public PoolTerms(
      int scoreMargin, int explorationBasisPoints, int queueMax, @Nullable String admit) {
    this(scoreMargin, explorationBasisPoints, queueMax, admit, CLEARING_MILLIS);
  }

  /** Terms of a pool that preempts as is usual. */
  public PoolTerms(
      int scoreMargin,
      int explorationBasisPoints,
      int queueMax,
      @Nullable String admit,
      long clearingMillis) {
    this(
        scoreMargin,
        explorationBasisPoints,
        queueMax,
        admit,
        clearingMillis,
        PREEMPT_AFTER_MILLIS,
        NOTICE_MILLIS);
  }

  /** Terms that like all nodes alike. */
  public PoolTerms(
      int scoreMargin,
      int explorationBasisPoints,
      int queueMax,
      @Nullable String admit,
      long clearingMillis,
      long preemptAfterMillis,
      long noticeMillis) {
    this(
        scoreMargin,
        explorationBasisPoints,
        queueMax,
        admit,
        clearingMillis,
        preemptAfterMillis,
        noticeMillis,
        null);
  }

  /** Checks the ranges. */
  public PoolTerms {
    Check.range("scoreMargin", scoreMargin, 0, Score.MAX);
    Check.range("explorationBasisPoints", explorationBasisPoints, 0, 10_000);
    Check.range("queueMax", queueMax, 1, 1_000_000);
    Check.range("clearingMillis", clearingMillis, 1_000, 3_600_000);
    Check.range("preemptAfterMillis", preemptAfterMillis, 1_000, 86_400_000);
    Check.range("noticeMillis", noticeMillis, 0, 86_400_000);
  }
}
