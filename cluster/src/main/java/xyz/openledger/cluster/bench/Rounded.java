package xyz.openledger.cluster.bench;

import java.util.Arrays;
import java.util.Collection;

/** Figures with as many digits as they deserve. */
final class Rounded {
  private Rounded() {}

  static double to2(double value) {
    return Math.round(value * 100) / 100.0;
  }

  static double to4(double value) {
    return Math.round(value * 10_000) / 10_000.0;
  }

  /** The middle one; of an even number the lower of the two. */
  static double median(Collection<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted.length == 0 ? 0 : sorted[(sorted.length - 1) / 2];
  }
}
