package xyz.openledger.actors.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.Pool;
import xyz.openledger.pools.PoolTerms;
import xyz.openledger.pools.market.ResourceClass;
import xyz.openledger.pools.queue.Quotas;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.TenantId;

/**
 * A pool in a snapshot: what its events add up to, in forms that the journal has for them where it
 * has.
 *
 * @param opened its terms, as the event that would set them; absent before it was opened
 * @param quotas the quotas of tenants, and one without a tenant for all others
 * @param cleared the last clearing of {@code wasm} with its awards; absent before the first
 * @param rounds the last clearings, oldest first
 * @param holds how many holds of money there were
 * @param others the last clearings of the other resource classes; absent for none
 */
public record PoolSnapshot(
    PoolEvent.@Nullable Opened opened,
    List<NodeOffer> offers,
    long fencedTo,
    List<KeptQuota> quotas,
    PoolEvent.@Nullable Cleared cleared,
    List<KeptRound> rounds,
    long holds,
    List<KeptBooking> bookings,
    @Nullable List<PoolEvent.Cleared> others) {

  /** The quota of one tenant, or of all that have none of their own. */
  public record KeptQuota(@Nullable TenantId tenant, Quotas.Quota quota) {}

  /**
   * A clearing that is remembered.
   *
   * @param resourceClass absent for {@code wasm}
   */
  public record KeptRound(
      long number,
      long priceNanoOpen,
      long units,
      long bidUnits,
      long askUnits,
      long atMillis,
      @Nullable String resourceClass) {}

  /** A booking that is remembered. */
  public record KeptBooking(
      Booking booking, String phase, long sinceMillis, long earnedNanoOpen, String detail) {}

  static PoolSnapshot of(PoolState state) {
    MarketState market = state.market();
    var quotas = new ArrayList<KeptQuota>();
    new TreeMap<>(state.quotas().named())
        .forEach((tenant, quota) -> quotas.add(new KeptQuota(tenant, quota)));
    if (state.quotas().others() != null) {
      quotas.add(new KeptQuota(null, state.quotas().others()));
    }
    return new PoolSnapshot(
        opened(state.pool()),
        List.copyOf(state.offers().values()),
        state.fencedTo(),
        quotas,
        market.last(ResourceClass.WASM),
        market.rounds().stream().map(PoolSnapshot::kept).toList(),
        market.holds(),
        market.bookings().values().stream().map(PoolSnapshot::kept).toList(),
        others(market));
  }

  private static @Nullable List<PoolEvent.Cleared> others(MarketState market) {
    var others = new TreeMap<>(market.lasts());
    others.remove(ResourceClass.WASM);
    return others.isEmpty() ? null : List.copyOf(others.values());
  }

  private Map<ResourceClass, PoolEvent.Cleared> lasts() {
    var lasts = new TreeMap<ResourceClass, PoolEvent.Cleared>();
    if (cleared != null) {
      lasts.put(new ResourceClass(cleared.resourceClass()), cleared);
    }
    if (others != null) {
      others.forEach(each -> lasts.put(new ResourceClass(each.resourceClass()), each));
    }
    return lasts;
  }

  PoolState state() {
    Map<NodeId, NodeOffer> listed = new TreeMap<>();
    offers.forEach(offer -> listed.put(offer.node(), offer));
    var limits = Quotas.NONE;
    for (KeptQuota each : quotas) {
      limits = limits.with(each.tenant(), each.quota());
    }
    Map<JobId, MarketState.Booked> booked = new TreeMap<>();
    for (KeptBooking each : bookings) {
      booked.put(
          each.booking().id(),
          new MarketState.Booked(
              each.booking(),
              MarketState.Phase.valueOf(each.phase().toUpperCase(Locale.ROOT)),
              each.sinceMillis(),
              each.earnedNanoOpen(),
              each.detail()));
    }
    var market =
        new MarketState(
            lasts(),
            rounds.stream()
                .map(
                    round ->
                        new MarketState.Round(
                            round.resourceClass() == null
                                ? ResourceClass.WASM
                                : new ResourceClass(round.resourceClass()),
                            round.number(),
                            round.priceNanoOpen(),
                            round.units(),
                            round.bidUnits(),
                            round.askUnits(),
                            round.atMillis()))
                .toList(),
            holds,
            booked);
    Pool pool = opened == null ? null : PoolState.EMPTY.apply(opened).pool();
    return new PoolState(pool, listed, fencedTo, limits, market);
  }

  private static PoolEvent.@Nullable Opened opened(@Nullable Pool pool) {
    if (pool == null) {
      return null;
    }
    PoolTerms terms = pool.terms();
    return new PoolEvent.Opened(
        pool.id(),
        pool.name(),
        pool.operator(),
        terms.scoreMargin(),
        terms.explorationBasisPoints(),
        terms.queueMax(),
        terms.admit(),
        terms.clearingMillis(),
        terms.preemptAfterMillis(),
        terms.noticeMillis(),
        terms.prefer(),
        0);
  }

  private static KeptRound kept(MarketState.Round round) {
    return new KeptRound(
        round.number(),
        round.priceNanoOpen(),
        round.units(),
        round.bidUnits(),
        round.askUnits(),
        round.atMillis(),
        round.of().equals(ResourceClass.WASM) ? null : round.of().name());
  }

  private static KeptBooking kept(MarketState.Booked booked) {
    return new KeptBooking(
        booked.booking(),
        booked.phase().name().toLowerCase(Locale.ROOT),
        booked.sinceMillis(),
        booked.earnedNanoOpen(),
        booked.detail());
  }
}
