package xyz.openledger.cluster.member;

import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import xyz.openledger.actors.anchor.AnchorMessage;
import xyz.openledger.actors.member.Member;
import xyz.openledger.actors.node.NodeIdentity;
import xyz.openledger.actors.node.NodeMessage;
import xyz.openledger.actors.node.NodeTerms;
import xyz.openledger.actors.node.NodeView;
import xyz.openledger.chainanchor.outbox.Intent;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.protocol.keys.Secp256k1Key;

/**
 * Registers nodes that have passed their challenge on the chain, with a stake that the sponsor puts
 * up; and tells their twins when that is final. Looks again and again, so nothing is lost when it
 * is interrupted.
 */
final class Registrar {
  private final Member member;
  private final Ask ask;
  private final long stakeNanoOpen;
  private final Set<NodeId> done = new HashSet<>();

  Registrar(Member member, long stakeNanoOpen) {
    this.member = member;
    this.ask = new Ask(member.system());
    this.stakeNanoOpen = stakeNanoOpen;
  }

  /** Looks at all nodes once. */
  void look() {
    for (NodeId node : member.views().nodes().nodes()) {
      if (!done.contains(node)) {
        ask.<NodeMessage, NodeView>of(member.node(node), NodeMessage.Show::new)
            .thenAccept(view -> look(node, view));
      }
    }
  }

  private synchronized void look(NodeId node, NodeView view) {
    NodeIdentity identity = view.identity();
    NodeTerms terms = view.terms();
    var anchorer = member.anchorer();
    if (!view.transactionHash().isEmpty()) {
      done.add(node);
    } else if (identity != null
        && terms != null
        && anchorer != null
        && view.standing().equals("ready")) {
      String id = "register-" + node;
      anchorer.tell(new AnchorMessage.Plan(id, intent(identity, terms)));
      ask.<AnchorMessage, AnchorMessage.RowReply>of(
              anchorer, replyTo -> new AnchorMessage.ShowRow(id, replyTo))
          .thenAccept(reply -> registered(node, reply));
    }
  }

  private void registered(NodeId node, AnchorMessage.RowReply reply) {
    var row = reply.row();
    if (reply.isFinal() && row != null) {
      String hash = row.attempts().isEmpty() ? "0x" : row.attempts().getLast().txHash();
      member.node(node).tell(new NodeMessage.Registered(hash, stakeNanoOpen));
    }
  }

  private Intent intent(NodeIdentity identity, NodeTerms terms) {
    return new Intent.RegisterNode(
        identity.node().value(),
        identity.owner().value(),
        Secp256k1Key.address(HexFormat.of().parseHex(identity.resultKey())).value(),
        Digest.of(Json.canonical(capability(identity, terms))).hex(),
        identity.pool().value(),
        stakeNanoOpen);
  }

  /** What stays the same for as long as the node does: a repeat must plan the same call. */
  private static Object capability(NodeIdentity identity, NodeTerms terms) {
    return new Capability(
        identity.node().value(), terms.hardware().architecture(), terms.hardware().cpuModel());
  }

  private record Capability(String node, String architecture, String cpuModel) {}
}
