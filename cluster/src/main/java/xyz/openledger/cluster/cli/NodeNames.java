package xyz.openledger.cluster.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.api.NodeDetail;
import xyz.openledger.protocol.api.NodeSummary;
import xyz.openledger.protocol.client.MemberRefusal;
import xyz.openledger.protocol.client.OpenLedgerClient;

/** What people call nodes. */
final class NodeNames {
  private static final int LOOK_UPS_MAX = 32;

  private static final Pattern ID = Pattern.compile("\\bnode-[a-z2-7]{26}\\b");

  private final Map<NodeId, NodeDetail> nodes;

  private NodeNames(Map<NodeId, NodeDetail> nodes) {
    this.nodes = nodes;
  }

  /** Asks for the names of these nodes; one that may not be asked for keeps its id. */
  static NodeNames of(OpenLedgerClient client, Collection<NodeId> nodes) {
    var known = new HashMap<NodeId, NodeDetail>();
    for (NodeId node : new TreeSet<>(nodes).stream().limit(LOOK_UPS_MAX).toList()) {
      try {
        known.put(node, client.network().node(node.value()));
      } catch (MemberRefusal refused) {
        if (refused.code().equals("forbidden")) {
          break;
        }
      }
    }
    return new NodeNames(known);
  }

  /**
   * The id, or its prefix, of the node that {@code text} names: itself if it looks like one, else
   * that of the one node of this name.
   */
  static String id(OpenLedgerClient client, String text) {
    if (text.startsWith("node-")) {
      return text;
    }
    List<NodeSummary> found = new ArrayList<>();
    for (NodeSummary node : client.network().nodes(null)) {
      if (node.name().equals(text)) {
        found.add(node);
      }
    }
    if (found.size() != 1) {
      throw CommandFailure.usage(
          found.isEmpty()
              ? "no node is called " + text
              : found.size() + " nodes are called " + text,
          "NODE",
          found.isEmpty()
              ? "openledger node list"
              : "openledger node show " + Text.shortId(found.getFirst().id().value()));
    }
    return found.getFirst().id().value();
  }

  /** No names. */
  static NodeNames none() {
    return new NodeNames(Map.of());
  }

  /** The name, or the start of the id. */
  String of(NodeId node) {
    NodeDetail known = nodes.get(node);
    String name = known == null ? "" : known.node().name();
    return name.isEmpty() ? Text.shortId(node.value()) : name;
  }

  /** What else was said of it; absent if it may not be asked for. */
  @Nullable NodeDetail detail(NodeId node) {
    return nodes.get(node);
  }

  /** Asks for the names of the nodes whose ids stand in these sentences. */
  static NodeNames in(OpenLedgerClient client, List<String> sentences) {
    return of(
        client,
        sentences.stream()
            .flatMap(sentence -> ID.matcher(sentence).results())
            .map(found -> NodeId.parse(found.group()))
            .toList());
  }

  /** The sentence with names for ids. */
  String put(String sentence) {
    return ID.matcher(sentence)
        .replaceAll(found -> Matcher.quoteReplacement(of(NodeId.parse(found.group()))));
  }
}
