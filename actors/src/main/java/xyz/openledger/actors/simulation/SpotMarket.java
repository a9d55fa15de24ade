package xyz.openledger.actors.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.pools.EpochSecret;
import xyz.openledger.pools.Matcher;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.market.Clearing;
import xyz.openledger.pools.market.MarketTerms;
import xyz.openledger.pools.market.PostedPrice;
import xyz.openledger.pools.market.SpotClearing;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.pools.queue.WorkloadClass;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.TaskId;

/**
 * The uniform-price auction of a pool: cheap work bids what its price limit leaves, machines ask
 * for their free slots no less than a part of their price, and what is bought at once costs the
 * last clearing price and a premium. All simulated work is of one resource class.
 */
final class SpotMarket {
  /** Longer than the five seconds of a pool: nothing of it is drawn so finely. */
  static final long CLEARING_MILLIS = 30_000;

  /** Of its price, the least that a machine takes on the spot. */
  private static final int RESERVATION_PERCENT = 40;

  private final World world;
  private final Matcher matcher;
  private final MarketInvariants invariants;
  private final Map<TaskId, SpotClearing.Bid> bids = new LinkedHashMap<>();
  private long priceNanoOpen = Clearing.NO_PRICE;

  SpotMarket(World world, String where) {
    this.world = world;
    this.invariants = new MarketInvariants(where);
    var secret = EpochSecret.of(Fleet.bytes("market of seed " + world.scenario.seed()));
    this.matcher = new Matcher(Production.POOL, secret);
  }

  void bid(Request request, int count) {
    bids.put(request.task(), SpotClearing.Bid.of(request, count));
  }

  void cancel(TaskId task) {
    bids.remove(task);
  }

  /** Clears, and leases what was sold. */
  void clear() {
    if (bids.isEmpty()) {
      return;
    }
    List<SpotClearing.Bid> now = List.copyOf(bids.values());
    List<SpotClearing.Ask> asks = asks();
    world
        .rules
        .clearing(priceNanoOpen, MarketTerms.SPOT, matcher, now, asks)
        .ifPresent(
            outcome -> {
              invariants.cleared(
                  priceNanoOpen, outcome, now, asks, world.floor.roster(), world.nowMillis());
              priceNanoOpen = outcome.priceNanoOpen();
              outcome.awards().forEach(this::sold);
              PostedPrice.of(priceNanoOpen, MarketTerms.SPOT.premiumBasisPoints())
                  .ifPresent(posted -> world.floor.post(posted, world.nowMillis()));
            });
  }

  private List<SpotClearing.Ask> asks() {
    var asks = new ArrayList<SpotClearing.Ask>();
    for (Node node : world.floor.roster().nodes()) {
      if (node.offeredSlots() > 0) {
        Node own = node.asking(world.floor.machine(node.id()).node().priceNanoOpenPerGigafuel());
        asks.add(new SpotClearing.Ask(own, reservation(own), node.offeredSlots()));
      }
    }
    return asks;
  }

  private static long reservation(Node node) {
    return node.priceNanoOpenPerGigafuel() * RESERVATION_PERCENT / 100;
  }

  private void sold(SpotClearing.Award award) {
    Request request = award.bid().request();
    SpotClearing.Bid open = bids.remove(request.task());
    if (open == null) {
      return;
    }
    int sold = award.placement().chosen().size();
    if (sold < open.count()) {
      Request rest = open.request();
      for (Node node : award.placement().chosen()) {
        rest = rest.after(node);
      }
      bids.put(
          request.task(), new SpotClearing.Bid(rest, open.count() - sold, open.limitNanoOpen()));
    }
    world.outcomes.sold(sold, priceNanoOpen);
    var entry = new PoolQueue.Entry(request, sold, Long.MAX_VALUE);
    List<Grant> leased =
        Placing.place(world, new PoolQueue.Grant(entry, award.placement()), Policy.Capacity.SPOT);
    for (Grant grant : leased) {
      world.scheduler.bought(request, grant.node(), WorkloadClass.of(request), world.nowMillis());
    }
  }
}
