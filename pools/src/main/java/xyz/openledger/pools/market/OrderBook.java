package xyz.openledger.pools.market;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.market.Level.Resting;
import xyz.openledger.pools.market.Rationing.Fill;
import xyz.openledger.protocol.Digest;

/**
 * The orders of one resource class that wait for the next clearing. Bounded: it refuses, with a
 * reason, what is beyond.
 *
 * <p>A single writer's; not thread-safe.
 */
public final class OrderBook {
  /** All the OPEN there is: what the bids of a class may cost in all. */
  static final long VALUE_MAX_NANO_OPEN = 1_000_000_000_000_000_000L;

  private final MarketTerms terms;
  private final NavigableMap<Long, Level> bids = new TreeMap<>(Collections.reverseOrder());
  private final NavigableMap<Long, Level> asks = new TreeMap<>();
  private final Map<Long, Resting> resting = new HashMap<>();
  private List<Resting> passing = new ArrayList<>();
  private long bidValueNanoOpen;
  private long round;
  private long priceNanoOpen = Clearing.NO_PRICE;
  private Digest history = Digest.of(new byte[0]);

  /** An empty one. */
  public OrderBook(MarketTerms terms) {
    this.terms = terms;
  }

  /** An empty one that goes on from the last price, or {@link Clearing#NO_PRICE}. */
  OrderBook(MarketTerms terms, long priceNanoOpen) {
    this.terms = terms;
    this.priceNanoOpen = priceNanoOpen;
  }

  /** Takes an order for the next clearing, or says why not. */
  public Optional<Refusal> place(Order order) {
    Refusal refusal = refusal(order);
    if (refusal != null) {
      return Optional.of(refusal);
    }
    var level = side(order).computeIfAbsent(order.limitNanoOpen(), Level::new);
    Resting placed = level.add(order);
    resting.put(order.id(), placed);
    if (order.until() == Order.Until.NEXT_CLEARING) {
      passing.add(placed);
    }
    if (order.side() == Side.BID) {
      bidValueNanoOpen += order.limitNanoOpen() * order.units();
    }
    return Optional.empty();
  }

  private @Nullable Refusal refusal(Order order) {
    if (resting.size() >= terms.ordersMax()) {
      return new Refusal(
          Refusal.Reason.BOOK_FULL, "%d orders rest, as many as may".formatted(resting.size()));
    }
    if (resting.containsKey(order.id())) {
      return new Refusal(Refusal.Reason.ID_TAKEN, "order %d rests already".formatted(order.id()));
    }
    long left = VALUE_MAX_NANO_OPEN - bidValueNanoOpen;
    if (order.side() == Side.BID
        && order.limitNanoOpen() > 0
        && order.units() > left / order.limitNanoOpen()) {
      return new Refusal(
          Refusal.Reason.VALUE_TOO_LARGE,
          "%d units at %d nano-OPEN; the bids of a class may cost %d more"
              .formatted(order.units(), order.limitNanoOpen(), left));
    }
    return null;
  }

  /** Takes an order out; answers it with the units that were left, or nothing if it is gone. */
  public Optional<Clearing.Rest> cancel(long id) {
    return Optional.ofNullable(resting.get(id))
        .map(
            found -> {
              remove(found);
              return new Clearing.Rest(found.order, found.units);
            });
  }

  /** Clears: one price for all, and who trades how much with whom. */
  public Clearing clear() {
    return clear((_, _) -> {});
  }

  /** Hears of every order that is filled, with how much of it. */
  interface Filled {
    void filled(Order order, long units);
  }

  Clearing clear(Filled listener) {
    round++;
    priceNanoOpen = ClearingPrice.of(ascending(bids), asks, priceNanoOpen, terms);
    List<Trade> trades = List.of();
    long units = 0;
    if (priceNanoOpen != Clearing.NO_PRICE) {
      var buying = bids.headMap(priceNanoOpen, true).values();
      var selling = asks.headMap(priceNanoOpen, true).values();
      units = Math.min(units(buying), units(selling));
      var bought = Rationing.of(buying, units, terms.margin());
      var sold = Rationing.of(selling, units, terms.margin());
      trades = pair(bought, sold);
      settle(bought, listener);
      settle(sold, listener);
    }
    var clearing = new Clearing(round, priceNanoOpen, units, trades, release());
    history = clearing.digest(history);
    return clearing;
  }

  /** The sums are equal, so both lists end together. */
  private static List<Trade> pair(List<Fill> bought, List<Fill> sold) {
    var trades = new ArrayList<Trade>();
    int seller = 0;
    long offered = sold.isEmpty() ? 0 : sold.getFirst().units();
    for (Fill buyer : bought) {
      long wanted = buyer.units();
      while (wanted > 0) {
        long units = Math.min(wanted, offered);
        trades.add(
            new Trade(buyer.resting().order.id(), sold.get(seller).resting().order.id(), units));
        wanted -= units;
        offered -= units;
        if (offered == 0 && ++seller < sold.size()) {
          offered = sold.get(seller).units();
        }
      }
    }
    return trades;
  }

  private void settle(List<Fill> fills, Filled listener) {
    for (Fill fill : fills) {
      Resting each = fill.resting();
      listener.filled(each.order, fill.units());
      each.level.fill(each, fill.units());
      if (each.order.side() == Side.BID) {
        bidValueNanoOpen -= each.order.limitNanoOpen() * fill.units();
      }
      if (each.units == 0) {
        remove(each);
      }
    }
  }

  private List<Clearing.Rest> release() {
    var released = new ArrayList<Clearing.Rest>();
    for (Resting each : passing) {
      // It may have been filled or cancelled, and its id taken again since.
      if (resting.get(each.order.id()) == each) {
        remove(each);
        released.add(new Clearing.Rest(each.order, each.units));
      }
    }
    passing = new ArrayList<>();
    return released;
  }

  private void remove(Resting each) {
    resting.remove(each.order.id());
    if (each.order.side() == Side.BID) {
      bidValueNanoOpen -= each.order.limitNanoOpen() * each.units;
    }
    each.level.remove(each);
    if (each.level.orders == 0) {
      side(each.order).remove(each.level.price);
    }
  }

  private NavigableMap<Long, Level> side(Order order) {
    return order.side() == Side.BID ? bids : asks;
  }

  private static NavigableMap<Long, Level> ascending(NavigableMap<Long, Level> descending) {
    return descending.descendingMap();
  }

  private static long units(Iterable<Level> levels) {
    long units = 0;
    for (Level level : levels) {
      units += level.units;
    }
    return units;
  }

  /** Shows every order that rests, with what is left of it. */
  public void forEach(Consumer<Clearing.Rest> look) {
    resting.values().forEach(each -> look.accept(new Clearing.Rest(each.order, each.units)));
  }

  /** How many orders rest. */
  public int size() {
    return resting.size();
  }

  /** The last clearing price, or {@link Clearing#NO_PRICE}. */
  public long priceNanoOpen() {
    return priceNanoOpen;
  }

  /** Names every clearing so far: equal only after equal trades. */
  public Digest history() {
    return history;
  }
}
