package xyz.openledger.pools;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Domain;

/**
 * What replicas are drawn by for one epoch. Its commitment is published when the epoch starts and
 * the secret when it ends: until then nobody can tell which nodes a job will meet, and afterwards
 * everybody can tell that the draw was fair.
 */
public final class EpochSecret {
  /** The length of a secret. */
  public static final int BYTES = 32;

  private static final String HMAC = "HmacSHA256";

  private final SecretKeySpec key;

  private EpochSecret(SecretKeySpec key) {
    this.key = key;
  }

  /** The secret with these 32 bytes. */
  public static EpochSecret of(byte[] secret) {
    if (secret.length != BYTES) {
      throw Check.refusal("secret", "an epoch secret has 32 bytes, this has " + secret.length);
    }
    return new EpochSecret(new SecretKeySpec(secret, HMAC));
  }

  /** What may be published while the secret is in use. */
  public Digest commitment() {
    return Domain.of("epoch-secret").bytes(key.getEncoded()).digest();
  }

  /** The HMAC-SHA-256 of {@code message}, 32 bytes. */
  byte[] hmac(byte[]... message) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      for (byte[] part : message) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError("every Java platform has " + HMAC, impossible);
    }
  }
}
