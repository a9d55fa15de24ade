package xyz.openledger.protocol.api;

import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Policy;

/**
 * How a pool shall place work: what is absent stays as it is, or takes its default in a new pool.
 *
 * @param scoreMargin nodes whose score is at most this far below the best are as good, 0 to 10,000
 * @param explorationBasisPoints how often, in 10,000, a newcomer is tried beside a node that checks
 *     it
 * @param queueMax how many tasks may wait, 1 to 1,000,000
 * @param admit an expression of CEL that must hold of a node for it to work here; empty for none
 * @param clearingMillis how often its spot market clears, 1,000 to 3,600,000
 * @param preemptAfterMillis how long work waits before less urgent work makes room for it
 * @param noticeMillis how long that may run on
 * @param prefer an expression of CEL for how much it likes a node, 0 to 10,000; empty for all alike
 */
public record PoolChange(
    @Nullable Integer scoreMargin,
    @Nullable Integer explorationBasisPoints,
    @Nullable Integer queueMax,
    @Nullable String admit,
    @Nullable Integer clearingMillis,
    @Nullable Integer preemptAfterMillis,
    @Nullable Integer noticeMillis,
    @Nullable String prefer) {
  /** Nothing is said. */
  public static final PoolChange NONE =
      new PoolChange(null, null, null, null, null, null, null, null);

  /** Says nothing of what it prefers. */
  public PoolChange(
      @Nullable Integer scoreMargin,
      @Nullable Integer explorationBasisPoints,
      @Nullable Integer queueMax,
      @Nullable String admit,
      @Nullable Integer clearingMillis,
      @Nullable Integer preemptAfterMillis,
      @Nullable Integer noticeMillis) {
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

  /** Checks the ranges of what is there. */
  public PoolChange {
    range("scoreMargin", scoreMargin, 0, 10_000);
    range("explorationBasisPoints", explorationBasisPoints, 0, 10_000);
    range("queueMax", queueMax, 1, 1_000_000);
    range("clearingMillis", clearingMillis, 1_000, 3_600_000);
    range("preemptAfterMillis", preemptAfterMillis, 1_000, 86_400_000);
    range("noticeMillis", noticeMillis, 0, 86_400_000);
    if (admit != null) {
      Check.text("admit", admit, Policy.EXPRESSION_LETTERS_MAX);
    }
    if (prefer != null) {
      Check.text("prefer", prefer, Policy.EXPRESSION_LETTERS_MAX);
    }
  }

  private static void range(String field, @Nullable Integer value, int min, int max) {
    if (value != null) {
      Check.range(field, value.intValue(), min, max);
    }
  }
}
