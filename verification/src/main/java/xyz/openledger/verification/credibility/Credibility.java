package xyz.openledger.verification.credibility;

import java.util.List;

/**
 * The probability that a machine, or a group of machines that agree, is right (Sarmenta,
 * "Sabotage-tolerance mechanisms for volunteer computing systems", Future Generation Computer
 * Systems 18(4), 2002).
 *
 * <pre>
 *   a machine     1 - f             unchecked
 *                 1 - f / k         after k checks passed, if whoever fails may come back anew
 *   odds          c / (1 - c)
 *   a group       Wa / (1 + Σ Wj)   W the product of its members' odds, j over all groups
 * </pre>
 *
 * <p>A group's form is what Bayes' rule gives where exactly one group may be right or none.
 */
public final class Credibility {
  /** Beyond this a machine is not believed, however many checks it passed: hardware errs too. */
  public static final double MAX = 1 - 1e-9;

  private Credibility() {}

  /**
   * Of one machine.
   *
   * @param saboteurs the fraction of machines assumed to lie, 0 to below 1
   * @param checksPassed results of its own that others' results confirmed
   */
  public static double ofMachine(double saboteurs, long checksPassed) {
    if (!(saboteurs >= 0 && saboteurs < 1) || checksPassed < 0) {
      throw new IllegalArgumentException(
          "a fraction from 0 to below 1 and a number of checks, not %s and %d"
              .formatted(saboteurs, checksPassed));
    }
    return Math.min(MAX, 1 - saboteurs / Math.max(1, checksPassed));
  }

  /**
   * The probability of error that a credibility leaves, in millionths, rounded up: the one number
   * that rules decide by and evidence states. Doubles are exact to far below a millionth.
   */
  public static int errorPartsPerMillion(double credibility) {
    return (int) Math.ceil((1 - credibility) * 1e6 - 1e-6);
  }

  /** What a group weighs: the product of its members' odds; 0 for an empty one. */
  public static double weight(List<Double> credibilities) {
    double weight = credibilities.isEmpty() ? 0 : 1;
    for (double each : credibilities) {
      weight *= each / (1 - each);
    }
    return weight;
  }

  /**
   * Of the group that weighs {@code weight}.
   *
   * @param all what each group weighs, this one among them
   */
  public static double ofGroup(double weight, List<Double> all) {
    double sum = 1;
    for (double each : all) {
      sum += each;
    }
    // Two infinities would be no number; one group that weighs so much is as good as certain.
    return Double.isInfinite(sum) ? (Double.isInfinite(weight) ? MAX : 0) : weight / sum;
  }
}
