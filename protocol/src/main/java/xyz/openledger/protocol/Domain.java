package xyz.openledger.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/**
 * Hashes a named kind of thing, so that the hash of one kind never passes for another.
 *
 * <pre>
 *   SHA-256( "openledger/" kind "/v1\n"  field field … )
 *
 *   bytes, text   4-byte big-endian length, then the bytes (text as UTF-8)
 *   int32, int64  big-endian
 *   digest        its 32 bytes
 *   texts         int32 count, then each text
 * </pre>
 *
 * <p>Not thread-safe; one use each.
 */
public final class Domain {
  private final MessageDigest sha256 = Digest.sha256();

  private Domain(String kind) {
    sha256.update(prefix(kind));
  }

  /** Starts the hash of a {@code kind}, such as {@code task}. */
  public static Domain of(String kind) {
    return new Domain(kind);
  }

  /** The bytes that open everything of this kind that is hashed or signed. */
  public static byte[] prefix(String kind) {
    return ("openledger/" + kind + "/v1\n").getBytes(StandardCharsets.US_ASCII);
  }

  /** Adds bytes of any length. */
  public Domain bytes(byte[] value) {
    int32(value.length);
    sha256.update(value);
    return this;
  }

  /** Adds text as UTF-8. */
  public Domain text(String value) {
    return bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds a list of texts. */
  public Domain texts(List<String> values) {
    int32(values.size());
    values.forEach(this::text);
    return this;
  }

  /** Adds a digest. */
  public Domain digest(Digest value) {
    sha256.update(value.bytes());
    return this;
  }

  /** Adds a 32-bit number. */
  public Domain int32(int value) {
    sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
    return this;
  }

  /** Adds a 64-bit number. */
  public Domain int64(long value) {
    sha256.update(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    return this;
  }

  /** Ends the hash. */
  public Digest digest() {
    return Digest.wrap(sha256.digest());
  }
}
