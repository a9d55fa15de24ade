package xyz.openledger.cluster.gateway;

import java.time.Duration;
import xyz.openledger.protocol.Check;

/**
 * Where nodes dial in, and how patient the gateway is.
 *
 * @param host to listen on; loopback unless nodes are elsewhere
 * @param port 0 for any free one
 * @param heartbeat how often nodes say how they are; a link that misses five is cut
 * @param grace how long a session waits for a new link before its node counts as lost: shorter
 *     re-leases a dead node's work sooner, longer forgives worse networks
 * @param sessionsMax the most nodes at once; the next is told to come back
 * @param outboundFramesMax what may wait for one node's acknowledgement
 * @param outboundBytesMax the same in bytes
 */
public record GatewaySettings(
    String host,
    int port,
    Duration heartbeat,
    Duration grace,
    int sessionsMax,
    int outboundFramesMax,
    long outboundBytesMax) {
  /** Checks the ranges. */
  public GatewaySettings {
    Check.range("gateway.port", port, 0, 65_535);
    Check.range("gateway.heartbeat", heartbeat.toMillis(), 10, 600_000);
    Check.range("gateway.grace", grace.toMillis(), 0, 86_400_000);
    Check.range("gateway.sessions-max", sessionsMax, 1, 1_000_000);
    Check.range("gateway.outbound-frames-max", outboundFramesMax, 1, 1_000_000);
    Check.range("gateway.outbound-bytes-max", outboundBytesMax, 1, 1L << 40);
  }

  /** A gateway for nodes of this machine: heartbeats each second, lost after five. */
  public static GatewaySettings loopback(int port) {
    return new GatewaySettings(
        "127.0.0.1", port, Duration.ofSeconds(1), Duration.ofSeconds(5), 10_000, 1_024, 16L << 20);
  }

  /** The same with another pace. */
  public GatewaySettings withPace(Duration otherHeartbeat, Duration otherGrace) {
    return new GatewaySettings(
        host, port, otherHeartbeat, otherGrace, sessionsMax, outboundFramesMax, outboundBytesMax);
  }

  /** The same for fewer or more nodes. */
  public GatewaySettings withSessionsMax(int nodes) {
    return new GatewaySettings(
        host, port, heartbeat, grace, nodes, outboundFramesMax, outboundBytesMax);
  }
}
