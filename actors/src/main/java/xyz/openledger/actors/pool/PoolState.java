package xyz.openledger.actors.pool;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.Pool;
import xyz.openledger.pools.PoolTerms;
import xyz.openledger.pools.queue.Quotas;
import xyz.openledger.protocol.NodeId;

/**
 * What a pool's events add up to.
 *
 * @param pool null until it is opened
 * @param offers of its nodes, those included that are away just now
 * @param fencedTo fences up to here may have been given out
 */
record PoolState(
    @Nullable Pool pool,
    Map<NodeId, NodeOffer> offers,
    long fencedTo,
    Quotas quotas,
    MarketState market) {
  static final PoolState EMPTY = new PoolState(null, Map.of(), 0);

  /** Without quotas, and with nothing traded yet. */
  PoolState(@Nullable Pool pool, Map<NodeId, NodeOffer> offers, long fencedTo) {
    this(pool, offers, fencedTo, Quotas.NONE, MarketState.EMPTY);
  }

  PoolState apply(PoolEvent event) {
    return switch (event) {
      case PoolEvent.Opened opened ->
          new PoolState(
              new Pool(
                  opened.pool(),
                  opened.name(),
                  opened.operator(),
                  new PoolTerms(
                      opened.scoreMargin(),
                      opened.explorationBasisPoints(),
                      opened.queueMax(),
                      opened.admit(),
                      opened.clearingMillis(),
                      opened.preemptAfterMillis(),
                      opened.noticeMillis(),
                      opened.prefer())),
              offers,
              fencedTo,
              quotas,
              market);
      case PoolEvent.Listed listed -> {
        var more = new TreeMap<>(offers);
        more.put(listed.offer().node(), listed.offer());
        yield new PoolState(pool, more, fencedTo, quotas, market);
      }
      case PoolEvent.Delisted delisted -> {
        var fewer = new TreeMap<>(offers);
        fewer.remove(delisted.node());
        yield new PoolState(pool, fewer, fencedTo, quotas, market);
      }
      case PoolEvent.Fenced fenced -> new PoolState(pool, offers, fenced.upTo(), quotas, market);
      case PoolEvent.QuotaSet set ->
          new PoolState(pool, offers, fencedTo, quotas.with(set.tenant(), set.quota()), market);
      case PoolEvent.Cleared cleared -> with(market.cleared(cleared));
      case PoolEvent.Booked booked -> with(market.booked(booked));
      case PoolEvent.BookingBegan began -> with(market.began(began));
      case PoolEvent.BookingEnded ended -> with(market.ended(ended));
      case PoolEvent.BookingClosed closed -> with(market.closed(closed));
    };
  }

  private PoolState with(MarketState changed) {
    return new PoolState(pool, offers, fencedTo, quotas, changed);
  }
}
