package xyz.openledger.cluster.bench;

import java.util.Arrays;

/** What was waited, in milliseconds: at the middle, at the slow end, at the worst. */
public record Latency(double p50Millis, double p99Millis, double maxMillis) {
  private static final double NANOS_PER_MILLI = 1e6;

  static Latency of(long[] nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return new Latency(at(sorted, 50), at(sorted, 99), at(sorted, 100));
  }

  /** The least value that is not below so many percent of all. */
  private static double at(long[] sorted, int percent) {
    int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
    return Rounded.to2(sorted[Math.max(0, rank - 1)] / NANOS_PER_MILLI);
  }
}
