package xyz.openledger.pools;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Domain;
import xyz.openledger.protocol.ReplicaId;

/**
 * Which results are repeated however well their nodes stand, drawn by the epoch secret:
 *
 * <pre>
 *   audited     the high 64 bits of 1,000,000 × the first 8 bytes of
 *               HMAC(secret, "openledger/audit-draw/v1\n" replica)  lie below the rate
 * </pre>
 *
 * <p>So nobody can tell before the secret is published, and everybody can tell afterwards.
 */
public final class AuditDraw {
  private static final byte[] PREFIX = Domain.prefix("audit-draw");
  private static final int MILLION = 1_000_000;

  private AuditDraw() {}

  /** Whether that replica's result is repeated, at a rate in parts of a million. */
  public static boolean of(EpochSecret secret, ReplicaId replica, int partsPerMillion) {
    Check.range("partsPerMillion", partsPerMillion, 0, MILLION);
    byte[] mac = secret.hmac(PREFIX, replica.toString().getBytes(StandardCharsets.US_ASCII));
    return Math.unsignedMultiplyHigh(ByteBuffer.wrap(mac).getLong(), MILLION) < partsPerMillion;
  }
}
