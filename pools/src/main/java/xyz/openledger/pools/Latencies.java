package xyz.openledger.pools;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.queue.WorkloadClass;

/**
 * How long a node's results took from lease to result, by class of work: the 99th percentile, where
 * its pool has measured enough of them.
 */
public record Latencies(List<Figure> figures) {
  /** Nothing has been measured. */
  public static final Latencies UNKNOWN = new Latencies(List.of());

  /** Of one class of work. */
  public record Figure(WorkloadClass workload, int p99Millis) {}

  /** Keeps its own copy. */
  public Latencies {
    figures = List.copyOf(figures);
  }

  /** What 99 of 100 results of that class did not exceed; null if that is not known. */
  public @Nullable Integer p99Millis(WorkloadClass workload) {
    for (Figure figure : figures) {
      if (figure.workload().equals(workload)) {
        return figure.p99Millis();
      }
    }
    return null;
  }
}
