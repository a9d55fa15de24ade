package xyz.openledger.cluster.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import xyz.openledger.cluster.http.api.Scope;
import xyz.openledger.protocol.NodeId;

/**
 * The bearer tokens with which nodes read and store blobs. Nothing is stored for them: each says
 * whose it is and until when, under a MAC.
 *
 * <pre>
 *   oln1.&lt;node id&gt;.&lt;seconds since 1970&gt;.&lt;base64url of HMAC-SHA-256&gt;
 *   MAC over "openledger/blob-token/v1\n" ‖ node id (ASCII) ‖ expiry (8 bytes, big-endian)
 * </pre>
 */
public final class NodeTokens {
  static final String PREFIX = "oln1.";

  private static final int SECRET_BYTES = 32;
  private static final byte[] DOMAIN =
      "openledger/blob-token/v1\n".getBytes(StandardCharsets.US_ASCII);
  private static final Pattern FORM =
      Pattern.compile("oln1\\.(node-[a-z2-7]{26})\\.([0-9]{1,12})\\.([A-Za-z0-9_-]{43})");

  private final SecretKeySpec key;

  /** Tokens under a secret of at least 32 bytes. */
  public NodeTokens(byte[] secret) {
    if (secret.length < SECRET_BYTES) {
      throw new IllegalArgumentException("the secret needs 32 bytes, has " + secret.length);
    }
    this.key = new SecretKeySpec(secret, "HmacSHA256");
  }

  /** Tokens under the secret in {@code file}, which is made with mode 0600 if missing. */
  public static NodeTokens open(Path file) throws IOException {
    if (!Files.exists(file)) {
      byte[] secret = new byte[SECRET_BYTES];
      new SecureRandom().nextBytes(secret);
      PrivateFiles.write(file, secret);
    }
    PrivateFiles.requirePrivate(file);
    return new NodeTokens(Files.readAllBytes(file));
  }

  /** A token for {@code node}, good until {@code expiry}. */
  public String issue(NodeId node, Instant expiry) {
    long seconds = expiry.getEpochSecond();
    return PREFIX
        + node
        + "."
        + seconds
        + "."
        + Base64.getUrlEncoder().withoutPadding().encodeToString(mac(node.value(), seconds));
  }

  /** Whose token it is, if it is ours and still good. */
  Optional<Principal> find(String token, Instant now) {
    var form = FORM.matcher(token);
    if (!form.matches()) {
      return Optional.empty();
    }
    long seconds = Long.parseLong(form.group(2));
    byte[] mac = Base64.getUrlDecoder().decode(form.group(3));
    if (!MessageDigest.isEqual(mac, mac(form.group(1), seconds))
        || now.getEpochSecond() >= seconds) {
      return Optional.empty();
    }
    return Optional.of(
        new Principal(form.group(1), null, EnumSet.of(Scope.BLOBS_READ, Scope.BLOBS_WRITE)));
  }

  private byte[] mac(String node, long seconds) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      mac.update(DOMAIN);
      mac.update(node.getBytes(StandardCharsets.US_ASCII));
      return mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(seconds).array());
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError("every Java platform has HmacSHA256", impossible);
    }
  }
}
