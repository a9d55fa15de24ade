package xyz.openledger.verification.credibility;

/**
 * How often results must be audited so that lying does not pay, in nano-OPEN:
 *
 * <pre>
 *   honest         R - C
 *   lying          (1-d)(R + B) - d S,     d = p (1 - r^n)
 *   honest wins    p > (C + B) / ((R + B + S)(1 - r^n))
 * </pre>
 *
 * <p>The shape is that of Proof of Sampling (arXiv 2405.00295); this derivation is ours.
 *
 * @param reward R, for an accepted result
 * @param cost C, of computing honestly
 * @param benefit B, of a wrong result that is believed, from outside the network
 * @param stake S, lost when caught
 * @param adversary r, the share of machines that would cover for one another, 0 to below 1
 * @param auditors n, machines that repeat an audited task, at least 1
 */
public record AuditFloor(
    long reward, long cost, long benefit, long stake, double adversary, int auditors) {
  /** Checks the ranges. */
  public AuditFloor {
    if (reward < 0 || cost < 0 || benefit < 0 || stake < 0 || auditors < 1) {
      throw new IllegalArgumentException("amounts are not negative, and somebody audits");
    }
    if (!(adversary >= 0 && adversary < 1)) {
      throw new IllegalArgumentException("a share from 0 to below 1, not " + adversary);
    }
  }

  /** The probability above which honesty pays better; above 1 if no auditing makes it so. */
  public double probability() {
    double atStake = (double) reward + benefit + stake;
    double gain = (double) cost + benefit;
    return gain == 0 ? 0 : gain / (atStake * seen());
  }

  /** What lying brings beside honesty, on average, if results are audited that often. */
  public double advantageOfLying(double audited) {
    double caught = audited * seen();
    return (1 - caught) * ((double) reward + benefit) - caught * stake - (reward - cost);
  }

  private double seen() {
    return 1 - Math.pow(adversary, auditors);
  }
}
