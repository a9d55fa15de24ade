package xyz.openledger.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A SHA-256 digest, written {@code sha256:<64 hex digits>}. It names everything that is addressed
 * by its content: modules, inputs, outputs, documents.
 *
 * <p>Held as four longs, so that equality is four comparisons and a digest costs one small object.
 */
public record Digest(long first, long second, long third, long fourth)
    implements Comparable<Digest> {

  /** The length of a digest in bytes. */
  public static final int BYTES = 32;

  private static final String PREFIX = "sha256:";
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** The digest of the concatenation of {@code parts}. */
  public static Digest of(byte[]... parts) {
    MessageDigest sha256 = sha256();
    for (byte[] part : parts) {
      sha256.update(part);
    }
    return wrap(sha256.digest());
  }

  /**
   * Reads 32 bytes as a digest; copies them.
   *
   * @throws ProblemException {@code invalid-request} for any other length
   */
  public static Digest wrap(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new ProblemException(
          Problem.INVALID_REQUEST, "digest", "a digest has 32 bytes, this has " + bytes.length);
    }
    return new Digest(
        (long) LONGS.get(bytes, 0),
        (long) LONGS.get(bytes, 8),
        (long) LONGS.get(bytes, 16),
        (long) LONGS.get(bytes, 24));
  }

  /**
   * Reads {@code sha256:<hex>}.
   *
   * @throws ProblemException {@code invalid-request} for anything else
   */
  @JsonCreator
  public static Digest parse(String text) {
    if (text.length() != PREFIX.length() + 2 * BYTES || !text.startsWith(PREFIX)) {
      throw malformed(text);
    }
    for (int i = PREFIX.length(); i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        throw malformed(text);
      }
    }
    return wrap(HexFormat.of().parseHex(text, PREFIX.length(), text.length()));
  }

  /** A fresh SHA-256; every Java platform has one. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** The 32 bytes, in a new array. */
  public byte[] bytes() {
    byte[] bytes = new byte[BYTES];
    LONGS.set(bytes, 0, first);
    LONGS.set(bytes, 8, second);
    LONGS.set(bytes, 16, third);
    LONGS.set(bytes, 24, fourth);
    return bytes;
  }

  /** 64 lower-case hex digits. */
  public String hex() {
    return HexFormat.of().formatHex(bytes());
  }

  @Override
  public int compareTo(Digest other) {
    int order = Long.compareUnsigned(first, other.first);
    order = order != 0 ? order : Long.compareUnsigned(second, other.second);
    order = order != 0 ? order : Long.compareUnsigned(third, other.third);
    return order != 0 ? order : Long.compareUnsigned(fourth, other.fourth);
  }

  @JsonValue
  @Override
  public String toString() {
    return PREFIX + hex();
  }

  private static ProblemException malformed(String text) {
    return new ProblemException(
        Problem.INVALID_REQUEST,
        "digest",
        "expected sha256: and 64 lower-case hex digits, got "
            + text.substring(0, Math.min(80, text.length())));
  }
}
