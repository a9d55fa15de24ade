package xyz.openledger.nodes.session;

import java.util.List;
import java.util.stream.Stream;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.keys.Secp256k1Key;
import xyz.openledger.protocol.session.Commit;
import xyz.openledger.protocol.session.Fault;
import xyz.openledger.protocol.session.NodeMessage;
import xyz.openledger.protocol.session.NodeWire;
import xyz.openledger.protocol.session.RevealBatch;

/**
 * A message on its way to the member. Reveals are signed when they leave, not before: a later
 * session may have them judged by another court.
 */
sealed interface Outgoing {
  /** A message as it is. */
  record Plain(NodeMessage message) implements Outgoing {}

  /** Answers to be shown under one signature. */
  record Shown(List<Answer> answers) implements Outgoing {}

  /** The message, signed for that court if it needs a signature. */
  default NodeMessage message(NodeId node, ResultStatement.Court court, Secp256k1Key key) {
    return switch (this) {
      case Plain(var message) -> message;
      case Shown(var answers) ->
          new NodeMessage.Revealed(
              RevealBatch.sign(answers.stream().map(Answer::reveal).toList(), node, court, key));
    };
  }

  /** About as many bytes as its frame will have. */
  default long frameBytes() {
    return switch (this) {
      case Plain(var message) -> NodeWire.frameBytes(message);
      case Shown(var answers) ->
          answers.stream().mapToLong(answer -> NodeWire.revealBytes(answer.reveal())).sum();
    };
  }

  /** The replicas it is about. */
  default Stream<ReplicaId> replicas() {
    return switch (this) {
      case Shown(var answers) -> answers.stream().map(answer -> answer.lease().replica());
      case Plain(NodeMessage.Committed(var commits)) -> commits.stream().map(Commit::replica);
      case Plain(NodeMessage.Faulted(var faults)) -> faults.stream().map(Fault::replica);
      case Plain(NodeMessage.Revealed(var batch)) ->
          batch.reveals().stream().map(reveal -> reveal.replica());
      case Plain(NodeMessage.Left _), Plain(NodeMessage.CapacityAnswered _) -> Stream.empty();
    };
  }
}
