package xyz.openledger.nodes.session;

import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.concurrent.TimeUnit;
import xyz.openledger.protocol.session.Handshake;
import xyz.openledger.protocol.session.SessionLimits;

/** Connections to a member's node gateway, over TLS and to no other. */
public final class GatewayChannel {
  private static final int KEEP_ALIVE_SECONDS = 20;

  private GatewayChannel() {}

  /**
   * A channel that connects when it is first used.
   *
   * @param gateway {@code host:port}
   */
  public static ManagedChannel open(String gateway, PinnedTrust trust) {
    int colon = gateway.lastIndexOf(':');
    String host = gateway.substring(0, colon).replaceAll("[\\[\\]]", "");
    int port = Integer.parseInt(gateway.substring(colon + 1));
    return NettyChannelBuilder.forAddress(
            host, port, TlsChannelCredentials.newBuilder().trustManager(trust).build())
        .overrideAuthority(Handshake.GATEWAY_NAME)
        .maxInboundMessageSize(SessionLimits.FRAME_BYTES_MAX)
        .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
        .disableRetry()
        .build();
  }
}
