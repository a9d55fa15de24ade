package xyz.openledger.protocol;

import java.math.BigInteger;
import java.nio.ByteBuffer;

/** {@code abi.encode} of static types: one 32-byte word each. */
public final class AbiWords {
  /** The length of a word. */
  public static final int WORD = 32;

  private final ByteBuffer words;

  private AbiWords(int count) {
    words = ByteBuffer.allocate(count * WORD);
  }

  /** Room for {@code count} words. */
  public static AbiWords of(int count) {
    return new AbiWords(count);
  }

  /** An unsigned integer of up to 63 bits. */
  public AbiWords uint(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("unsigned, but " + value);
    }
    words.position(words.position() + WORD - Long.BYTES).putLong(value);
    return this;
  }

  /** An unsigned integer of up to 256 bits. */
  public AbiWords uint(BigInteger value) {
    if (value.signum() < 0 || value.bitLength() > 8 * WORD) {
      throw new IllegalArgumentException("no word: " + value);
    }
    byte[] bytes = value.toByteArray();
    int sign = bytes.length > WORD ? 1 : 0;
    words.position(words.position() + WORD - (bytes.length - sign));
    words.put(bytes, sign, bytes.length - sign);
    return this;
  }

  /** A {@code bytes32}, or a shorter {@code bytesN}: aligned left, filled with zeros. */
  public AbiWords bytes(byte[] value) {
    if (value.length > WORD) {
      throw new IllegalArgumentException("a word has 32 bytes, but " + value.length);
    }
    int next = words.position() + WORD;
    words.put(value).position(next);
    return this;
  }

  /** A {@code bytes32}. */
  public AbiWords digest(Digest value) {
    return bytes(value.bytes());
  }

  /** An {@code address}: aligned right. */
  public AbiWords address(Address value) {
    words.position(words.position() + WORD - Address.BYTES).put(value.bytes());
    return this;
  }

  /** The encoding; all words must have been written. */
  public byte[] encode() {
    if (words.hasRemaining()) {
      throw new IllegalStateException(words.remaining() / WORD + " words are missing");
    }
    return words.array();
  }
}
