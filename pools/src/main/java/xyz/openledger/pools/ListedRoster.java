package xyz.openledger.pools;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import xyz.openledger.pools.market.ResourceClass;
import xyz.openledger.protocol.NodeId;

/** Nodes in a list. A change copies the list of references. */
record ListedRoster(List<Node> nodes) implements Roster {
  private static final Comparator<Node> BY_ID = Comparator.comparing(Node::id);

  @Override
  public int size() {
    return nodes.size();
  }

  @Override
  public Optional<Node> find(NodeId id) {
    for (Node node : nodes) {
      if (node.id().equals(id)) {
        return Optional.of(node);
      }
    }
    return Optional.empty();
  }

  @Override
  public Roster inClass(ResourceClass of) {
    return nodes.stream().anyMatch(of::isPricedBy)
        ? new ListedRoster(nodes.stream().map(of::seen).toList())
        : this;
  }

  @Override
  public Roster with(Node node) {
    if (nodes.isEmpty()) {
      return Roster.indexed(List.of(node));
    }
    var changed = new ArrayList<>(nodes);
    int at = Collections.binarySearch(changed, node, BY_ID);
    if (at >= 0) {
      changed.set(at, node);
    } else {
      changed.add(-at - 1, node);
    }
    return new ListedRoster(List.copyOf(changed));
  }

  @Override
  public Roster without(NodeId id) {
    return new ListedRoster(nodes.stream().filter(node -> !node.id().equals(id)).toList());
  }

  @Override
  public int freeSlots() {
    return nodes.stream().mapToInt(Node::offeredSlots).sum();
  }

  @Override
  public long slots() {
    return nodes.stream().mapToLong(Node::slots).sum();
  }

  @Override
  public long memoryBytes() {
    return nodes.stream().mapToLong(Cell::memoryBytes).sum();
  }

  @Override
  public Set<String> spokenOf() {
    var facts = new HashSet<String>();
    for (Node node : nodes) {
      facts.addAll(node.terms().speakOf());
    }
    return facts;
  }

  @Override
  public Optional<Node> onlyFree() {
    Node only = null;
    for (Node node : nodes) {
      if (node.offeredSlots() > 0) {
        if (only != null) {
          return Optional.empty();
        }
        only = node;
      }
    }
    return Optional.ofNullable(only);
  }
}
