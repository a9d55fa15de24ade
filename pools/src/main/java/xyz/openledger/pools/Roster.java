package xyz.openledger.pools;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import xyz.openledger.protocol.NodeId;

/**
 * The nodes of a pool in the order of their ids, so that every member that knows the same nodes
 * decides the same. Immutable; a change copies the list of references.
 */
public final class Roster {
  /** A pool without nodes. */
  public static final Roster EMPTY = new Roster(List.of());

  private static final Comparator<Node> BY_ID = Comparator.comparing(Node::id);

  private final List<Node> nodes;

  private Roster(List<Node> nodes) {
    this.nodes = nodes;
  }

  /** These nodes, of which the last of each id counts. */
  public static Roster of(Collection<Node> nodes) {
    Map<NodeId, Node> sorted = new TreeMap<>();
    nodes.forEach(node -> sorted.put(node.id(), node));
    return new Roster(List.copyOf(sorted.values()));
  }

  /** The nodes, by id. */
  public List<Node> nodes() {
    return nodes;
  }

  /** The node with that id. */
  public Optional<Node> find(NodeId id) {
    for (Node node : nodes) {
      if (node.id().equals(id)) {
        return Optional.of(node);
      }
    }
    return Optional.empty();
  }

  /** The same nodes with this one added, or in the place of the one with its id. */
  public Roster with(Node node) {
    var changed = new ArrayList<>(nodes);
    int at = Collections.binarySearch(changed, node, BY_ID);
    if (at >= 0) {
      changed.set(at, node);
    } else {
      changed.add(-at - 1, node);
    }
    return new Roster(List.copyOf(changed));
  }

  /** The nodes but that one. */
  public Roster without(NodeId id) {
    return new Roster(nodes.stream().filter(node -> !node.id().equals(id)).toList());
  }

  /** The leases that these nodes would take now. */
  public int freeSlots() {
    int free = 0;
    for (Node node : nodes) {
      free += node.offeredSlots();
    }
    return free;
  }
}
