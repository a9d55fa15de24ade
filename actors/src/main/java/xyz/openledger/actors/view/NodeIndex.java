package xyz.openledger.actors.view;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import xyz.openledger.actors.node.NodeEvent;
import xyz.openledger.actors.node.NodeIdentity;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.json.Json;

/** All nodes that ever joined. How each is now, its twin knows. */
public final class NodeIndex {
  private static final int LIST_MAX = 10_000;

  private final ViewStore store;

  /** The nodes in {@code store}. */
  public NodeIndex(ViewStore store) {
    this.store = store;
  }

  /** The nodes that have not left, by id; at most 10,000. */
  public List<NodeId> nodes() {
    var nodes = new ArrayList<NodeId>();
    store.walk(
        ViewStore.Table.NODES,
        null,
        (key, _) -> {
          nodes.add(NodeId.parse(new String(key, StandardCharsets.US_ASCII)));
          return nodes.size() < LIST_MAX;
        });
    return nodes;
  }

  /** Who a node is. */
  public Optional<NodeIdentity> identity(NodeId node) {
    return Optional.ofNullable(store.get(ViewStore.Table.NODES, ViewStore.key(node.value())))
        .map(bytes -> Json.read(bytes, NodeIdentity.class));
  }

  /** Takes in what happened. */
  public void apply(ViewStore.Writing writing, NodeEvent event) {
    byte[] key = ViewStore.key(event.node().value());
    switch (event) {
      case NodeEvent.Enrolled enrolled ->
          writing.put(ViewStore.Table.NODES, key, Json.write(enrolled.identity()));
      case NodeEvent.Left _ -> writing.delete(ViewStore.Table.NODES, key);
      default -> {
        // Its standing is the twin's to tell.
      }
    }
  }
}
