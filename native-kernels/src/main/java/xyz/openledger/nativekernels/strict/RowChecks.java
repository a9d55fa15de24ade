package xyz.openledger.nativekernels.strict;

import java.lang.foreign.MemorySegment;

/** What kernels that go row by row refuse. */
final class RowChecks {
  private RowChecks() {}

  static void apply(long count, MemorySegment x, MemorySegment y) {
    Memory.check(x, count);
    Memory.check(y, count);
  }

  static void add(long count, MemorySegment x, MemorySegment y) {
    Memory.check(x, count);
    Memory.check(y, count);
  }

  static void addScaled(long count, MemorySegment x, MemorySegment y) {
    Memory.check(x, count);
    Memory.check(y, count);
  }

  static void rmsNorm(
      int rows,
      int columns,
      MemorySegment x,
      long strideX,
      MemorySegment weight,
      MemorySegment y,
      long strideY) {
    Memory.check(x, rows, columns, strideX);
    Memory.check(weight, columns);
    Memory.check(y, rows, columns, strideY);
  }

  static void softmax(
      int rows, int columns, MemorySegment x, long strideX, MemorySegment y, long strideY) {
    Memory.check(x, rows, columns, strideX);
    Memory.check(y, rows, columns, strideY);
  }

  static void swiGlu(
      int rows,
      int columns,
      MemorySegment gate,
      long strideGate,
      MemorySegment up,
      long strideUp,
      MemorySegment y,
      long strideY) {
    Memory.check(gate, rows, columns, strideGate);
    Memory.check(up, rows, columns, strideUp);
    Memory.check(y, rows, columns, strideY);
  }

  static void rotaryAngles(
      int rows,
      int pairs,
      MemorySegment positions,
      MemorySegment frequencies,
      MemorySegment cosines,
      MemorySegment sines) {
    Memory.integers(positions, rows);
    Memory.check(frequencies, pairs);
    Memory.check(cosines, rows, pairs, pairs);
    Memory.check(sines, rows, pairs, pairs);
  }

  static void rotate(
      int rows,
      int heads,
      int headSize,
      int pairs,
      MemorySegment x,
      long strideX,
      MemorySegment cosines,
      MemorySegment sines) {
    if (heads < 1 || pairs < 1 || headSize < 2 * pairs) {
      throw new IllegalArgumentException("%d pairs in %d values".formatted(pairs, headSize));
    }
    Memory.check(x, rows, (long) heads * headSize, strideX);
    Memory.check(cosines, rows, pairs, pairs);
    Memory.check(sines, rows, pairs, pairs);
  }
}
