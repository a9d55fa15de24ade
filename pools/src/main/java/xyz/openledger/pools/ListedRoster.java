package xyz.openledger.pools;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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
  public Set<OwnTerms> terms() {
    return nodes.stream()
        .map(Node::terms)
        .filter(terms -> !terms.equals(OwnTerms.NONE))
        .collect(Collectors.toUnmodifiableSet());
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
}
