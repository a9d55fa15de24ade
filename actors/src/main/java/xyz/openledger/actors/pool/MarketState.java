package xyz.openledger.actors.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.market.Clearing;
import xyz.openledger.pools.market.ReservedPrice;
import xyz.openledger.pools.market.ResourceClass;
import xyz.openledger.protocol.JobId;

/**
 * What a pool's market has come to: its clearings, and the slots that were bought ahead.
 *
 * <pre>
 *   Booked ──▶ holding ──▶ active ──▶ ended ──▶ closed
 *                 └── refused ──────────────────▶ ┘
 * </pre>
 *
 * @param lasts of each resource class the last clearing with its awards
 * @param rounds the last ones of each class, oldest first
 * @param holds how many holds of money there were
 * @param bookings all that are not closed, and the last that are
 */
record MarketState(
    Map<ResourceClass, PoolEvent.Cleared> lasts,
    List<Round> rounds,
    long holds,
    Map<JobId, Booked> bookings) {
  static final MarketState EMPTY = new MarketState(Map.of(), List.of(), 0, Map.of());

  /** Clearings of a class that are remembered. */
  static final int ROUNDS_MAX = 1_000;

  /** Closed bookings that are remembered, so that a repeated order gets its answer. */
  static final int CLOSED_MAX = 200;

  /** A clearing as it is remembered. */
  record Round(
      ResourceClass of,
      long number,
      long priceNanoOpen,
      long units,
      long bidUnits,
      long askUnits,
      long atMillis) {}

  /** How far a booking has come. */
  enum Phase {
    HOLDING,
    ACTIVE,
    ENDED,
    CLOSED
  }

  /**
   * A booking as it stands.
   *
   * @param sinceMillis when its slots were first kept; when it was asked for, until its money is
   *     held
   * @param earnedNanoOpen what of its price the node is paid, once it has ended
   * @param detail why it ended
   */
  record Booked(
      Booking booking, Phase phase, long sinceMillis, long earnedNanoOpen, String detail) {
    /** Whether its slots are nobody else's. */
    boolean keeps() {
      return phase == Phase.HOLDING || phase == Phase.ACTIVE;
    }

    long untilMillis() {
      return sinceMillis + booking.periodMillis();
    }

    /** What the node has earned if its slots were kept until then. */
    long earned(long atMillis) {
      return ReservedPrice.earned(
          booking.priceNanoOpen(), atMillis - sinceMillis, booking.periodMillis());
    }

    private Booked in(Phase next, long since, long earned, String why) {
      return new Booked(booking, next, since, earned, why);
    }
  }

  /** The last clearing of a class; null before the first. */
  PoolEvent.@Nullable Cleared last(ResourceClass of) {
    return lasts.get(of);
  }

  long priceNanoOpen(ResourceClass of) {
    var last = lasts.get(of);
    return last == null ? Clearing.NO_PRICE : last.priceNanoOpen();
  }

  /** The clearings of a class, oldest first. */
  List<Round> rounds(ResourceClass of) {
    return rounds.stream().filter(round -> round.of().equals(of)).toList();
  }

  MarketState cleared(PoolEvent.Cleared event) {
    var of = new ResourceClass(event.resourceClass());
    var all = new TreeMap<>(lasts);
    all.put(of, event);
    var more = new ArrayList<>(rounds);
    if (rounds(of).size() >= ROUNDS_MAX) {
      more.remove(rounds(of).getFirst());
    }
    more.add(
        new Round(
            of,
            event.round(),
            event.priceNanoOpen(),
            event.awards().size(),
            event.bidUnits(),
            event.askUnits(),
            event.atMillis()));
    return new MarketState(all, List.copyOf(more), holds, bookings);
  }

  MarketState booked(PoolEvent.Booked event) {
    var more = new TreeMap<>(bookings);
    long number = holds;
    for (Booking booking : event.bookings()) {
      more.put(booking.id(), new Booked(booking, Phase.HOLDING, event.atMillis(), 0, ""));
      number = Math.max(number, booking.number());
    }
    return new MarketState(lasts, rounds, number, more);
  }

  MarketState began(PoolEvent.BookingBegan event) {
    Booked known = known(event.booking());
    return with(known.in(Phase.ACTIVE, event.atMillis(), 0, ""));
  }

  MarketState ended(PoolEvent.BookingEnded event) {
    Booked known = known(event.booking());
    return with(known.in(Phase.ENDED, known.sinceMillis(), event.earnedNanoOpen(), event.detail()));
  }

  MarketState closed(PoolEvent.BookingClosed event) {
    Booked known = known(event.booking());
    MarketState after =
        with(known.in(Phase.CLOSED, known.sinceMillis(), known.earnedNanoOpen(), known.detail()));
    List<Booked> closed =
        after.bookings.values().stream()
            .filter(each -> each.phase() == Phase.CLOSED)
            .sorted((one, other) -> Long.compare(one.booking().number(), other.booking().number()))
            .toList();
    var fewer = new TreeMap<>(after.bookings);
    closed
        .subList(0, Math.max(0, closed.size() - CLOSED_MAX))
        .forEach(old -> fewer.remove(old.booking().id()));
    return new MarketState(lasts, rounds, holds, fewer);
  }

  /** What was booked for an order. */
  List<Booked> of(JobId order) {
    return bookings.values().stream().filter(each -> each.booking().order().equals(order)).toList();
  }

  private Booked known(JobId id) {
    return Objects.requireNonNull(bookings.get(id), () -> "no booking " + id);
  }

  private MarketState with(Booked changed) {
    var more = new TreeMap<>(bookings);
    more.put(changed.booking().id(), changed);
    return new MarketState(lasts, rounds, holds, more);
  }
}
