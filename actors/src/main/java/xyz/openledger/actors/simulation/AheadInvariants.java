package xyz.openledger.actors.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.pool.Booking;
import xyz.openledger.actors.pool.SlotsAhead;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.market.ReservedPrice;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.TenantId;

/**
 * What must hold of slots that are bought ahead: all that were ordered and no more than were for
 * sale; each winner paid what the rest would have cost without it (Vickrey, Clarke, Groves;
 * reckoned here from whole selections, not lot by lot); nobody else on them meanwhile; and paid for
 * as long as they were kept, to the unit.
 */
final class AheadInvariants {
  private final String where;
  private final Map<JobId, Began> bookings = new TreeMap<>();
  private final Map<NodeId, Map<TenantId, Integer>> used = new HashMap<>();
  private final Map<NodeId, Long> awayAt = new HashMap<>();

  private record Began(Booking booking, long atMillis) {}

  AheadInvariants(String where) {
    this.where = where;
  }

  /** An order was awarded. */
  void awarded(
      SlotsAhead.Order order,
      Map<Node, Integer> forSale,
      ToLongFunction<NodeId> lotNanoOpen,
      List<Booking> won,
      long nowMillis) {
    Map<NodeId, Integer> offered = new TreeMap<>();
    forSale.forEach((node, slots) -> offered.put(node.id(), slots));
    int slots = 0;
    for (Booking booking : won) {
      slots += booking.slots();
      if (booking.slots() > offered.getOrDefault(booking.node(), 0)) {
        fail(nowMillis, booking.node() + " sells more slots ahead than it has for sale");
      }
    }
    if (slots != order.slots()) {
      fail(nowMillis, "of %d slots ordered ahead %d are sold".formatted(order.slots(), slots));
    }
    long ceiling = ReservedPrice.ofLot(order.slotHourMaxNanoOpen(), order.periodMillis());
    for (Booking booking : won) {
      long own = booking.slots() * lotNanoOpen.applyAsLong(booking.node());
      var others = new TreeMap<>(offered);
      others.remove(booking.node());
      long without = cheapest(order.slots(), ceiling, others, lotNanoOpen);
      long rest = cheapest(order.slots(), ceiling, offered, lotNanoOpen) - own;
      if (booking.priceNanoOpen() != without - rest) {
        fail(
            nowMillis,
            "%s is paid %d for slots ahead, and the others would cost %d more without it"
                .formatted(booking.node(), booking.priceNanoOpen(), without - rest));
      }
    }
  }

  /** What so many lots cost at the least; the buyer values those that nobody sells at its limit. */
  private static long cheapest(
      int lots, long ceiling, Map<NodeId, Integer> offered, ToLongFunction<NodeId> lotNanoOpen) {
    var prices = new ArrayList<Long>();
    offered.forEach(
        (node, slots) -> {
          for (int i = 0; i < slots; i++) {
            prices.add(lotNanoOpen.applyAsLong(node));
          }
        });
    return prices.stream()
            .map(price -> Math.min(price, ceiling))
            .sorted()
            .limit(lots)
            .reduce(0L, Long::sum)
        + ceiling * Math.max(0, lots - prices.size());
  }

  /** Their time begins. */
  void began(List<Booking> won, long nowMillis) {
    won.forEach(
        booking -> {
          bookings.put(booking.id(), new Began(booking, nowMillis));
          awayAt.remove(booking.node());
        });
  }

  /** A booking is over, and its node was paid so much. */
  void over(Booking booking, long earnedNanoOpen, long nowMillis) {
    Began began = bookings.remove(booking.id());
    if (began == null) {
      fail(nowMillis, booking.id() + " is paid for and never began");
      return;
    }
    long until = began.atMillis + booking.periodMillis();
    long kept = Math.min(until, awayAt.getOrDefault(booking.node(), until)) - began.atMillis;
    long due =
        Math.floorDiv(Math.multiplyExact(booking.priceNanoOpen(), kept), booking.periodMillis());
    if (earnedNanoOpen != due) {
      fail(
          nowMillis,
          "%s kept slots for %d s and is paid %d for it, not %d"
              .formatted(booking.node(), kept / 1_000, earnedNanoOpen, due));
    }
  }

  void took(Grant grant, TenantId tenant, long nowMillis) {
    if (grant.capacity() == Policy.Capacity.RESERVED) {
      int now =
          used.computeIfAbsent(grant.node(), _ -> new TreeMap<>()).merge(tenant, 1, Integer::sum);
      if (now > booked(grant.node(), tenant)) {
        fail(
            nowMillis,
            "%s runs on slots of %s that it did not buy".formatted(tenant, grant.node()));
      }
    }
  }

  void freed(Grant grant, TenantId tenant) {
    if (grant.capacity() == Policy.Capacity.RESERVED) {
      used.computeIfAbsent(grant.node(), _ -> new TreeMap<>()).merge(tenant, -1, Integer::sum);
    }
  }

  /** A machine went; what comes back is not what was booked. */
  void away(NodeId node, long nowMillis) {
    awayAt.putIfAbsent(node, nowMillis);
  }

  private int booked(NodeId node, TenantId tenant) {
    return bookings.values().stream()
        .map(Began::booking)
        .filter(it -> it.node().equals(node) && it.tenant().equals(tenant))
        .mapToInt(Booking::slots)
        .sum();
  }

  /** Beside what runs on them, booked slots are empty. */
  void kept(Map<NodeId, Integer> running, Roster roster, long nowMillis) {
    Map<NodeId, Map<TenantId, Integer>> booked = new TreeMap<>();
    for (Began each : bookings.values()) {
      booked
          .computeIfAbsent(each.booking.node(), _ -> new TreeMap<>())
          .merge(each.booking.tenant(), each.booking.slots(), Integer::sum);
    }
    booked.forEach(
        (id, tenants) -> {
          int free = 0;
          for (var each : tenants.entrySet()) {
            int runs = used.getOrDefault(id, Map.of()).getOrDefault(each.getKey(), 0);
            free += Math.max(0, each.getValue() - runs);
          }
          int slots = roster.find(id).map(Node::slots).orElse(0);
          if (slots > 0 && running.getOrDefault(id, 0) + free > slots) {
            fail(nowMillis, id + " gave slots to others that were bought ahead");
          }
        });
  }

  private void fail(long nowMillis, String what) {
    throw new Invariants.Violation(where, nowMillis, what);
  }
}
