package xyz.openledger.actors.job;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.TenantId;

/**
 * Tells a node which of its leases one tenant pays for, without telling it whose: another node is
 * told another number. A guess at a tenant's name can be tried out, so it is no secret.
 */
final class Share {
  private static final String DOMAIN = "openledger-share-1";

  private Share() {}

  static long of(TenantId tenant, NodeId node) {
    String text = "%s\n%s\n%s".formatted(DOMAIN, tenant, node);
    byte[] digest = Digest.of(text.getBytes(StandardCharsets.UTF_8)).bytes();
    return ByteBuffer.wrap(digest).getLong();
  }
}
