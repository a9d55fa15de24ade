package xyz.openledger.nativekernels.strict;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Reading and writing of buffers, and the checks that stand before every kernel. */
final class Memory {
  private Memory() {}

  static float number(MemorySegment from, long index) {
    return from.getAtIndex(JAVA_FLOAT, index);
  }

  static void put(MemorySegment to, long index, float value) {
    to.setAtIndex(JAVA_FLOAT, index, value);
  }

  static int integer(MemorySegment from, long index) {
    return from.getAtIndex(JAVA_INT, index);
  }

  static long offset(MemorySegment from, long index) {
    return from.getAtIndex(JAVA_LONG, index);
  }

  static byte small(MemorySegment from, long index) {
    return from.get(JAVA_BYTE, index);
  }

  static void read(MemorySegment from, long index, float[] to, int count) {
    MemorySegment.copy(from, JAVA_FLOAT, index * Float.BYTES, to, 0, count);
  }

  static void write(MemorySegment to, long index, float[] from, int count) {
    MemorySegment.copy(from, 0, to, JAVA_FLOAT, index * Float.BYTES, count);
  }

  /** Reads weights, expanding them. */
  static void read(WeightType type, MemorySegment from, long index, float[] to, int count) {
    if (type == WeightType.F32) {
      read(from, index, to, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      int upper = from.getAtIndex(JAVA_SHORT, index + i) & 0xFFFF;
      to[i] = Float.intBitsToFloat(upper << 16);
    }
  }

  /** Refuses a matrix that does not lie within its buffer, or whose rows overlap. */
  static void check(
      MemorySegment buffer, long rows, long columns, long stride, ValueLayout element) {
    if (rows < 0 || columns < 1 || (rows > 1 && stride < columns)) {
      throw new IllegalArgumentException(
          "not a matrix: %d rows of %d, stride %d".formatted(rows, columns, stride));
    }
    if (!buffer.isNative() || buffer.address() % element.byteAlignment() != 0) {
      throw new IllegalArgumentException("buffers are off-heap and aligned to their elements");
    }
    if (rows > 0) {
      long values = Math.addExact(rows == 1 ? 0 : Math.multiplyExact(rows - 1, stride), columns);
      if (values > buffer.byteSize() / element.byteSize()) {
        throw new IndexOutOfBoundsException(
            "%d values in %d bytes".formatted(values, buffer.byteSize()));
      }
    }
  }

  static void check(MemorySegment buffer, long rows, long columns, long stride) {
    check(buffer, rows, columns, stride, JAVA_FLOAT);
  }

  static void check(MemorySegment buffer, long count) {
    check(buffer, count == 0 ? 0 : 1, Math.max(count, 1), count, JAVA_FLOAT);
  }

  static void integers(MemorySegment buffer, long count) {
    check(buffer, count == 0 ? 0 : 1, Math.max(count, 1), count, JAVA_INT);
  }

  static ValueLayout layout(WeightType type) {
    return type == WeightType.F32 ? JAVA_FLOAT : JAVA_SHORT;
  }
}
