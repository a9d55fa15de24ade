package xyz.openledger.cluster.member;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.member.Member;
import xyz.openledger.actors.pool.MarketView;
import xyz.openledger.actors.pool.PoolMessage;
import xyz.openledger.pools.market.ResourceClass;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.PoolMarket;
import xyz.openledger.protocol.api.Reservation;
import xyz.openledger.protocol.api.ReservationRequest;
import xyz.openledger.protocol.api.Reservations;

/** What there is to say about a pool's market, and what tenants buy ahead there. */
final class MarketAnswers {
  private final Member member;
  private final Ask ask;

  MarketAnswers(Member member) {
    this.member = member;
    this.ask = new Ask(member.system());
  }

  /**
   * How a market stands.
   *
   * @param tenant whose reservations are told; absent for all
   * @param resourceClass of which work
   */
  CompletionStage<PoolMarket> market(
      PoolId pool, @Nullable TenantId tenant, String resourceClass, int clearings) {
    var of = ResourceClass.named(resourceClass);
    return ask.<PoolMessage, MarketView>of(
            member.pool(pool), replyTo -> new PoolMessage.ShowMarket(of, clearings, replyTo))
        .thenApply(view -> market(view, tenant));
  }

  CompletionStage<Reservations> reserve(
      TenantId tenant, String idempotencyKey, PoolId pool, ReservationRequest request) {
    JobId order = JobId.of(tenant, "reservation/" + pool + "/" + idempotencyKey);
    return ask.<PoolMessage, PoolMessage.ReserveReply>of(
            member.pool(pool),
            replyTo ->
                new PoolMessage.Reserve(
                    order,
                    tenant,
                    request.slots(),
                    request.periodMillis(),
                    request.slotHourMaxNanoOpen(),
                    replyTo))
        .thenApply(
            reply -> {
              Problem problem = reply.problem();
              if (problem != null) {
                throw new ProblemException(problem, "", reply.detail());
              }
              return new Reservations(
                  reply.bookings().stream().map(MarketAnswers::reservation).toList());
            });
  }

  private static PoolMarket market(MarketView view, @Nullable TenantId tenant) {
    if (view.name().isEmpty()) {
      throw new ProblemException(Problem.NOT_FOUND, "pool", "there is no pool " + view.pool());
    }
    List<Reservation> reservations =
        view.bookings().stream()
            .filter(each -> tenant == null || each.tenant().equals(tenant))
            .map(MarketAnswers::reservation)
            .toList();
    return new PoolMarket(
        view.pool(),
        view.name(),
        view.of().name(),
        view.traded().stream().map(ResourceClass::name).toList(),
        view.clearingMillis(),
        price(view.postedNanoOpen()),
        price(view.lastNanoOpen()),
        view.bids(),
        price(view.bestBidNanoOpen()),
        view.asks(),
        price(view.bestAskNanoOpen()),
        view.reservableSlots(),
        view.reservedSlots(),
        view.rounds().stream()
            .map(
                round ->
                    new PoolMarket.Clearing(
                        round.number(),
                        round.priceNanoOpen(),
                        round.units(),
                        round.bidUnits(),
                        round.askUnits(),
                        round.atMillis()))
            .toList(),
        reservations);
  }

  private static Reservation reservation(MarketView.BookingView each) {
    return new Reservation(
        each.id(),
        each.node(),
        each.slots(),
        each.priceNanoOpen(),
        each.phase(),
        each.sinceMillis(),
        each.untilMillis(),
        each.earnedNanoOpen(),
        each.detail());
  }

  private static @Nullable Long price(long nanoOpen) {
    return nanoOpen < 0 ? null : (Long) nanoOpen;
  }
}
