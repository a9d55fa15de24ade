package xyz.openledger.pools.market;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The auction once more, from the words in docs/market.md: tries every price there is and shares
 * out over sorted lists. Slow, and shares no code with what it checks.
 */
record NaiveAuction(long priceMax, int stepBasisPoints, MarketTerms.Margin margin) {

  /** What came of it: -1 for no price; units by order id, those that got any. */
  record Result(long price, long units, Map<Long, Long> filled) {}

  /** {@code orders} with the units that are left of each, in the order in which they came. */
  Result clear(List<Clearing.Rest> orders, long reference) {
    long low = 0;
    long high = priceMax;
    if (reference >= 0) {
      long step =
          BigInteger.valueOf(reference)
              .multiply(BigInteger.valueOf(stepBasisPoints))
              .divide(BigInteger.valueOf(10_000))
              .max(BigInteger.ONE)
              .longValueExact();
      low = Math.max(0, reference - step);
      high = reference + step;
    }
    var best = new ArrayList<Long>();
    long bestVolume = -1;
    long bestSurplus = 0;
    for (long price = low; price <= high; price++) {
      long demand = wanted(orders, Side.BID, price);
      long supply = wanted(orders, Side.ASK, price);
      long volume = Math.min(demand, supply);
      long surplus = Math.abs(demand - supply);
      if (volume > bestVolume || (volume == bestVolume && surplus < bestSurplus)) {
        best.clear();
        bestVolume = volume;
        bestSurplus = surplus;
      }
      if (volume == bestVolume && surplus == bestSurplus) {
        best.add(price);
      }
    }
    if (reference < 0 && bestVolume == 0) {
      return new Result(-1, 0, Map.of());
    }
    long price = choose(orders, best, reference);
    var filled = new HashMap<Long, Long>();
    share(eligible(orders, Side.BID, price), bestVolume, filled);
    share(eligible(orders, Side.ASK, price), bestVolume, filled);
    filled.values().removeIf(units -> units == 0);
    return new Result(price, bestVolume, filled);
  }

  private static long choose(List<Clearing.Rest> orders, List<Long> best, long reference) {
    if (best.stream().allMatch(price -> surplus(orders, price) > 0)) {
      return best.getLast();
    }
    if (best.stream().allMatch(price -> surplus(orders, price) < 0)) {
      return best.getFirst();
    }
    return reference < 0
        ? best.get((best.size() - 1) / 2)
        : best.stream()
            .min(Comparator.comparingLong((Long each) -> Math.abs(each - reference)))
            .orElseThrow();
  }

  private static long surplus(List<Clearing.Rest> orders, long price) {
    return wanted(orders, Side.BID, price) - wanted(orders, Side.ASK, price);
  }

  private static long wanted(List<Clearing.Rest> orders, Side side, long price) {
    return eligible(orders, side, price).stream().mapToLong(Clearing.Rest::units).sum();
  }

  private static List<Clearing.Rest> eligible(List<Clearing.Rest> orders, Side side, long price) {
    return orders.stream()
        .filter(each -> each.order().side() == side)
        .filter(
            each ->
                side == Side.BID
                    ? each.order().limitNanoOpen() >= price
                    : each.order().limitNanoOpen() <= price)
        .toList();
  }

  /** One price after the other; List.sort is stable, so equals stay in the order they came. */
  private void share(List<Clearing.Rest> side, long units, Map<Long, Long> filled) {
    var sorted = new ArrayList<>(side);
    sorted.sort(
        Comparator.comparingLong(
            each ->
                each.order().side() == Side.BID
                    ? -each.order().limitNanoOpen()
                    : each.order().limitNanoOpen()));
    long left = units;
    while (!sorted.isEmpty() && left > 0) {
      long price = sorted.getFirst().order().limitNanoOpen();
      var level = sorted.stream().filter(each -> each.order().limitNanoOpen() == price).toList();
      sorted.removeAll(level);
      long wanted = level.stream().mapToLong(Clearing.Rest::units).sum();
      long here = Math.min(left, wanted);
      if (margin == MarketTerms.Margin.TIME || wanted <= left) {
        inOrder(level, here, filled);
      } else {
        hamilton(level, here, wanted, filled);
      }
      left -= here;
    }
  }

  private static void inOrder(List<Clearing.Rest> level, long units, Map<Long, Long> filled) {
    long left = units;
    for (Clearing.Rest each : level) {
      long got = Math.min(left, each.units());
      filled.put(each.order().id(), got);
      left -= got;
    }
  }

  private static void hamilton(
      List<Clearing.Rest> level, long units, long wanted, Map<Long, Long> filled) {
    var remainders = new HashMap<Long, BigInteger>();
    long left = units;
    for (Clearing.Rest each : level) {
      var exact = BigInteger.valueOf(each.units()).multiply(BigInteger.valueOf(units));
      long whole = exact.divide(BigInteger.valueOf(wanted)).longValueExact();
      filled.put(each.order().id(), whole);
      remainders.put(each.order().id(), exact.mod(BigInteger.valueOf(wanted)));
      left -= whole;
    }
    var byRemainder = new ArrayList<>(level);
    byRemainder.sort(
        Comparator.comparing(
            (Clearing.Rest each) -> remainders.getOrDefault(each.order().id(), BigInteger.ZERO),
            Comparator.reverseOrder()));
    for (long i = 0; i < left; i++) {
      filled.merge(byRemainder.get((int) i).order().id(), 1L, Long::sum);
    }
  }
}
