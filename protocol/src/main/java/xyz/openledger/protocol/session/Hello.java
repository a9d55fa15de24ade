package xyz.openledger.protocol.session;

import com.google.protobuf.ByteString;
import java.util.List;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.keys.Ed25519Key;

/**
 * How a node opens a stream.
 *
 * @param transportKey Ed25519, 32 bytes; the node's id is derived from it
 * @param incarnation drawn once per agent process; 16 bytes
 * @param session the one to go on with; empty for a new one
 * @param held leases that the process still holds or whose answers are not acknowledged
 * @param fenceSeen the highest fence the machine may have seen, also before a restart
 * @param hearsNotices whether it understands {@link HubMessage.Noticed}; agents of earlier releases
 *     do not
 * @param signature of {@link Handshake#helloMessage}
 */
public record Hello(
    NodeId node,
    ByteString transportKey,
    ByteString incarnation,
    ByteString session,
    int credits,
    List<ReplicaId> held,
    long fenceSeen,
    Inventory inventory,
    Benchmark benchmark,
    Terms terms,
    boolean hearsNotices,
    ByteString signature) {
  private static final int HELD_MAX = 65_536;

  /** Checks the ranges, and that the node has that key. */
  public Hello {
    Check.range("transportKey", transportKey.size(), 32, 32);
    Check.range(
        "incarnation", incarnation.size(), SessionLimits.NAME_BYTES, SessionLimits.NAME_BYTES);
    Check.range("session", session.size(), 0, SessionLimits.NAME_BYTES);
    Check.range("credits", credits, 0, SessionLimits.CREDITS_MAX);
    held = List.copyOf(Check.size("heldReplicas", held, 0, HELD_MAX));
    Check.range("fenceSeen", fenceSeen, 0, Long.MAX_VALUE);
    if (!NodeId.of(transportKey.toByteArray()).equals(node)) {
      throw Check.refusal("nodeId", node + " is not the id of that transport key");
    }
  }

  /** Whether the holder of the transport key answered that nonce. */
  public boolean answers(ByteString nonce) {
    return Ed25519Key.verify(
        transportKey.toByteArray(),
        Handshake.helloMessage(nonce, node, incarnation),
        signature.toByteArray());
  }
}
