package xyz.openledger.actors.pool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Roster;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy.Capacity;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.TenantId;

/** The slots of a pool that were bought ahead: what is kept for whom, and until when. */
final class SoldAhead {
  /** How long a node may be away before the slots that it sold ahead are given up. */
  static final long AWAY_MILLIS = 60_000;

  private final PoolId pool;
  private final Sellers sellers;
  private final Map<NodeId, Map<TenantId, Integer>> used = new HashMap<>();
  private final Map<NodeId, Long> awaySinceMillis = new HashMap<>();
  private Map<JobId, MarketState.Booked> bookings = Map.of();

  SoldAhead(PoolId pool, Sellers sellers) {
    this.pool = pool;
    this.sellers = sellers;
  }

  /** What is booked now; answers the nodes whose slots are kept otherwise since. */
  Set<NodeId> changed(MarketState now) {
    var nodes = new HashSet<NodeId>();
    if (!bookings.equals(now.bookings())) {
      bookings.values().forEach(each -> nodes.add(each.booking().node()));
      now.bookings().values().forEach(each -> nodes.add(each.booking().node()));
    }
    bookings = now.bookings();
    return nodes;
  }

  /** Whether nothing is booked at all. */
  boolean isEmpty() {
    return bookings.isEmpty();
  }

  /** Since when a node is not there, if it is not known yet. */
  void away(NodeId node, long nowMillis) {
    awaySinceMillis.putIfAbsent(node, nowMillis);
  }

  void back(NodeId node) {
    awaySinceMillis.remove(node);
  }

  void took(Grant grant, TenantId tenant) {
    count(grant, tenant, 1);
  }

  void freed(Grant grant, TenantId tenant) {
    count(grant, tenant, -1);
  }

  private void count(Grant grant, TenantId tenant, int more) {
    if (grant.capacity() == Capacity.RESERVED) {
      used.computeIfAbsent(grant.node(), _ -> new HashMap<>()).merge(tenant, more, Integer::sum);
    }
  }

  /** Slots that are kept for those who bought them ahead, and not in use by them. */
  int withheld(NodeId node) {
    if (bookings.isEmpty()) {
      return 0;
    }
    int slots = 0;
    for (var booked : booked(node).entrySet()) {
      slots += Math.max(0, booked.getValue() - used(node, booked.getKey()));
    }
    return slots;
  }

  private Map<TenantId, Integer> booked(NodeId node) {
    var slots = new HashMap<TenantId, Integer>();
    for (MarketState.Booked each : bookings.values()) {
      if (each.keeps() && each.booking().node().equals(node)) {
        slots.merge(each.booking().tenant(), each.booking().slots(), Integer::sum);
      }
    }
    return slots;
  }

  private int used(NodeId node, TenantId tenant) {
    return used.getOrDefault(node, Map.of()).getOrDefault(tenant, 0);
  }

  /** Slots of a node that may still be sold ahead; some may be busy just now. */
  int reservable(NodeId node) {
    int kept = booked(node).values().stream().mapToInt(Integer::intValue).sum();
    return Math.max(0, sellers.of(node).reservedSlots() - kept);
  }

  /** The nodes as a tenant sees them that holds slots of them: paid for already. */
  Roster reserved(Roster nodes, TenantId tenant) {
    return Sellers.sold(
        nodes,
        bookedNodes(),
        node -> {
          int booked = 0;
          for (MarketState.Booked each : bookings.values()) {
            if (each.phase() == MarketState.Phase.ACTIVE
                && each.booking().node().equals(node.id())
                && each.booking().tenant().equals(tenant)) {
              booked += each.booking().slots();
            }
          }
          return booked == 0 ? -1 : Math.max(0, booked - used(node.id(), tenant));
        },
        _ -> 0);
  }

  /** All that are kept for anybody. */
  Roster reserved(Roster nodes) {
    return Sellers.sold(
        nodes,
        bookedNodes(),
        node -> booked(node.id()).isEmpty() ? -1 : withheld(node.id()),
        _ -> 0);
  }

  private Set<NodeId> bookedNodes() {
    var booked = new TreeSet<NodeId>();
    bookings.values().forEach(each -> booked.add(each.booking().node()));
    return booked;
  }

  /** Slots that may still be sold ahead, of those nodes that have some to offer now. */
  Map<Node, Integer> reservable(Roster nodes) {
    var slots = new LinkedHashMap<Node, Integer>();
    for (NodeId id : sellers.ids()) {
      nodes
          .find(id)
          .ifPresent(
              node -> {
                int offered = Math.min(reservable(id), node.offeredSlots());
                if (offered > 0) {
                  slots.put(node, offered);
                }
              });
    }
    return slots;
  }

  /** Opens the standing offers of slots to be bought ahead; refuses what cannot be had. */
  List<Booking> award(SlotsAhead.Order order, Roster nodes, long holds) {
    var offers = new ArrayList<Ordering.Seller>();
    reservable(nodes)
        .forEach(
            (node, slots) -> {
              long price = sellers.of(node.id()).reservedNanoOpenPerSlotHour();
              offers.add(new Ordering.Seller(node, slots, price));
            });
    return Ordering.award(order, offers, holds);
  }

  /** Bookings whose time is over, or whose node has gone. */
  List<PoolEvent> ended(Roster nodes, long nowMillis) {
    var events = new ArrayList<PoolEvent>();
    for (MarketState.Booked each : bookings.values()) {
      if (each.phase() != MarketState.Phase.ACTIVE) {
        continue;
      }
      NodeId id = each.booking().node();
      boolean there = nodes.find(id).filter(Node::accepting).isPresent();
      if (there) {
        awaySinceMillis.remove(id);
      }
      long away = there ? nowMillis : awaySinceMillis.computeIfAbsent(id, _ -> nowMillis);
      if (nowMillis >= each.untilMillis()) {
        events.add(end(each, Math.min(away, each.untilMillis()), "its time is over", nowMillis));
      } else if (nowMillis - away >= AWAY_MILLIS) {
        events.add(end(each, away, "its node was away for too long", nowMillis));
      }
    }
    return events;
  }

  private PoolEvent end(MarketState.Booked each, long keptTo, String why, long nowMillis) {
    return new PoolEvent.BookingEnded(
        pool, each.booking().id(), each.earned(keptTo), why, nowMillis);
  }
}
