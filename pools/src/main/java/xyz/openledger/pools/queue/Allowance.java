package xyz.openledger.pools.queue;

import xyz.openledger.protocol.Check;

/**
 * How many extras may be had for what is done anyway: second tries for first ones, say. Every
 * regular one earns a part of an extra, up to a stock; so extras stay a fixed part however much
 * fails, and a storm of failures does not become a storm of retries.
 */
public final class Allowance {
  private static final long ONE = 10_000;

  private final int basisPoints;
  private final long stockMax;
  private long stock;

  /**
   * With a full stock.
   *
   * @param basisPoints extras for 10,000 regular ones
   * @param stockMax extras that may be saved up
   */
  public Allowance(int basisPoints, int stockMax) {
    this.basisPoints = Check.range("basisPoints", basisPoints, 0, 10_000);
    this.stockMax = Check.range("stockMax", stockMax, 0, 1_000_000) * ONE;
    this.stock = this.stockMax;
  }

  /** How many extras so many regular ones allow in all, if none of what they earn is forgotten. */
  public static long inAll(int basisPoints, int stock, long regular) {
    return stock + regular * basisPoints / ONE;
  }

  /** A regular one happened. */
  public void earn() {
    stock = Math.min(stockMax, stock + basisPoints);
  }

  /** Takes an extra, if there is one. */
  public boolean take() {
    if (stock < ONE) {
      return false;
    }
    stock -= ONE;
    return true;
  }
}
