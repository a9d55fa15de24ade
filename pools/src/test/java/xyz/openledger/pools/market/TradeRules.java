package xyz.openledger.pools.market;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What must be true of any clearing, whatever the algorithm; answers what is broken. */
final class TradeRules {
  private TradeRules() {}

  /**
   * Checks a clearing.
   *
   * @param before the orders as they rested, with the units that were left
   */
  static List<String> broken(
      List<Clearing.Rest> before, MarketTerms terms, long reference, Clearing clearing) {
    var broken = new ArrayList<String>();
    long price = clearing.priceNanoOpen();
    Map<Long, Clearing.Rest> orders = new HashMap<>();
    before.forEach(each -> orders.put(each.order().id(), each));
    var filled = new HashMap<Long, Long>();
    long units = 0;
    for (Trade trade : clearing.trades()) {
      filled.merge(trade.bid(), trade.units(), Long::sum);
      filled.merge(trade.ask(), trade.units(), Long::sum);
      units += trade.units();
      var bid = orders.get(trade.bid());
      var ask = orders.get(trade.ask());
      if (bid == null || ask == null || trade.units() < 1) {
        broken.add("a trade of nobody or of nothing: " + trade);
      } else if (bid.order().side() != Side.BID || ask.order().side() != Side.ASK) {
        broken.add("a trade between the wrong sides: " + trade);
      } else if (bid.order().limitNanoOpen() < price) {
        broken.add("a bid pays above its limit: " + trade);
      } else if (ask.order().limitNanoOpen() > price) {
        broken.add("an ask gets below its reservation: " + trade);
      }
    }
    if (units != clearing.units()) {
      broken.add("the trades are not the volume: %d of %d".formatted(units, clearing.units()));
    }
    filled.forEach(
        (id, got) -> {
          if (orders.containsKey(id) && got > orders.get(id).units()) {
            broken.add("order %d got more than it wanted".formatted(id));
          }
        });
    if (reference >= 0
        && Math.abs(price - reference)
            > Math.max(1, reference * terms.stepBasisPoints() / 10_000)) {
      broken.add("the price moved from %d to %d".formatted(reference, price));
    }
    if (price >= 0) {
      priority(before, filled, price, terms, broken);
    }
    return broken;
  }

  /** Nobody waits while a worse order trades; equals share alike. */
  private static void priority(
      List<Clearing.Rest> before,
      Map<Long, Long> filled,
      long price,
      MarketTerms terms,
      List<String> broken) {
    for (Side side : Side.values()) {
      var eligible =
          before.stream()
              .filter(each -> each.order().side() == side)
              .filter(each -> better(side, each.order().limitNanoOpen(), price) >= 0)
              .toList();
      for (int i = 0; i < eligible.size(); i++) {
        var one = eligible.get(i);
        long got = filled.getOrDefault(one.order().id(), 0L);
        for (int j = 0; j < eligible.size(); j++) {
          var other = eligible.get(j);
          long otherGot = filled.getOrDefault(other.order().id(), 0L);
          int better = better(side, one.order().limitNanoOpen(), other.order().limitNanoOpen());
          if (better > 0 && got < one.units() && otherGot > 0) {
            broken.add(other + " trades before the better " + one);
          }
          if (better == 0 && i < j && terms.margin() == MarketTerms.Margin.TIME) {
            if (got < one.units() && otherGot > 0) {
              broken.add(other + " trades before the earlier " + one);
            }
          }
          // |got/units - otherGot/otherUnits| < 1/units + 1/otherUnits: a unit of rounding each.
          if (better == 0
              && terms.margin() == MarketTerms.Margin.PRO_RATA
              && Math.abs(got * other.units() - otherGot * one.units())
                  >= one.units() + other.units()) {
            broken.add(
                "shares are not in proportion: %d of %s, %d of %s"
                    .formatted(got, one, otherGot, other));
          }
        }
      }
    }
  }

  /** Above 0 if a is the better price. */
  private static int better(Side side, long a, long b) {
    return side == Side.BID ? Long.compare(a, b) : Long.compare(b, a);
  }
}
