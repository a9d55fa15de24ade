package xyz.openledger.actors.pool;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import xyz.openledger.pools.Matcher;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Placement;
import xyz.openledger.pools.Pool;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.market.ResourceClass;
import xyz.openledger.pools.market.SpotClearing;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

/**
 * Leases that are bought on the spot or ahead: who bids, what a clearing gives them, and what is
 * kept for whom. What is sold how is in {@link PoolMarket}.
 */
final class Trading {
  private final Waiting waiting;
  private final Members members;
  private final PoolMarket market;
  private final Leasing leasing;
  private final Answers answers;
  private final Clock clock;
  private List<PoolMarket.Spot> clearings = List.of();

  Trading(
      Waiting waiting,
      Members members,
      PoolMarket market,
      Leasing leasing,
      Answers answers,
      Clock clock) {
    this.waiting = waiting;
    this.members = members;
    this.market = market;
    this.leasing = leasing;
    this.answers = answers;
    this.clock = clock;
  }

  /** Whether a task that was just added may wait; sends it away if too many do. */
  boolean lets(Asked waits) {
    Pool known = waiting.pool();
    if (known == null) {
      return false;
    }
    if (waiting.size() > known.terms().queueMax()) {
      waiting.remove(waits.task());
      answers.queued(waits, List.of("the pool's queue is full; asked again"));
      return false;
    }
    return true;
  }

  /** Tells a job that still waits who sells, and what it bids or waits for. */
  void explain(Asked waits) {
    Pool known = waiting.pool();
    Matcher by = waiting.matcher();
    if (known == null || by == null || !waiting.has(waits.task())) {
      return;
    }
    boolean spot = waits.capacity() == Policy.Capacity.SPOT;
    Roster sellers =
        spot ? market.spotAtLeast(members.roster(), waits.resourceClass()) : own(waits);
    Placement placement = by.place(waits.request(), sellers, waits.replicas().size());
    String what = spot ? "sell on the spot" : "are kept for the tenant, who bought them ahead";
    String who = "%d nodes %s".formatted(sellers.nodes().size(), what);
    if (placement.hopeless()) {
      answers.hopeless(waits, who + "; " + placement.explanation().waiting());
      return;
    }
    answers.queued(
        waits,
        List.of(
            who,
            spot
                ? market.bidWords(waits.request(), known.terms().clearingMillis())
                : placement.explanation().waiting()));
  }

  private Roster own(Asked waits) {
    return market.ahead().reserved(members.roster(), waits.request().scheduling().tenant());
  }

  /** Gives those slots that were bought ahead to those who bought them. */
  void reserved() {
    Matcher by = waiting.matcher();
    if (market.ahead().isEmpty()) {
      return;
    }
    for (Asked waits : List.copyOf(waiting.all())) {
      if (by != null && waits.capacity() == Policy.Capacity.RESERVED) {
        Placement placement = by.place(waits.request(), own(waits), waits.replicas().size());
        if (!placement.chosen().isEmpty()) {
          leasing.grant(waits.task(), placement, "on slots bought ahead");
        }
      }
    }
  }

  /** Gives what was sold in a clearing before a restart to those who won it. */
  void redeem() {
    Matcher by = waiting.matcher();
    for (var award : Map.copyOf(market.awarded(clock.millis())).entrySet()) {
      Asked waits = waiting.find(award.getKey().task());
      Node seller =
          waits == null ? null : market.spot(members.roster(), award.getValue()).orElse(null);
      if (by == null || waits == null || seller == null) {
        continue;
      }
      if (waits.replicas().first() == award.getKey().number()) {
        var at = Roster.of(List.of(seller.asking(market.awardedNanoOpen(award.getKey()))));
        Placement placement = by.place(waits.request(), at, 1);
        if (!placement.chosen().isEmpty()) {
          market.awarded(clock.millis()).remove(award.getKey());
          leasing.grant(award.getKey().task(), placement, market.spotWords(waits.resourceClass()));
        }
      }
    }
  }

  /** What comes of the market now; to be written down, and then {@link #traded}. */
  List<PoolEvent> trades() {
    Pool known = waiting.pool();
    Matcher by = waiting.matcher();
    long now = clock.millis();
    clearings = List.of();
    if (known == null || by == null) {
      return List.of();
    }
    var events = new ArrayList<>(market.ahead().ended(members.roster(), now));
    if (market.due(now)) {
      clearings =
          market.clear(bids(now), members.roster(), by, known.terms().clearingMillis(), now);
      clearings.forEach(spot -> events.add(spot.event()));
    }
    return events;
  }

  /** Of those to whom nothing was sold already, with the numbers of their replicas. */
  private Map<SpotClearing.Bid, List<Integer>> bids(long nowMillis) {
    var bids = new LinkedHashMap<SpotClearing.Bid, List<Integer>>();
    var sold = market.awarded(nowMillis).keySet();
    for (Asked waits : waiting.all()) {
      if (waits.capacity() == Policy.Capacity.SPOT
          && sold.stream().noneMatch(award -> award.task().equals(waits.task()))) {
        bids.put(
            SpotClearing.Bid.of(waits.request(), waits.replicas().size()),
            List.copyOf(waits.replicas()));
      }
    }
    return bids;
  }

  /** Carries out what has been written down. */
  void traded(PoolState state) {
    market.changed(state).forEach(members::refresh);
    List<PoolMarket.Spot> cleared = clearings;
    clearings = List.of();
    for (PoolMarket.Spot spot : cleared) {
      String words = market.spotWords(new ResourceClass(spot.event().resourceClass()));
      for (SpotClearing.Award award : spot.outcome().awards()) {
        leasing.grant(award.bid().request().task(), award.placement(), words);
      }
    }
  }

  /** Opens the offers of slots to be bought ahead; refuses what cannot be had or paid. */
  List<Booking> book(PoolState state, PoolMessage.Reserve reserve, long availableNanoOpen) {
    SlotsAhead.Order order = reserve.terms();
    long most = Ordering.ceiling(order);
    boolean closed = waiting.pool() == null;
    if (closed || availableNanoOpen < 0) {
      throw new ProblemException(
          Problem.UNAVAILABLE, "", closed ? "this pool is not open" : "the books are busy");
    }
    if (availableNanoOpen < most) {
      throw new ProblemException(
          Problem.INSUFFICIENT_BALANCE,
          "slotHourMaxNanoOpen",
          "it may cost %d nano-OPEN, %d are available".formatted(most, availableNanoOpen));
    }
    return market.ahead().award(order, members.roster(), state.market().holds());
  }
}
