package xyz.openledger.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * All that a machine needs to join, in one line: where the gateway is, how to know that it is the
 * right one, and a secret that is good for one enrolment.
 *
 * <pre>
 *   olc1-&lt;base32 of&gt;
 *     32 bytes  SHA-256 of the authority's certificate (DER)
 *     16 bytes  secret
 *      n bytes  host:port, ASCII
 *      4 bytes  the start of the SHA-256 of all before: a mistyped letter is noticed here
 * </pre>
 *
 * @param gateway {@code host:port}; an IPv6 host in brackets
 * @param authority SHA-256 of the certificate that vouches for the gateway
 * @param token the secret, 26 letters
 */
public record ClaimCode(String gateway, Digest authority, String token) {
  private static final String PREFIX = "olc1-";
  private static final int SECRET_BYTES = 16;
  private static final int SUM_BYTES = 4;
  private static final int GATEWAY_CHARACTERS_MAX = 255;
  private static final Pattern GATEWAY =
      Pattern.compile("(?:[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+]):([0-9]{1,5})");

  /** Checks the address and the token. */
  public ClaimCode {
    Check.text("gateway", gateway, GATEWAY_CHARACTERS_MAX);
    var matcher = GATEWAY.matcher(gateway);
    if (!matcher.matches()) {
      throw Check.refusal("gateway", "expected host:port, got " + gateway);
    }
    Check.range("gateway port", Integer.parseInt(matcher.group(1)), 1, 65_535);
    if (!Base32.isEncoding(token, 0, SECRET_BYTES)) {
      throw Check.refusal("token", "expected 26 letters of a-z2-7");
    }
  }

  /** A new random token. */
  public static String drawToken() {
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    return Base32.encode(secret);
  }

  /** Reads {@code olc1-…}; refuses anything else with {@code invalid-request}. */
  public static ClaimCode parse(String text) {
    String letters = text.strip();
    if (!letters.startsWith(PREFIX)) {
      throw refusal("a claim code starts with " + PREFIX);
    }
    letters = letters.substring(PREFIX.length());
    int length = letters.length() * 5 / Byte.SIZE;
    int fixed = Digest.BYTES + SECRET_BYTES + SUM_BYTES;
    if (length <= fixed
        || length > fixed + GATEWAY_CHARACTERS_MAX
        || !Base32.isEncoding(letters, 0, length)) {
      throw refusal("it is incomplete or has a letter that is not of a-z2-7; copy it again");
    }
    return decode(Base32.decode(letters, 0, length));
  }

  private static ClaimCode decode(byte[] bytes) {
    byte[] payload = Arrays.copyOf(bytes, bytes.length - SUM_BYTES);
    if (!Arrays.equals(sum(payload), Arrays.copyOfRange(bytes, payload.length, bytes.length))) {
      throw refusal("its letters do not add up; copy it again");
    }
    int secretEnd = Digest.BYTES + SECRET_BYTES;
    return new ClaimCode(
        new String(payload, secretEnd, payload.length - secretEnd, StandardCharsets.US_ASCII),
        Digest.wrap(Arrays.copyOf(payload, Digest.BYTES)),
        Base32.encode(Arrays.copyOfRange(payload, Digest.BYTES, secretEnd)));
  }

  /** {@code olc1-…}; holds the secret, so it is shown once and never logged. */
  public String text() {
    byte[] address = gateway.getBytes(StandardCharsets.US_ASCII);
    byte[] payload =
        ByteBuffer.allocate(Digest.BYTES + SECRET_BYTES + address.length)
            .put(authority.bytes())
            .put(Base32.decode(token, 0, SECRET_BYTES))
            .put(address)
            .array();
    return PREFIX
        + Base32.encode(
            ByteBuffer.allocate(payload.length + SUM_BYTES).put(payload).put(sum(payload)).array());
  }

  /** Without the secret, so that a log line gives nothing away. */
  @Override
  public String toString() {
    return PREFIX + "…@" + gateway;
  }

  private static byte[] sum(byte[] payload) {
    return Arrays.copyOf(Digest.of(payload).bytes(), SUM_BYTES);
  }

  private static ProblemException refusal(String detail) {
    return Check.refusal("claim", detail);
  }
}
