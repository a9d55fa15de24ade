package xyz.openledger.verification.credibility;

/**
 * Checking a share of the work, and believing nothing of whom was caught once (Sarmenta 2002, spot
 * checks with blacklist and backtracking):
 *
 * <pre>
 *   error    s f (1-qs)^n / ((1-f) + f (1-qs)^n)
 *   worst    at s = min(1, 1 / (q (n+1))), below  f / (1-f) · 1 / (q n e)
 * </pre>
 *
 * @param rate q, how many of the results are checked, above 0 to 1
 * @param results n, how many results of a machine are waited for before any is believed
 * @param saboteurs f
 */
public record SpotChecking(double rate, int results, double saboteurs) {

  /** The share of wrong results among those believed. */
  public double error(double errorRate) {
    double survive = Math.pow(1 - rate * errorRate, results);
    return errorRate * saboteurs * survive / ((1 - saboteurs) + saboteurs * survive);
  }

  /** How often a saboteur errs who wants the most wrong results believed. */
  public double worstErrorRate() {
    return Math.min(1, 1 / (rate * (results + 1)));
  }

  /** What the error stays below, however often saboteurs err. */
  public double bound() {
    return saboteurs / (1 - saboteurs) / (rate * results * Math.E);
  }
}
