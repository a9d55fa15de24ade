package xyz.openledger.verification.gate;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes the primitive forms of the binary format, every number in its shortest form. */
final class ByteWriter {

  private byte[] bytes;
  private int size;

  ByteWriter(int capacity) {
    bytes = new byte[Math.max(16, capacity)];
  }

  int size() {
    return size;
  }

  ByteWriter u8(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
    return this;
  }

  /** Opcodes, one byte each. */
  ByteWriter ops(int... values) {
    for (int value : values) {
      u8(value);
    }
    return this;
  }

  /** An unsigned LEB128 number. */
  ByteWriter unsigned(long value) {
    long rest = value;
    while (rest > 0x7F) {
      u8((int) (rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    return u8((int) rest);
  }

  /** A signed LEB128 number. */
  ByteWriter signed(long value) {
    long rest = value;
    while (rest < -64 || rest > 63) {
      u8((int) (rest & 0x7F) | 0x80);
      rest >>= 7;
    }
    return u8((int) (rest & 0x7F));
  }

  /** An opcode with one unsigned immediate. */
  ByteWriter op(int opcode, long immediate) {
    return u8(opcode).unsigned(immediate);
  }

  /** A constant: {@code i32.const} or {@code i64.const}. */
  ByteWriter constant(int opcode, long value) {
    return u8(opcode).signed(value);
  }

  /** Fixed-width little-endian bits. */
  ByteWriter bits(long value, int width) {
    for (int i = 0; i < width; i++) {
      u8((int) (value >>> (8 * i)));
    }
    return this;
  }

  ByteWriter name(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return unsigned(utf8.length).raw(utf8, 0, utf8.length);
  }

  ByteWriter raw(byte[] source, int start, int end) {
    int length = end - start;
    reserve(length);
    System.arraycopy(source, start, bytes, size, length);
    size += length;
    return this;
  }

  /** What another writer has written, preceded by its length. */
  ByteWriter sized(ByteWriter other) {
    return unsigned(other.size).raw(other.bytes, 0, other.size);
  }

  /** What another writer has written. */
  ByteWriter append(ByteWriter other) {
    return raw(other.bytes, 0, other.size);
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  private void reserve(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
    }
  }
}
