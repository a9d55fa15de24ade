package xyz.openledger.verification.gate;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import xyz.openledger.verification.gate.GateRefusal.Reason;

/**
 * Reads the primitive forms of the binary format from a window of the module. Positions are those
 * of the whole module, so that a refusal names a place the author can find.
 *
 * <p>Nothing is allocated by a count or length that has not been compared with the bytes that are
 * left.
 */
final class ByteReader {

  private final byte[] bytes;
  private final int end;
  private int position;

  ByteReader(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
  }

  int position() {
    return position;
  }

  int remaining() {
    return end - position;
  }

  boolean atEnd() {
    return position == end;
  }

  int u8() {
    if (position >= end) {
      throw truncated();
    }
    return bytes[position++] & 0xFF;
  }

  /** An unsigned 32-bit LEB128 number, 0 to 2³²−1. */
  long u32() {
    return leb(32, false);
  }

  /** A signed 32-bit LEB128 number. */
  int s32() {
    return (int) leb(32, true);
  }

  /** A signed 33-bit LEB128 number: a block's type. */
  long s33() {
    return leb(33, true);
  }

  /** A signed 64-bit LEB128 number. */
  long s64() {
    return leb(64, true);
  }

  /**
   * Reads as the format says: at most ⌈bits/7⌉ bytes, and in the last one only bits that the number
   * has, or copies of its sign.
   */
  private long leb(int bits, boolean signed) {
    int start = position;
    long value = 0;
    int shift = 0;
    int next;
    do {
      next = u8();
      value |= (long) (next & 0x7F) << shift;
      shift += 7;
    } while ((next & 0x80) != 0 && shift < bits);
    if ((next & 0x80) != 0 || (shift > bits && !lastByteFits(next, bits - (shift - 7), signed))) {
      throw new GateRefusal(
          Reason.MALFORMED,
          start,
          "a number is written with more than " + bits + " bits; rebuild the module");
    }
    boolean negative = signed && (next & 0x40) != 0;
    return negative && shift < 64 ? value | (-1L << shift) : value;
  }

  /** Whether the unused bits of the last byte repeat its sign (or are zero, if unsigned). */
  private static boolean lastByteFits(int last, int usedBits, boolean signed) {
    int unused = (last & 0x7F) >> (signed ? usedBits - 1 : usedBits);
    int ones = (1 << (signed ? 8 - usedBits : 7 - usedBits)) - 1;
    return unused == 0 || (signed && unused == ones);
  }

  /** Reads a count of things of at least one byte each, no more than {@code max}. */
  int count(String things, int max) {
    int start = position;
    long count = u32();
    if (count > max) {
      throw new GateRefusal(
          Reason.LIMIT_EXCEEDED,
          start,
          "the module has " + count + " " + things + ", the limit is " + max);
    }
    if (count > remaining()) {
      throw new GateRefusal(
          Reason.TRUNCATED,
          start,
          "the module announces " + count + " " + things + " and ends before them; send it whole");
    }
    return (int) count;
  }

  /** Steps over {@code length} bytes and returns a reader of just those. */
  ByteReader window(long length) {
    if (length > remaining()) {
      throw truncated();
    }
    var window = new ByteReader(bytes, position, position + (int) length);
    position += (int) length;
    return window;
  }

  void skip(int length) {
    if (length > remaining()) {
      throw truncated();
    }
    position += length;
  }

  /** Fixed-width little-endian bits of a float constant: 4 or 8 bytes. */
  long bits(int width) {
    long bits = 0;
    for (int i = 0; i < width; i++) {
      bits |= (long) u8() << (8 * i);
    }
    return bits;
  }

  /** A name: length and UTF-8. */
  String name() {
    int start = position;
    long length = u32();
    if (length > remaining()) {
      throw truncated();
    }
    try {
      var text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes, position, (int) length))
              .toString();
      position += (int) length;
      return text;
    } catch (CharacterCodingException malformed) {
      throw new GateRefusal(
          Reason.MALFORMED, start, "a name is not valid UTF-8; rebuild the module");
    }
  }

  /** Requires that the window has been read to its end. */
  void requireEnd(String what) {
    if (!atEnd()) {
      throw new GateRefusal(
          Reason.MALFORMED,
          position,
          what + " is " + remaining() + " bytes longer than its contents; rebuild the module");
    }
  }

  private GateRefusal truncated() {
    return new GateRefusal(
        Reason.TRUNCATED, position, "the module ends inside something; send it whole");
  }
}
