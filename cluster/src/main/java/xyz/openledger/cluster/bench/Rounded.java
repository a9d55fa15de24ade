package xyz.openledger.cluster.bench;

import java.util.Arrays;
import java.util.Collection;

/** Figures with as many digits as they deserve. */
public final class Rounded {
  private Rounded() {}

  /** With two digits after the point. */
  public static double to2(double value) {
    return Math.round(value * 100) / 100.0;
  }

  /** With four digits after the point. */
  public static double to4(double value) {
    return Math.round(value * 10_000) / 10_000.0;
  }

  /** The middle one; of an even number the mean of the two. */
  public static double median(Collection<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    if (sorted.length == 0) {
      return 0;
    }
    return sorted.length % 2 == 1 ? sorted[middle] : to4((sorted[middle - 1] + sorted[middle]) / 2);
  }
}
