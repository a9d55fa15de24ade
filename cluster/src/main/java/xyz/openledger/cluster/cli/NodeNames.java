package xyz.openledger.cluster.cli;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.client.MemberRefusal;
import xyz.openledger.protocol.client.OpenLedgerClient;

/** What people call nodes. */
final class NodeNames {
  private static final int LOOK_UPS_MAX = 32;

  private final Map<NodeId, String> names;

  private NodeNames(Map<NodeId, String> names) {
    this.names = names;
  }

  /** Asks for the names of these nodes; one that may not be asked for keeps its id. */
  static NodeNames of(OpenLedgerClient client, Collection<NodeId> nodes) {
    var names = new HashMap<NodeId, String>();
    for (NodeId node : new TreeSet<>(nodes).stream().limit(LOOK_UPS_MAX).toList()) {
      try {
        names.put(node, client.network().node(node.value()).node().name());
      } catch (MemberRefusal refused) {
        if (refused.code().equals("forbidden")) {
          break;
        }
      }
    }
    return new NodeNames(names);
  }

  /** No names. */
  static NodeNames none() {
    return new NodeNames(Map.of());
  }

  /** The name, or the start of the id. */
  String of(NodeId node) {
    String name = names.getOrDefault(node, "");
    return name.isEmpty() ? Text.shortId(node.value()) : name;
  }
}
