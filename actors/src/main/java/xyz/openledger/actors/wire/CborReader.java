package xyz.openledger.actors.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Reads what {@link CborWriter} writes. Nothing is allocated on the word of a length: a string or a
 * collection has to fit into the bytes that are left, and nesting is bounded.
 */
final class CborReader {
  /** Records within records; the deepest event of ours has fewer than ten. */
  private static final int DEPTH_MAX = 64;

  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] buffer;
  private int position;
  private int depth;

  CborReader(byte[] buffer) {
    this.buffer = buffer;
  }

  /** Checks that everything has been read. */
  void end() {
    if (position != buffer.length) {
      throw new WireFormatException(buffer.length - position + " bytes too many");
    }
  }

  long integer() {
    int first = first();
    long argument = argument(first);
    int major = first & 0xe0;
    if (major > CborWriter.NEGATIVE) {
      throw unexpected("an integer", first);
    }
    if (argument < 0) {
      throw new WireFormatException("an integer beyond 64 bits");
    }
    return major == CborWriter.UNSIGNED ? argument : ~argument;
  }

  boolean bool() {
    int first = first();
    if (first != CborWriter.TRUE && first != CborWriter.FALSE) {
      throw unexpected("a boolean", first);
    }
    return first == CborWriter.TRUE;
  }

  double float64() {
    int first = first();
    if (first != CborWriter.FLOAT_64) {
      throw unexpected("a 64-bit float", first);
    }
    require(Long.BYTES);
    long bits = (long) LONGS.get(buffer, position);
    position += Long.BYTES;
    return Double.longBitsToDouble(bits);
  }

  String text() {
    int length = length(CborWriter.TEXT, "text", 1);
    var text = new String(buffer, position, length, UTF_8);
    position += length;
    return text;
  }

  byte[] bytes() {
    int length = length(CborWriter.BYTES, "a byte string", 1);
    position += length;
    return Arrays.copyOfRange(buffer, position - length, position);
  }

  /** Begins an array; every element takes a byte at least. {@link #leave} ends it. */
  int array() {
    enter();
    return length(CborWriter.ARRAY, "an array", 1);
  }

  /** Begins a map; every entry takes two bytes at least. {@link #leave} ends it. */
  int map() {
    enter();
    return length(CborWriter.MAP, "a map", 2);
  }

  void leave() {
    depth--;
  }

  /** Skips these bytes if they come next. */
  boolean skip(byte[] expected) {
    int end = position + expected.length;
    if (end > buffer.length
        || !Arrays.equals(buffer, position, end, expected, 0, expected.length)) {
      return false;
    }
    position = end;
    return true;
  }

  private void enter() {
    if (++depth > DEPTH_MAX) {
      throw new WireFormatException("nested deeper than " + DEPTH_MAX);
    }
  }

  private int length(int major, String what, int bytesEach) {
    int first = first();
    if ((first & 0xe0) != major) {
      throw unexpected(what, first);
    }
    long length = argument(first);
    if (length < 0 || length > (buffer.length - position) / bytesEach) {
      throw new WireFormatException(
          what + " longer than the " + (buffer.length - position) + " bytes that are left");
    }
    return (int) length;
  }

  private int first() {
    require(1);
    return Byte.toUnsignedInt(buffer[position++]);
  }

  private long argument(int first) {
    int low = first & 0x1f;
    int size = low < 24 ? 0 : 1 << (low - 24);
    if (low > 27) {
      throw new WireFormatException("0x%02x has no definite length".formatted(first));
    }
    require(size);
    position += size;
    return switch (size) {
      case 0 -> low;
      case 1 -> Byte.toUnsignedLong(buffer[position - 1]);
      case 2 -> Short.toUnsignedLong((short) SHORTS.get(buffer, position - 2));
      case 4 -> Integer.toUnsignedLong((int) INTS.get(buffer, position - 4));
      default -> (long) LONGS.get(buffer, position - 8);
    };
  }

  private void require(int more) {
    if (buffer.length - position < more) {
      throw new WireFormatException("it ends too early, after " + buffer.length + " bytes");
    }
  }

  private static WireFormatException unexpected(String what, int first) {
    return new WireFormatException("expected %s, found 0x%02x".formatted(what, first));
  }
}
