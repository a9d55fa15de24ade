package xyz.openledger.actors.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Writes the part of CBOR (RFC 8949) that events use: integers, byte and text strings, arrays and
 * maps of definite length, booleans, and 64-bit floats, each in its shortest form, so that equal
 * values have equal bytes.
 */
final class CborWriter {
  static final int UNSIGNED = 0;
  static final int NEGATIVE = 1 << 5;
  static final int BYTES = 2 << 5;
  static final int TEXT = 3 << 5;
  static final int ARRAY = 4 << 5;
  static final int MAP = 5 << 5;
  static final int FALSE = 0xf4;
  static final int TRUE = 0xf5;
  static final int FLOAT_64 = 0xfb;

  /** A larger buffer is given back after use. */
  private static final int KEPT_BYTES_MAX = 1 << 20;

  private static final int FIRST_BYTES = 1024;
  private static final ThreadLocal<CborWriter> OF_THREAD = ThreadLocal.withInitial(CborWriter::new);
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] buffer = new byte[FIRST_BYTES];
  private int position;

  /** This thread's writer, empty. */
  static CborWriter ofThread() {
    var writer = OF_THREAD.get();
    writer.position = 0;
    return writer;
  }

  /** What was written, in an array of its own. */
  byte[] toBytes() {
    var bytes = Arrays.copyOf(buffer, position);
    if (buffer.length > KEPT_BYTES_MAX) {
      buffer = new byte[FIRST_BYTES];
    }
    return bytes;
  }

  int position() {
    return position;
  }

  /** What was written from a position on; the writer goes back to it. */
  byte[] takeFrom(int start) {
    var bytes = Arrays.copyOfRange(buffer, start, position);
    position = start;
    return bytes;
  }

  void integer(long value) {
    // A negative value n is written as -1 - n.
    head(value >= 0 ? UNSIGNED : NEGATIVE, value >= 0 ? value : ~value);
  }

  void bool(boolean value) {
    ensure(1);
    buffer[position++] = (byte) (value ? TRUE : FALSE);
  }

  void float64(double value) {
    ensure(9);
    buffer[position++] = (byte) FLOAT_64;
    LONGS.set(buffer, position, Double.doubleToLongBits(value));
    position += Long.BYTES;
  }

  void text(String value) {
    var utf8 = value.getBytes(UTF_8);
    head(TEXT, utf8.length);
    raw(utf8);
  }

  void bytes(byte[] value) {
    head(BYTES, value.length);
    raw(value);
  }

  void array(int size) {
    head(ARRAY, size);
  }

  void map(int size) {
    head(MAP, size);
  }

  /** Bytes that are CBOR already. */
  void raw(byte[] cbor) {
    ensure(cbor.length);
    System.arraycopy(cbor, 0, buffer, position, cbor.length);
    position += cbor.length;
  }

  private void head(int major, long argument) {
    ensure(9);
    if (argument < 24) {
      buffer[position++] = (byte) (major | argument);
    } else if (argument <= 0xff) {
      buffer[position++] = (byte) (major | 24);
      buffer[position++] = (byte) argument;
    } else if (argument <= 0xffff) {
      buffer[position++] = (byte) (major | 25);
      SHORTS.set(buffer, position, (short) argument);
      position += Short.BYTES;
    } else if (argument <= 0xffff_ffffL) {
      buffer[position++] = (byte) (major | 26);
      INTS.set(buffer, position, (int) argument);
      position += Integer.BYTES;
    } else {
      buffer[position++] = (byte) (major | 27);
      LONGS.set(buffer, position, argument);
      position += Long.BYTES;
    }
  }

  private void ensure(int more) {
    if (buffer.length - position < more) {
      buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, Math.addExact(position, more)));
    }
  }
}
