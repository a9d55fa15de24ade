package xyz.openledger.pools.market;

import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Price;

/**
 * What somebody wants to buy or sell.
 *
 * @param id chosen by the caller, unique among the orders that rest
 * @param party whose it is: the account that pays, or the one that earns
 * @param limitNanoOpen a unit: the most a bid pays, the least an ask takes
 * @param units how many
 * @param until whether it stays when the next clearing is over
 */
public record Order(long id, Side side, String party, long limitNanoOpen, long units, Until until) {
  /** The most units of one order. */
  public static final long UNITS_MAX = 1_000_000_000L;

  private static final int PARTY_CHARACTERS_MAX = 64;

  /** How long an order rests. */
  public enum Until {
    /** What the next clearing does not fill is released. */
    NEXT_CLEARING,
    /** Stays until it is filled or cancelled. */
    CANCELLED
  }

  /** Checks the ranges. */
  public Order {
    Check.text("party", party, PARTY_CHARACTERS_MAX);
    Check.range("limitNanoOpen", limitNanoOpen, 0, Price.NANO_OPEN_PER_GIGAFUEL_MAX);
    Check.range("units", units, 1, UNITS_MAX);
  }
}
