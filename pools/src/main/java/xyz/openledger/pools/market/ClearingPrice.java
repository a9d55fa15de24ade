package xyz.openledger.pools.market;

import java.util.Iterator;
import java.util.NavigableMap;
import xyz.openledger.protocol.Price;

/**
 * The one price of a clearing, among those the step allows:
 *
 * <ol>
 *   <li>that trades the most units;
 *   <li>of these, that leaves the smallest surplus on either side;
 *   <li>of these, the highest if buyers are left over at all of them, the lowest if sellers are:
 *       else a price that cannot reach the orders within its step would stand still for ever;
 *   <li>else the nearest to the last price; without one, the middle, rounded down.
 * </ol>
 *
 * <p>Demand and supply change only just above a bid's limit and at an ask's, so one sweep over the
 * levels sees every case.
 */
final class ClearingPrice {
  private final long low;
  private final long high;
  private final long reference;

  private long bestLow;
  private long bestHigh;
  private long bestVolume = -1;
  private long bestSurplus;
  private boolean sellersLeft;
  private boolean buyersLeft;

  private ClearingPrice(long low, long high, long reference) {
    this.low = low;
    this.high = high;
    this.reference = reference;
  }

  /**
   * Finds it.
   *
   * @param reference the last price, or {@link Clearing#NO_PRICE}
   * @return {@link Clearing#NO_PRICE} if there is none and nothing trades
   */
  static long of(
      NavigableMap<Long, Level> bids,
      NavigableMap<Long, Level> asks,
      long reference,
      MarketTerms terms) {
    boolean first = reference == Clearing.NO_PRICE;
    long step = first ? 0 : step(reference, terms);
    var search =
        first
            ? new ClearingPrice(0, Price.NANO_OPEN_PER_GIGAFUEL_MAX, reference)
            : new ClearingPrice(
                Math.max(0, reference - step),
                Math.min(Price.NANO_OPEN_PER_GIGAFUEL_MAX, reference + step),
                reference);
    search.sweep(bids, asks);
    return search.result();
  }

  /** How far the price may move: a share of itself, at least one. */
  static long step(long price, MarketTerms terms) {
    // A price is at most 10^14, so that the product fits.
    return Math.max(1, price * terms.stepBasisPoints() / MarketTerms.WHOLE_BASIS_POINTS);
  }

  private void sweep(NavigableMap<Long, Level> bids, NavigableMap<Long, Level> asks) {
    long demand = units(bids.tailMap(low, true));
    long supply = units(asks.headMap(low, true));
    Iterator<Level> falling = bids.subMap(low, true, high, false).values().iterator();
    Iterator<Level> rising = asks.subMap(low, false, high, true).values().iterator();
    Level bid = next(falling);
    Level ask = next(rising);
    long start = low;
    while (bid != NONE || ask != NONE) {
      long at =
          Math.min(
              bid == NONE ? Long.MAX_VALUE : bid.price + 1,
              ask == NONE ? Long.MAX_VALUE : ask.price);
      consider(start, at - 1, demand, supply);
      if (bid != NONE && bid.price + 1 == at) {
        demand -= bid.units;
        bid = next(falling);
      }
      if (ask != NONE && ask.price == at) {
        supply += ask.units;
        ask = next(rising);
      }
      start = at;
    }
    consider(start, high, demand, supply);
  }

  /** Prices of one volume and one surplus lie side by side, so the best ones are one range. */
  private void consider(long from, long to, long demand, long supply) {
    long volume = Math.min(demand, supply);
    long surplus = Math.abs(demand - supply);
    if (volume > bestVolume || (volume == bestVolume && surplus < bestSurplus)) {
      bestVolume = volume;
      bestSurplus = surplus;
      bestLow = from;
      bestHigh = to;
      // Demand only falls as the price rises: who is left over at both ends is so in between.
      sellersLeft = demand < supply;
      buyersLeft = demand > supply;
    } else if (volume == bestVolume && surplus == bestSurplus) {
      bestHigh = to;
      buyersLeft = demand > supply;
    }
  }

  private long result() {
    if (reference == Clearing.NO_PRICE && bestVolume == 0) {
      return Clearing.NO_PRICE;
    }
    if (buyersLeft || sellersLeft) {
      return buyersLeft ? bestHigh : bestLow;
    }
    return reference == Clearing.NO_PRICE
        ? bestLow + (bestHigh - bestLow) / 2
        : Math.clamp(reference, bestLow, bestHigh);
  }

  private static final Level NONE = new Level(Clearing.NO_PRICE);

  private static Level next(Iterator<Level> levels) {
    return levels.hasNext() ? levels.next() : NONE;
  }

  private static long units(NavigableMap<Long, Level> levels) {
    long units = 0;
    for (Level level : levels.values()) {
      units += level.units;
    }
    return units;
  }
}
