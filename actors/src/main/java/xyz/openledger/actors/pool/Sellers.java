package xyz.openledger.actors.pool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Roster;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.session.Selling;

/** Which nodes of a pool sell otherwise than on demand: the market looks at no other. */
final class Sellers {
  private final Map<NodeId, Selling> selling = new TreeMap<>();

  void sells(NodeId node, Selling sold) {
    if (sold.spotSlots() == 0 && sold.reservedSlots() == 0) {
      selling.remove(node);
    } else {
      selling.put(node, sold);
    }
  }

  /** It sells nothing more. */
  void left(NodeId node) {
    selling.remove(node);
  }

  /** In their order. */
  Set<NodeId> ids() {
    return selling.keySet();
  }

  /** How a node sells; {@link Selling#NOTHING} of one that sells on demand alone. */
  Selling of(NodeId node) {
    return selling.getOrDefault(node, Selling.NOTHING);
  }

  /**
   * Those of the nodes that sell so, in a list: however many others a pool has, they are not looked
   * at.
   *
   * @param ids the only ones that may
   * @param free how many slots are sold so now; below 0 for a node that does not sell so
   */
  static Roster sold(
      Roster nodes, Collection<NodeId> ids, ToIntFunction<Node> free, ToLongFunction<Node> price) {
    var sellers = new ArrayList<Node>();
    for (NodeId id : ids) {
      Node node = nodes.find(id).orElse(null);
      int slots = node == null ? -1 : free.applyAsInt(node);
      if (node != null && slots >= 0) {
        sellers.add(
            node.asking(price.applyAsLong(node)).withFreeSlots(Math.min(slots, node.slots())));
      }
    }
    return Roster.of(sellers);
  }
}
