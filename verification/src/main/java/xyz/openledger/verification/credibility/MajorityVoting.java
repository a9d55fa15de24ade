package xyz.openledger.verification.credibility;

/**
 * Voting until {@code m} results agree (Sarmenta 2002, m-first). With {@code φ} the probability
 * that one result is wrong:
 *
 * <pre>
 *   error     Σ j = m … 2m-1 of C(2m-1, j) φ^j (1-φ)^(2m-1-j)
 *   copies    Σ n = m … 2m-1 of n · C(n-1, m-1) · ((1-φ)^m φ^(n-m) + φ^m (1-φ)^(n-m))
 * </pre>
 *
 * <p>The often quoted {@code m / (1-φ)} overstates the cost, since liars that agree end the vote
 * too.
 */
public final class MajorityVoting {
  private MajorityVoting() {}

  /** The probability that the wrong result wins. */
  public static double error(double wrong, int m) {
    int most = 2 * m - 1;
    double sum = 0;
    for (int j = m; j <= most; j++) {
      sum += binomial(most, j) * Math.pow(wrong, j) * Math.pow(1 - wrong, most - j);
    }
    return sum;
  }

  /** The expected number of results until the vote ends. */
  public static double copies(double wrong, int m) {
    double sum = 0;
    for (int n = m; n < 2 * m; n++) {
      double right = Math.pow(1 - wrong, m) * Math.pow(wrong, n - m);
      double lied = Math.pow(wrong, m) * Math.pow(1 - wrong, n - m);
      sum += n * binomial(n - 1, m - 1) * (right + lied);
    }
    return sum;
  }

  private static double binomial(int n, int k) {
    double value = 1;
    for (int i = 1; i <= k; i++) {
      value = value * (n - k + i) / i;
    }
    return value;
  }
}
