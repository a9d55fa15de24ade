package xyz.openledger.pools.market;

/** Which side of the market an order is on. */
public enum Side {
  /** Buys, at its limit or below. */
  BID,
  /** Sells, at its limit or above: the limit is the reservation price. */
  ASK
}
