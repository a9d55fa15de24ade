package xyz.openledger.pools.queue;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * When a replica takes so long that a second one is worth its price: beyond the 99th percentile of
 * what its class of work takes, as a multiple of what its node's speed foretells. So a slow node
 * that was measured as slow is no straggler. A task is hedged once, and hedges are at most one in
 * twenty leases.
 */
public final class Stragglers {
  /** Before so many replicas of a class have ended, {@link #UNKNOWN_EIGHTHS} is taken for p99. */
  static final int SEEN_MIN = 100;

  /** Three times what was foretold. */
  static final int UNKNOWN_EIGHTHS = 24;

  private static final int BUCKETS = 256;
  private static final int CLASSES_MAX = 256;
  private static final int SEEN_MAX = 10_000;
  private static final int HEDGES_BASIS_POINTS = 500;
  private static final int HEDGES_SAVED_MAX = 10;

  private final Allowance hedges = new Allowance(HEDGES_BASIS_POINTS, HEDGES_SAVED_MAX);
  private final Map<WorkloadClass, Ratios> byClass =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<WorkloadClass, Ratios> eldest) {
          return size() > CLASSES_MAX;
        }
      };

  /** How many replicas took how many eighths of what was foretold. */
  private static final class Ratios {
    final int[] seen = new int[BUCKETS];
    int all;

    void add(int eighths) {
      if (all == SEEN_MAX) {
        all = 0;
        for (int i = 0; i < BUCKETS; i++) {
          seen[i] /= 2;
          all += seen[i];
        }
      }
      seen[Math.clamp(eighths, 0, BUCKETS - 1)]++;
      all++;
    }

    int p99() {
      int above = all / 100;
      int at = BUCKETS - 1;
      while (at > 0 && above >= seen[at]) {
        above -= seen[at--];
      }
      return at + 1;
    }
  }

  /** A replica was leased. */
  public void leased() {
    hedges.earn();
  }

  /** A replica brought its result. */
  public void brought(WorkloadClass workload, long foretoldMillis, long tookMillis) {
    byClass
        .computeIfAbsent(workload, _ -> new Ratios())
        .add((int) Math.min(BUCKETS, tookMillis * 8 / Math.max(1, foretoldMillis)));
  }

  /** After how long a replica of that class is a straggler. */
  public long lateMillis(WorkloadClass workload, long foretoldMillis) {
    Ratios ratios = byClass.get(workload);
    int eighths = ratios == null || ratios.all < SEEN_MIN ? UNKNOWN_EIGHTHS : ratios.p99();
    return foretoldMillis * Math.max(9, eighths) / 8;
  }

  /**
   * Whether to lease one more replica beside one that runs; if so, it has been counted.
   *
   * @param hedgedBefore whether the task was
   */
  public boolean hedge(
      WorkloadClass workload, long foretoldMillis, long runsMillis, boolean hedgedBefore) {
    return !hedgedBefore && runsMillis > lateMillis(workload, foretoldMillis) && hedges.take();
  }
}
