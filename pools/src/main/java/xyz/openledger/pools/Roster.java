package xyz.openledger.pools;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import xyz.openledger.pools.market.ResourceClass;
import xyz.openledger.protocol.NodeId;

/**
 * The nodes of a pool in the order of their ids, so that every member that knows the same nodes
 * decides the same. A change answers another roster; the one before stays as it was.
 *
 * <p>A roster given whole is a list, and matching reads all of it. One that begins with {@link
 * #EMPTY} and grows node by node keeps an index, in which a change is one row; its versions share
 * the index, so they belong to one thread.
 */
public sealed interface Roster permits ListedRoster, IndexedRoster {
  /** A pool without nodes. What is added to it is indexed. */
  Roster EMPTY = new ListedRoster(List.of());

  /** These nodes, of which the last of each id counts, in a list. */
  static Roster of(Collection<Node> nodes) {
    Map<NodeId, Node> sorted = new TreeMap<>();
    nodes.forEach(node -> sorted.put(node.id(), node));
    return new ListedRoster(List.copyOf(sorted.values()));
  }

  /** These nodes, of which the last of each id counts, in an index. */
  static Roster indexed(Collection<Node> nodes) {
    var cell = new Cell();
    nodes.forEach(cell::put);
    return new IndexedRoster(cell);
  }

  /** The nodes, by id. */
  List<Node> nodes();

  /** How many they are. */
  int size();

  /** The node with that id. */
  Optional<Node> find(NodeId id);

  /** The same nodes with this one added, or in the place of the one with its id. */
  Roster with(Node node);

  /** The nodes but that one. */
  Roster without(NodeId id);

  /**
   * The same nodes at what they ask for work of that class. It is good until the roster changes,
   * and for nodes at their own prices alone.
   */
  Roster inClass(ResourceClass of);

  /** The leases that these nodes would take now. */
  int freeSlots();

  /** The leases that these nodes hold at once, whether they take work now or not. */
  long slots();

  /** The most linear memory of all those leases. */
  long memoryBytes();

  /** The facts of jobs of which the terms speak by which these nodes take them. */
  Set<String> spokenOf();

  /** The node that would take leases now, if it is the only one. */
  Optional<Node> onlyFree();
}
