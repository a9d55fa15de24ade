package xyz.openledger.pools.market;

import xyz.openledger.protocol.Check;

/**
 * How a market clears.
 *
 * @param stepBasisPoints the most the price moves in one clearing, in 10,000ths of itself; it may
 *     always move by one nano-OPEN
 * @param margin who is served where not all at one price can be
 * @param ordersMax how many orders may rest in a class
 * @param premiumBasisPoints what on-demand capacity costs above the clearing price
 */
public record MarketTerms(
    int stepBasisPoints, Margin margin, int ordersMax, int premiumBasisPoints) {
  /** Unless governance says otherwise. */
  public static final MarketTerms DEFAULT =
      new MarketTerms(1_250, Margin.PRO_RATA, 1_000_000, 1_000);

  /** Of a spot market: a lease is not divided, so that at the margin who came first is served. */
  public static final MarketTerms SPOT = new MarketTerms(1_250, Margin.TIME, 100_000, 1_000);

  static final int WHOLE_BASIS_POINTS = 10_000;

  /** Who is served at the marginal price. */
  public enum Margin {
    /** All, in proportion to what they want; the last units go to the largest remainders. */
    PRO_RATA,
    /** Who came first. */
    TIME
  }

  /** Checks the ranges. */
  public MarketTerms {
    Check.range("stepBasisPoints", stepBasisPoints, 1, WHOLE_BASIS_POINTS);
    Check.range("ordersMax", ordersMax, 1, 10_000_000);
    Check.range("premiumBasisPoints", premiumBasisPoints, 0, 5 * WHOLE_BASIS_POINTS);
  }
}
