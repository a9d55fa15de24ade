package xyz.openledger.actors.pool;

import java.util.List;
import java.util.Locale;
import xyz.openledger.actors.wire.MemberMessage;
import xyz.openledger.pools.market.ResourceClass;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.TenantId;

/**
 * How a pool's market is, for people.
 *
 * @param name empty if the pool is not open
 * @param of which class of work this is about
 * @param traded the classes in which there was a clearing
 * @param postedNanoOpen what a gigafuel costs at once, by the last clearing; -1 before the first
 * @param lastNanoOpen the last clearing price; -1 before the first
 * @param bids leases that are bid for at this moment, and the best limit; -1 for none
 * @param asks leases that are for sale on the spot now, and the least that is taken; -1 for none
 * @param reservableSlots that may be bought ahead
 * @param rounds the last clearings, newest first
 */
public record MarketView(
    PoolId pool,
    String name,
    ResourceClass of,
    List<ResourceClass> traded,
    long clearingMillis,
    long postedNanoOpen,
    long lastNanoOpen,
    int bids,
    long bestBidNanoOpen,
    int asks,
    long bestAskNanoOpen,
    int reservableSlots,
    int reservedSlots,
    List<RoundView> rounds,
    List<BookingView> bookings)
    implements MemberMessage {

  /** One clearing. */
  public record RoundView(
      long number, long priceNanoOpen, long units, long bidUnits, long askUnits, long atMillis) {}

  /** Slots that a tenant bought ahead. */
  public record BookingView(
      JobId id,
      TenantId tenant,
      NodeId node,
      int slots,
      long priceNanoOpen,
      String phase,
      long sinceMillis,
      long untilMillis,
      long earnedNanoOpen,
      String detail) {}

  static BookingView view(MarketState.Booked each) {
    return new BookingView(
        each.booking().id(),
        each.booking().tenant(),
        each.booking().node(),
        each.booking().slots(),
        each.booking().priceNanoOpen(),
        each.phase().name().toLowerCase(Locale.ROOT),
        each.sinceMillis(),
        each.untilMillis(),
        each.earnedNanoOpen(),
        each.detail());
  }

  static RoundView view(MarketState.Round round) {
    return new RoundView(
        round.number(),
        round.priceNanoOpen(),
        round.units(),
        round.bidUnits(),
        round.askUnits(),
        round.atMillis());
  }
}
