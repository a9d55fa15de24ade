package xyz.openledger.pools;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import xyz.openledger.pools.market.SpotClearing;
import xyz.openledger.protocol.Policy;

/** Bids and asks of a spot market, drawn from a seed or made for a case. */
public final class SpotMarket {
  private static final Matcher MATCHER = new Matcher(new PoolTerms(500, 0, 100), World.SECRET);

  private SpotMarket() {}

  /** Draws leases as a pool would. */
  public static Matcher matcher() {
    return MATCHER;
  }

  /** A task that bids its budget for each gigafuel: it may burn exactly one. */
  public static SpotClearing.Bid bid(int number, int count, long limitNanoOpen) {
    Policy policy = World.cheapest(count);
    return SpotClearing.Bid.of(
        new Request(
            World.task(number),
            0,
            policy,
            World.GIGAFUEL,
            World.MIB,
            Set.of(),
            Set.of(),
            limitNanoOpen),
        count);
  }

  /** A task that may run in one region alone. */
  public static SpotClearing.Bid bidIn(String region, int number, long limitNanoOpen) {
    var limits = new Policy.Limits(World.GIGAFUEL, 60_000, List.of(region), null, 0);
    Policy policy = World.policy(new Policy.Weights(100, 0, 0, 0), limits, 1);
    return SpotClearing.Bid.of(
        new Request(
            World.task(number),
            0,
            policy,
            World.GIGAFUEL,
            World.MIB,
            Set.of(),
            Set.of(),
            limitNanoOpen),
        1);
  }

  /** A node in the region eu, of an owner of its own. */
  public static SpotClearing.Ask ask(String name, int slots, long reservationNanoOpen) {
    return new SpotClearing.Ask(World.node(name), reservationNanoOpen, slots);
  }

  /** Bids of a market. */
  public static List<SpotClearing.Bid> bids(SplittableRandom random) {
    var bids = new ArrayList<SpotClearing.Bid>();
    for (int i = random.nextInt(30); i > 0; i--) {
      Request request = World.request(random);
      bids.add(SpotClearing.Bid.of(request, request.agreement()));
    }
    return bids;
  }

  /** Asks of a market. */
  public static List<SpotClearing.Ask> asks(SplittableRandom random) {
    var asks = new ArrayList<SpotClearing.Ask>();
    for (int i = random.nextInt(20); i > 0; i--) {
      Node node = World.node(random, i);
      asks.add(
          new SpotClearing.Ask(
              node, random.nextLong(0, 3_000_000), random.nextInt(1, node.slots() + 1)));
    }
    return asks;
  }
}
