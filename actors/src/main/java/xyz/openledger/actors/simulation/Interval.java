package xyz.openledger.actors.simulation;

/**
 * A mean with the bounds of its 95 % interval (Student).
 *
 * @param least the lower bound
 * @param most the upper bound
 */
public record Interval(double mean, double least, double most) {
  /** The 97.5 % quantiles of Student's distribution for 1 to 30 degrees of freedom. */
  private static final double[] STUDENT = {
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
    2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056,
    2.052, 2.048, 2.045, 2.042
  };

  /** Of at least two values. */
  static Interval of(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    double mean = sum / values.length;
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    int freedom = values.length - 1;
    double deviation = StrictMath.sqrt(squares / freedom / values.length);
    double half = STUDENT[Math.min(freedom, STUDENT.length) - 1] * deviation;
    return new Interval(rounded(mean), rounded(mean - half), rounded(mean + half));
  }

  private static double rounded(double value) {
    return StrictMath.rint(value * 10_000) / 10_000;
  }
}
