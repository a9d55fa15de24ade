package xyz.openledger.actors.pool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.pools.Matcher;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.market.Clearing;
import xyz.openledger.pools.market.MarketTerms;
import xyz.openledger.pools.market.OnDemand;
import xyz.openledger.pools.market.PostedPrice;
import xyz.openledger.pools.market.ResourceClass;
import xyz.openledger.pools.market.SpotClearing;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy.Capacity;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;

/**
 * What a {@link Desk} knows of its pool's market: which slots are sold how, and what they cost. The
 * rules are in {@link SpotClearing}; what must outlive a restart is in {@link MarketState}.
 */
final class PoolMarket {
  /** How long after a start awards may still be taken up that were sold before it. */
  private static final long REDEEM_MILLIS = 30_000;

  private final PoolId pool;

  private final Sellers sellers = new Sellers();
  private final SoldAhead ahead;
  private final Map<NodeId, Integer> spot = new HashMap<>();
  private final Map<ReplicaId, NodeId> awarded = new HashMap<>();
  private final Map<ReplicaId, Long> awardedNanoOpen = new HashMap<>();

  private MarketState state = MarketState.EMPTY;
  private boolean started;
  private long redeemUntilMillis;
  private long nextMillis;

  PoolMarket(PoolId pool) {
    this.pool = pool;
    this.ahead = new SoldAhead(pool, sellers);
  }

  /** Takes up what is durable. */
  void resume(PoolState known, long nowMillis) {
    state = known.market();
    ahead.changed(state);
    if (!started) {
      started = true;
      known.offers().values().forEach(this::offers);
      // Those who won may not have heard of it: what was sold stays sold.
      for (PoolEvent.Cleared last : state.lasts().values()) {
        for (PoolEvent.Award award : last.awards()) {
          awarded.put(award.replica(), award.node());
          awardedNanoOpen.put(award.replica(), last.priceNanoOpen());
        }
      }
      redeemUntilMillis = nowMillis + REDEEM_MILLIS;
    }
    nextMillis = Math.max(nextMillis, nowMillis + interval(known));
  }

  /** The same pool after further events; answers the nodes whose slots are kept otherwise now. */
  Set<NodeId> changed(PoolState known) {
    state = known.market();
    return ahead.changed(state);
  }

  private static long interval(PoolState known) {
    return known.pool() == null ? 0 : known.pool().terms().clearingMillis();
  }

  void offers(NodeOffer offer) {
    sellers.sells(offer.node(), offer.market());
  }

  /** It sells nothing more; what it has sold ahead ends as if it were away. */
  void left(NodeId node) {
    sellers.left(node);
  }

  /** Slots that were bought ahead. */
  SoldAhead ahead() {
    return ahead;
  }

  void took(Grant grant, TenantId tenant) {
    ahead.took(grant, tenant);
    count(grant, 1);
  }

  void freed(Grant grant, TenantId tenant) {
    ahead.freed(grant, tenant);
    count(grant, -1);
  }

  private void count(Grant grant, int more) {
    if (grant.capacity() == null) {
      return;
    }
    awarded.remove(grant.replica());
    if (grant.capacity() == Capacity.SPOT) {
      spot.merge(grant.node(), more, Integer::sum);
    }
  }

  /** The nodes at what work of that class costs there at once. */
  List<Node> onDemand(Roster nodes, ResourceClass of) {
    long posted = postedNanoOpen(of);
    List<Node> asking = nodes.inClass(of).nodes();
    return posted == Clearing.NO_PRICE
        ? asking
        : asking.stream()
            .map(node -> node.asking(OnDemand.price(posted, node.priceNanoOpenPerGigafuel())))
            .toList();
  }

  /** The nodes that sell on the spot, at what work of that class would cost there now. */
  Roster spot(Roster nodes, ResourceClass of) {
    return spot(
        nodes, sellers.ids(), node -> Math.max(reservation(node, of), state.priceNanoOpen(of)));
  }

  /** The same at the least that they take. */
  Roster spotAtLeast(Roster nodes, ResourceClass of) {
    return spot(nodes, sellers.ids(), node -> reservation(node, of));
  }

  /** One that sells on the spot. */
  Optional<Node> spot(Roster nodes, NodeId id) {
    return spot(nodes, Set.of(id), Node::priceNanoOpenPerGigafuel).find(id);
  }

  private long reservation(Node node, ResourceClass of) {
    return of.reservationOf(node, sellers.of(node.id()).reservationNanoOpenPerGigafuel());
  }

  /** The most that a gigafuel may cost in the next clearing; below 0 if nobody sells. */
  long spotHighest(Roster nodes, ResourceClass of) {
    return spot(nodes, of).nodes().stream()
        .map(seller -> nodes.find(seller.id()).orElse(seller))
        .mapToLong(of::priceOf)
        .min()
        .stream()
        .map(cheapest -> SpotClearing.highest(state.priceNanoOpen(of), MarketTerms.SPOT, cheapest))
        .findFirst()
        .orElse(-1);
  }

  private Roster spot(Roster nodes, Collection<NodeId> ids, ToLongFunction<Node> price) {
    return Sellers.sold(
        nodes, ids, node -> sellers.of(node.id()).spotSlots() == 0 ? -1 : spotSlots(node), price);
  }

  private int spotSlots(Node node) {
    int allowed = sellers.of(node.id()).spotSlots() - spot.getOrDefault(node.id(), 0);
    return Math.clamp(allowed, 0, node.freeSlots());
  }

  // ---- the spot ----

  /** Whether a clearing is due. */
  boolean due(long nowMillis) {
    return nowMillis >= nextMillis;
  }

  /**
   * Clears each class by itself; of one nothing comes if nobody bids, or if neither a lease nor the
   * price would change. All classes are sold from the same slots: what one takes the next has not,
   * but no price moves by that. The class that has sold nothing for the longest comes first.
   *
   * @param bids in the order in which they came, with the numbers of their replicas
   */
  List<Spot> clear(
      Map<SpotClearing.Bid, List<Integer>> bids,
      Roster nodes,
      Matcher matcher,
      long intervalMillis,
      long nowMillis) {
    nextMillis = nowMillis + intervalMillis;
    Map<ResourceClass, List<SpotClearing.Bid>> byClass = new TreeMap<>();
    for (SpotClearing.Bid bid : bids.keySet()) {
      byClass.computeIfAbsent(ResourceClass.of(bid.request()), _ -> new ArrayList<>()).add(bid);
    }
    var taken = new HashMap<NodeId, Integer>();
    var spots = new ArrayList<Spot>();
    for (ResourceClass of : inTurn(byClass.keySet())) {
      SpotClearing.of(
              state.priceNanoOpen(of),
              MarketTerms.SPOT,
              matcher,
              byClass.getOrDefault(of, List.of()),
              asks(nodes, of),
              taken)
          .filter(
              outcome -> outcome.units() > 0 || outcome.priceNanoOpen() != state.priceNanoOpen(of))
          .map(outcome -> spot(of, outcome, bids, nowMillis))
          .ifPresent(
              spot -> {
                spots.add(spot);
                spot.event().awards().forEach(it -> taken.merge(it.node(), 1, Integer::sum));
              });
    }
    return spots;
  }

  private List<ResourceClass> inTurn(Set<ResourceClass> classes) {
    return classes.stream()
        .sorted(
            Comparator.comparingLong(
                    (ResourceClass of) -> {
                      var last = state.last(of);
                      return last == null ? 0 : last.atMillis();
                    })
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  private List<SpotClearing.Ask> asks(Roster nodes, ResourceClass of) {
    var asks = new ArrayList<SpotClearing.Ask>();
    for (NodeId id : sellers.ids()) {
      Node node = nodes.find(id).filter(Node::accepting).orElse(null);
      int slots = node == null ? 0 : spotSlots(node);
      if (node != null && slots > 0) {
        asks.add(new SpotClearing.Ask(of.seen(node), reservation(node, of), slots));
      }
    }
    return asks;
  }

  /** A clearing as it is written down, and as it is carried out. */
  record Spot(PoolEvent.Cleared event, SpotClearing.Outcome outcome) {}

  private Spot spot(
      ResourceClass of,
      SpotClearing.Outcome outcome,
      Map<SpotClearing.Bid, List<Integer>> bids,
      long nowMillis) {
    var awards = new ArrayList<PoolEvent.Award>();
    Map<TaskId, Integer> given = new HashMap<>();
    for (SpotClearing.Award award : outcome.awards()) {
      TaskId task = award.bid().request().task();
      for (Node node : award.placement().chosen()) {
        int which = given.merge(task, 1, Integer::sum) - 1;
        List<Integer> numbers = bids.getOrDefault(award.bid(), List.of());
        awards.add(new PoolEvent.Award(new ReplicaId(task, numbers.get(which)), node.id()));
      }
    }
    var last = state.last(of);
    return new Spot(
        new PoolEvent.Cleared(
            pool,
            of.name(),
            last == null ? 1 : last.round() + 1,
            outcome.priceNanoOpen(),
            outcome.bidUnits(),
            outcome.askUnits(),
            awards,
            nowMillis),
        outcome);
  }

  /** What was sold before a restart and not taken up yet; none once its time is over. */
  Map<ReplicaId, NodeId> awarded(long nowMillis) {
    if (nowMillis > redeemUntilMillis) {
      awarded.clear();
    }
    return awarded;
  }

  /** The price at which that was sold. */
  long awardedNanoOpen(ReplicaId replica) {
    return awardedNanoOpen.getOrDefault(replica, 0L);
  }

  /** The words for a lease that was bought in the last clearing. */
  String spotWords(ResourceClass of) {
    var last = state.last(of);
    return last == null
        ? "on the spot"
        : "on the spot at %d nano-OPEN a gigafuel (clearing %d: %d leases bid for, %d for sale); interruptible"
            .formatted(last.priceNanoOpen(), last.round(), last.bidUnits(), last.askUnits());
  }

  /** What a task that bids is told. */
  String bidWords(Request request, long intervalMillis) {
    var last = state.last(ResourceClass.of(request));
    return "bids up to %d nano-OPEN a gigafuel; the market clears every %d ms; %s; what is bought there is interruptible"
        .formatted(
            SpotClearing.limit(request.budgetNanoOpen(), request.fuelMax()),
            intervalMillis,
            last == null
                ? "there was no clearing yet"
                : "last clearing %d at %d".formatted(last.round(), last.priceNanoOpen()));
  }

  // ---- for people ----

  MarketState state() {
    return state;
  }

  /** What a gigafuel of that class costs at once. */
  long postedNanoOpen(ResourceClass of) {
    return PostedPrice.of(state.priceNanoOpen(of), MarketTerms.SPOT.premiumBasisPoints())
        .orElse(Clearing.NO_PRICE);
  }
}
