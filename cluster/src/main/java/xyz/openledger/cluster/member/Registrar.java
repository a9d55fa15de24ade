package xyz.openledger.cluster.member;

import java.time.Clock;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
 * is interrupted; one that the chain refuses is tried less and less often.
 */
final class Registrar {
  private static final Logger LOG = LoggerFactory.getLogger(Registrar.class);

  private final Member member;
  private final Ask ask;
  private final long stakeNanoOpen;
  private final Clock clock;
  private final Set<NodeId> done = new HashSet<>();
  private final Registrations registrations = new Registrations();

  Registrar(Member member, long stakeNanoOpen, Clock clock) {
    this.member = member;
    this.ask = new Ask(member.system());
    this.stakeNanoOpen = stakeNanoOpen;
    this.clock = clock;
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
      registrations.done(node);
    } else if (identity != null
        && terms != null
        && anchorer != null
        && view.standing().equals("ready")) {
      var plan = new AnchorMessage.Plan("register-" + node, intent(identity, terms));
      ask.<AnchorMessage, AnchorMessage.RowReply>of(
              anchorer, replyTo -> new AnchorMessage.ShowRow(plan.id(), replyTo))
          .thenAccept(reply -> heard(node, plan, anchorer, reply));
    }
  }

  private synchronized void heard(
      NodeId node,
      AnchorMessage.Plan plan,
      ActorRef<AnchorMessage> anchorer,
      AnchorMessage.RowReply reply) {
    var row = reply.row();
    switch (registrations.next(node, row != null, clock.millis())) {
      case Registrations.Step.Plan _ -> anchorer.tell(plan);
      case Registrations.Step.Pause(var pause) ->
          LOG.warn(
              "{} is not registered: the chain will not have it ({}); trying again in {} minutes",
              node,
              Objects.requireNonNullElse(reply.abandoned(), "it does not say why"),
              pause.toMinutes());
      case Registrations.Step.Wait _ -> {
        // Until the outbox is done with it.
      }
    }
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
