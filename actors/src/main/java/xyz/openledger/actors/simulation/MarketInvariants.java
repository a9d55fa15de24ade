package xyz.openledger.actors.simulation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.market.Clearing;
import xyz.openledger.pools.market.SpotClearing;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.TaskId;

/**
 * What must hold of a clearing: one price, that nobody pays beyond his limit or gets below his, and
 * that what is sold is what was asked for. Held against what was bid, not what the clearing says.
 */
final class MarketInvariants {
  private final String where;

  MarketInvariants(String where) {
    this.where = where;
  }

  /**
   * A market cleared.
   *
   * @param before the last price
   * @param roster where those are found beside which a task must not be
   */
  void cleared(
      long before,
      SpotClearing.Outcome outcome,
      List<SpotClearing.Bid> bids,
      List<SpotClearing.Ask> asks,
      Roster roster,
      long nowMillis) {
    long price = outcome.priceNanoOpen();
    Map<NodeId, SpotClearing.Ask> sellers = new HashMap<>();
    asks.forEach(ask -> sellers.put(ask.node().id(), ask));
    Map<TaskId, SpotClearing.Bid> buyers = new HashMap<>();
    bids.forEach(bid -> buyers.put(bid.request().task(), bid));
    Map<NodeId, Integer> sold = new HashMap<>();
    Map<TaskId, Integer> bought = new HashMap<>();
    for (SpotClearing.Award award : outcome.awards()) {
      TaskId task = award.bid().request().task();
      SpotClearing.Bid bid = buyers.get(task);
      if (bid == null) {
        fail(nowMillis, task + " buys and did not bid");
        return;
      }
      for (Node node : award.placement().chosen()) {
        SpotClearing.Ask ask = sellers.get(node.id());
        if (node.priceNanoOpenPerGigafuel() != price) {
          fail(nowMillis, task + " does not pay the price that all pay");
        }
        if (price > bid.limitNanoOpen()) {
          fail(nowMillis, task + " pays more than its limit");
        }
        if (ask == null || price < ask.reservationNanoOpen()) {
          fail(nowMillis, node.id() + " sells below its reservation price");
        }
        if (ask != null && sold.merge(node.id(), 1, Integer::sum) > ask.slots()) {
          fail(nowMillis, node.id() + " sells more than it asked for");
        }
        if (bought.merge(task, 1, Integer::sum) > bid.count()) {
          fail(nowMillis, task + " buys more than it bid for");
        }
      }
      suits(bid.request(), award, price, sellers, roster, nowMillis);
    }
    if (before != Clearing.NO_PRICE && Math.abs(price - before) > Math.max(1, before / 8)) {
      fail(nowMillis, "the price moved by more than a step: %d to %d".formatted(before, price));
    }
  }

  /** Each node that a task gets breaks no clause of what it asked, and each has its own owner. */
  private void suits(
      Request asked,
      SpotClearing.Award award,
      long price,
      Map<NodeId, SpotClearing.Ask> sellers,
      Roster roster,
      long nowMillis) {
    Request request = asked;
    for (Node chosen : award.placement().chosen()) {
      SpotClearing.Ask ask = Objects.requireNonNull(sellers.get(chosen.id()));
      Node node = ask.node().asking(price).withFreeSlots(ask.slots());
      String broken = Clauses.broken(request, node, roster);
      if (broken != null) {
        fail(nowMillis, "%s, bought on %s, breaks %s".formatted(request.task(), node.id(), broken));
      }
      request = request.after(node);
    }
  }

  private void fail(long nowMillis, String what) {
    throw new Invariants.Violation(where, nowMillis, what);
  }
}
