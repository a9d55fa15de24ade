package xyz.openledger.verification.challenge;

import java.nio.ByteBuffer;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Domain;
import xyz.openledger.protocol.NodeId;

/**
 * What follows from a member's secret for one challenge of one node: nobody without the secret can
 * tell when the next comes or what it asks, and whoever has it can draw everything again.
 *
 * @param time for {@link Capacity#nextAtMillis}
 * @param seed for {@link MemoryWalk}
 */
public record CapacityDraw(long time, long seed) {
  /** The draw of a node's challenge of that number. */
  public static CapacityDraw of(Digest secret, NodeId node, long number) {
    var bytes =
        ByteBuffer.wrap(
            Domain.of("capacity").digest(secret).text(node.value()).int64(number).digest().bytes());
    return new CapacityDraw(bytes.getLong(), bytes.getLong());
  }
}
