package xyz.openledger.actors.simulation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.market.Clearing;
import xyz.openledger.pools.market.SpotClearing;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.TaskId;

/** What must hold of a clearing: one price, that nobody pays beyond his limit or gets below his. */
final class MarketInvariants {
  private final String where;

  MarketInvariants(String where) {
    this.where = where;
  }

  /**
   * A market cleared.
   *
   * @param before the last price
   */
  void cleared(
      long before, SpotClearing.Outcome outcome, List<SpotClearing.Ask> asks, long nowMillis) {
    long price = outcome.priceNanoOpen();
    Map<NodeId, SpotClearing.Ask> sellers = new HashMap<>();
    asks.forEach(ask -> sellers.put(ask.node().id(), ask));
    Map<NodeId, Integer> sold = new HashMap<>();
    Map<TaskId, Integer> bought = new HashMap<>();
    if (before != Clearing.NO_PRICE && Math.abs(price - before) > Math.max(1, before / 8)) {
      fail(nowMillis, "the price moved by more than a step: %d to %d".formatted(before, price));
    }
    for (SpotClearing.Award award : outcome.awards()) {
      SpotClearing.Bid bid = award.bid();
      for (Node node : award.placement().chosen()) {
        SpotClearing.Ask ask = sellers.get(node.id());
        if (node.priceNanoOpenPerGigafuel() != price) {
          fail(nowMillis, bid.request().task() + " does not pay the price that all pay");
        }
        if (price > bid.limitNanoOpen()) {
          fail(nowMillis, bid.request().task() + " pays more than its limit");
        }
        if (ask == null || price < ask.reservationNanoOpen()) {
          fail(nowMillis, node.id() + " sells below its reservation price");
        }
        if (ask != null && sold.merge(node.id(), 1, Integer::sum) > ask.slots()) {
          fail(nowMillis, node.id() + " sells more than it asked for");
        }
        if (bought.merge(bid.request().task(), 1, Integer::sum) > bid.count()) {
          fail(nowMillis, bid.request().task() + " buys more than it bid for");
        }
      }
    }
  }

  private void fail(long nowMillis, String what) {
    throw new Invariants.Violation(where, nowMillis, what);
  }
}
