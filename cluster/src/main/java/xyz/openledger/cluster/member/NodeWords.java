package xyz.openledger.cluster.member;

import com.google.protobuf.ByteString;
import java.util.HexFormat;
import xyz.openledger.actors.node.HeardBy;
import xyz.openledger.actors.node.NodeMessage;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.session.NodeMessage.CapacityAnswered;
import xyz.openledger.protocol.session.NodeMessage.Committed;
import xyz.openledger.protocol.session.NodeMessage.Faulted;
import xyz.openledger.protocol.session.NodeMessage.Left;
import xyz.openledger.protocol.session.NodeMessage.Revealed;
import xyz.openledger.protocol.session.Reveal;
import xyz.openledger.protocol.session.RevealBatch;

/** A node's words, as its twin takes them. */
public final class NodeWords {
  private static final Digest NO_SALT = new Digest(0, 0, 0, 0);

  private NodeWords() {}

  /** How many things it says, each of which takes effect on its own. */
  static int size(xyz.openledger.protocol.session.NodeMessage message) {
    return switch (message) {
      case Committed(var commits) -> commits.size();
      case Revealed(var batch) -> batch.reveals().size();
      case Faulted(var faults) -> faults.size();
      case Left _, CapacityAnswered _ -> 0;
    };
  }

  /**
   * What the twin is told.
   *
   * @param heardBy who hears from the twin once it has taken effect
   */
  public static NodeMessage toTwin(
      xyz.openledger.protocol.session.NodeMessage message, HeardBy heardBy) {
    return switch (message) {
      case Committed(var commits) ->
          new NodeMessage.Commits(
              commits.stream()
                  .map(
                      commit ->
                          new NodeMessage.Commit(
                              commit.replica(), commit.fence(), commit.commitment()))
                  .toList(),
              heardBy);
      case Revealed(var batch) -> reveals(batch, heardBy);
      case Faulted(var faults) ->
          new NodeMessage.Faults(
              faults.stream()
                  .map(
                      fault ->
                          new NodeMessage.Fault(
                              fault.replica(),
                              fault.fence(),
                              fault.problem(),
                              fault.detail(),
                              fault.saved()))
                  .toList(),
              heardBy);
      case CapacityAnswered(var answer) ->
          new NodeMessage.CapacityAnswer(answer.seed(), answer.digest());
      case Left(var permanent) -> new NodeMessage.Leaving(permanent);
    };
  }

  private static NodeMessage reveals(RevealBatch batch, HeardBy heardBy) {
    return new NodeMessage.Reveals(
        batch.reveals().stream().map(NodeWords::shown).toList(),
        batch.root(),
        HexFormat.of().formatHex(batch.signature().toByteArray()),
        heardBy);
  }

  private static NodeMessage.Shown shown(Reveal reveal) {
    ByteString output = reveal.inlineOutput();
    return new NodeMessage.Shown(
        reveal.replica(),
        reveal.fence(),
        reveal.task(),
        reveal.outcome(),
        reveal.salt().isEmpty() ? NO_SALT : Digest.wrap(reveal.salt().toByteArray()),
        output == null ? null : output.toByteArray(),
        reveal.attestation());
  }
}
