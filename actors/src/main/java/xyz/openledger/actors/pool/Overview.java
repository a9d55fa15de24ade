package xyz.openledger.actors.pool;

import java.util.List;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Pool;
import xyz.openledger.pools.PoolTerms;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.market.ResourceClass;
import xyz.openledger.pools.market.SpotClearing;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.PoolId;

/** What a pool shows of itself to those who ask: its nodes, its queue, its market. */
final class Overview {
  private final PoolId id;
  private final Leases leases;
  private final Waiting waiting;
  private final Members members;
  private final PoolMarket market;

  Overview(PoolId id, Leases leases, Waiting waiting, Members members, PoolMarket market) {
    this.id = id;
    this.leases = leases;
    this.waiting = waiting;
    this.members = members;
    this.market = market;
  }

  /** The pool for those who run it. */
  PoolView view(PoolState state) {
    Pool known = state.pool();
    Roster roster = members.roster();
    return new PoolView(
        id,
        known == null ? "" : known.name(),
        known == null ? PoolTerms.DEFAULT : known.terms(),
        members.outside(),
        roster.size(),
        roster.nodes().stream().mapToInt(Node::slots).sum(),
        leases.size(),
        waiting.size(),
        state.offers().values().stream()
            .map(
                offer ->
                    new PoolView.NodeView(
                        offer, leases.on(offer.node()), members.reputation(offer.node()).score()))
            .toList(),
        QuotaUse.of(state.quotas(), leases.onDemand()));
  }

  /** The nodes as those see them who buy that kind of capacity. */
  PoolSurvey survey(PoolMessage.Survey wanted) {
    Pool known = waiting.pool();
    PoolQueue queue = waiting.queue();
    List<Node> nodes =
        switch (wanted.capacity()) {
          case ON_DEMAND -> market.onDemand(members.roster(), wanted.of());
          case SPOT -> market.spot(members.roster(), wanted.of()).nodes();
          case RESERVED -> market.ahead().reserved(members.roster()).nodes();
        };
    return new PoolSurvey(
        id,
        known == null ? "" : known.name(),
        nodes.size(),
        PoolSurvey.thatFit(nodes, wanted.max()),
        waiting.size(),
        queue == null ? null : queue.newcomer(wanted.priority(), wanted.slots()).orElse(null));
  }

  /** What nodes have shown in work of that kind, and what the tenant's quota leaves. */
  PoolProspects prospects(PoolMessage.Prospects wanted) {
    PoolQueue queue = waiting.queue();
    return new PoolProspects(
        members.known(wanted.fuelMax(), wanted.memoryMaxBytes(), wanted.of()),
        queue == null ? PoolProspects.UNLIMITED : queue.slotsMax(wanted.tenant()),
        queue == null ? "" : queue.overQuota(wanted.tenant()).orElse(""),
        market.spotHighest(members.roster(), wanted.of()));
  }

  /** The market, with its last clearings, the newest first. */
  MarketView market(ResourceClass of, int rounds) {
    Pool known = waiting.pool();
    List<MarketState.Round> all = market.state().rounds(of);
    Roster sellers = market.spotAtLeast(members.roster(), of);
    var bids =
        waiting.all().stream()
            .filter(waits -> waits.capacity() == Policy.Capacity.SPOT)
            .filter(waits -> waits.resourceClass().equals(of))
            .map(waits -> SpotClearing.Bid.of(waits.request(), waits.replicas().size()))
            .toList();
    return new MarketView(
        id,
        known == null ? "" : known.name(),
        of,
        List.copyOf(market.state().lasts().keySet()),
        known == null ? PoolTerms.CLEARING_MILLIS : known.terms().clearingMillis(),
        market.postedNanoOpen(of),
        market.state().priceNanoOpen(of),
        bids.stream().mapToInt(SpotClearing.Bid::count).sum(),
        bids.stream().mapToLong(SpotClearing.Bid::limitNanoOpen).max().orElse(-1),
        sellers.freeSlots(),
        sellers.nodes().stream()
            .filter(node -> node.offeredSlots() > 0)
            .mapToLong(Node::priceNanoOpenPerGigafuel)
            .min()
            .orElse(-1),
        market.ahead().reservable(members.roster()).values().stream()
            .mapToInt(Integer::intValue)
            .sum(),
        market.state().bookings().values().stream()
            .filter(MarketState.Booked::keeps)
            .mapToInt(each -> each.booking().slots())
            .sum(),
        all.subList(Math.max(0, all.size() - rounds), all.size()).reversed().stream()
            .map(MarketView::view)
            .toList(),
        market.state().bookings().values().stream().map(MarketView::view).toList());
  }
}
