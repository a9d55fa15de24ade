package xyz.openledger.actors.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Roster;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.session.Selling;

/**
 * The slots of a pool that are sold ahead, by the rules of the pool's market and without the actors
 * around it: who wins, what is kept for whom, and what is earned. Whoever calls it moves the money
 * and keeps the time.
 */
public final class SlotsAhead {
  private final PoolId pool;
  private final Sellers sellers = new Sellers();
  private final SoldAhead sold;
  private PoolState state = PoolState.EMPTY;

  /** Nothing is for sale yet. */
  public SlotsAhead(PoolId pool) {
    this.pool = pool;
    this.sold = new SoldAhead(pool, sellers);
  }

  /**
   * Slots that a tenant wants for a time, all or none.
   *
   * @param slotHourMaxNanoOpen the most that a slot may cost by the hour
   */
  public record Order(
      JobId id, TenantId tenant, int slots, long periodMillis, long slotHourMaxNanoOpen) {}

  /** What was booked is over, and its node has earned so much of the price. */
  public record Over(Booking booking, long earnedNanoOpen) {}

  /** A node sells so many of its slots ahead, at so much by the hour. */
  public void sells(NodeId node, int slots, long slotHourNanoOpen) {
    sellers.sells(node, new Selling(0, 0, slots, slotHourNanoOpen));
  }

  /** What a node asks for a slot by the hour. */
  public long slotHourNanoOpen(NodeId node) {
    return sellers.of(node).reservedNanoOpenPerSlotHour();
  }

  /** Slots that may be sold ahead now, by node. */
  public Map<Node, Integer> forSale(Roster nodes) {
    return sold.reservable(nodes);
  }

  /**
   * Who wins an order; nothing is booked yet.
   *
   * @throws ProblemException if not all of the slots can be had within the limit
   */
  public List<Booking> award(Order order, Roster nodes) {
    return sold.award(order, nodes, state.market().holds());
  }

  /** The money of bookings is held: their time begins. */
  public void begin(List<Booking> bookings, long nowMillis) {
    apply(new PoolEvent.Booked(pool, bookings, nowMillis));
    for (Booking booking : bookings) {
      apply(new PoolEvent.BookingBegan(pool, booking.id(), nowMillis));
    }
  }

  /** What is over now: its time has passed, or its node was away for too long. */
  public List<Over> over(Roster nodes, long nowMillis) {
    var over = new ArrayList<Over>();
    for (PoolEvent event : sold.ended(nodes, nowMillis)) {
      if (event instanceof PoolEvent.BookingEnded ended) {
        MarketState.Booked known = state.market().bookings().get(ended.booking());
        apply(ended);
        apply(new PoolEvent.BookingClosed(pool, ended.booking(), nowMillis));
        if (known != null) {
          over.add(new Over(known.booking(), ended.earnedNanoOpen()));
        }
      }
    }
    return over;
  }

  private void apply(PoolEvent event) {
    state = state.apply(event);
    sold.changed(state.market());
  }

  /** Slots that are kept for those who bought them, and not in use by them. */
  public int withheld(NodeId node) {
    return sold.withheld(node);
  }

  /** The nodes as a tenant sees them that holds slots of them: paid for already. */
  public Roster of(TenantId tenant, Roster nodes) {
    return sold.reserved(nodes, tenant);
  }

  /** A lease began. */
  public void took(Grant grant, TenantId tenant) {
    sold.took(grant, tenant);
  }

  /** A lease is over. */
  public void freed(Grant grant, TenantId tenant) {
    sold.freed(grant, tenant);
  }

  /** A node is not there. */
  public void away(NodeId node, long nowMillis) {
    sold.away(node, nowMillis);
  }

  /** A node is there again. */
  public void back(NodeId node) {
    sold.back(node);
  }
}
