package xyz.openledger.pools.market;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import xyz.openledger.pools.market.Level.Resting;

/**
 * Who gets how much of {@code units} where a side wants more: the better price, then the margin.
 */
final class Rationing {
  /** One order with what it gets. */
  record Fill(Resting resting, long units) {}

  private record Share(int index, long floor, long remainder) {}

  private Rationing() {}

  /**
   * Shares out.
   *
   * @param levels the best price first; those that may trade
   * @param units no more than the levels hold
   */
  static List<Fill> of(Iterable<Level> levels, long units, MarketTerms.Margin margin) {
    var fills = new ArrayList<Fill>();
    long left = units;
    for (Level level : levels) {
      if (left == 0) {
        break;
      }
      if (level.units <= left || margin == MarketTerms.Margin.TIME) {
        left = inOrder(level, left, fills);
      } else {
        proRata(level, left, fills);
        left = 0;
      }
    }
    return fills;
  }

  private static long inOrder(Level level, long units, List<Fill> fills) {
    long left = units;
    for (Resting each = level.first; each != null && left > 0; each = each.next) {
      long filled = Math.min(left, each.units);
      fills.add(new Fill(each, filled));
      left -= filled;
    }
    return left;
  }

  /**
   * Hamilton's method: the whole parts, then one each by largest remainder, then who came first.
   */
  private static void proRata(Level level, long units, List<Fill> fills) {
    var resting = new ArrayList<Resting>(level.orders);
    var shares = new ArrayList<Share>(level.orders);
    long left = units;
    for (Resting each = level.first; each != null; each = each.next) {
      Share share = share(resting.size(), each.units, units, level.units);
      left -= share.floor;
      resting.add(each);
      shares.add(share);
    }
    long[] given = new long[shares.size()];
    shares.forEach(share -> given[share.index] = share.floor);
    if (left > 0) {
      shares.sort(
          Comparator.comparingLong(Share::remainder).reversed().thenComparingInt(Share::index));
      for (int i = 0; i < left; i++) {
        given[shares.get(i).index]++;
      }
    }
    for (int i = 0; i < given.length; i++) {
      if (given[i] > 0) {
        fills.add(new Fill(resting.get(i), given[i]));
      }
    }
  }

  private static Share share(int index, long wanted, long units, long all) {
    long high = Math.multiplyHigh(wanted, units);
    long low = wanted * units;
    if (high == 0 && low >= 0) {
      return new Share(index, low / all, low % all);
    }
    BigInteger[] parts =
        BigInteger.valueOf(wanted)
            .multiply(BigInteger.valueOf(units))
            .divideAndRemainder(BigInteger.valueOf(all));
    return new Share(index, parts[0].longValueExact(), parts[1].longValueExact());
  }
}
