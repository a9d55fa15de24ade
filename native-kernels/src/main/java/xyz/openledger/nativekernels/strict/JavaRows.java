package xyz.openledger.nativekernels.strict;

import java.lang.foreign.MemorySegment;

/** {@link StrictRows}. */
interface JavaRows extends StrictRows {
  @Override
  default void apply(Function function, long count, MemorySegment x, MemorySegment y) {
    RowChecks.apply(count, x, y);
    for (long i = 0; i < count; i++) {
      Memory.put(y, i, Scalars.apply(function, Memory.number(x, i)));
    }
  }

  @Override
  default void add(long count, MemorySegment x, MemorySegment y) {
    RowChecks.add(count, x, y);
    for (long i = 0; i < count; i++) {
      Memory.put(y, i, Memory.number(x, i) + Memory.number(y, i));
    }
  }

  @Override
  default void addScaled(long count, float factor, MemorySegment x, MemorySegment y) {
    RowChecks.addScaled(count, x, y);
    for (long i = 0; i < count; i++) {
      Memory.put(y, i, Math.fma(factor, Memory.number(x, i), Memory.number(y, i)));
    }
  }

  /** {@code 1 / sqrt(mean square + epsilon)}. */
  static float root(float[] row, int columns, float epsilon) {
    float mean = Lanes.dot(row, 0, row, 0, columns) / columns;
    return 1 / (float) Math.sqrt(mean + epsilon);
  }

  @Override
  default void rmsNorm(
      int rows,
      int columns,
      MemorySegment x,
      long strideX,
      MemorySegment weight,
      float epsilon,
      MemorySegment y,
      long strideY) {
    RowChecks.rmsNorm(rows, columns, x, strideX, weight, y, strideY);
    var row = new float[columns];
    for (int i = 0; i < rows; i++) {
      Memory.read(x, i * strideX, row, columns);
      float r = root(row, columns, epsilon);
      for (int j = 0; j < columns; j++) {
        Memory.put(y, i * strideY + j, row[j] * r * Memory.number(weight, j));
      }
    }
  }

  @Override
  default void softmax(
      int rows, int columns, MemorySegment x, long strideX, MemorySegment y, long strideY) {
    RowChecks.softmax(rows, columns, x, strideX, y, strideY);
    var row = new float[columns];
    for (int i = 0; i < rows; i++) {
      Memory.read(x, i * strideX, row, columns);
      float part = 1 / Lanes.exponentials(row, columns, Lanes.max(row, columns));
      for (int j = 0; j < columns; j++) {
        row[j] *= part;
      }
      Memory.write(y, i * strideY, row, columns);
    }
  }

  @Override
  default void swiGlu(
      int rows,
      int columns,
      MemorySegment gate,
      long strideGate,
      MemorySegment up,
      long strideUp,
      MemorySegment y,
      long strideY) {
    RowChecks.swiGlu(rows, columns, gate, strideGate, up, strideUp, y, strideY);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        float open = Scalars.silu(Memory.number(gate, i * strideGate + j));
        Memory.put(y, i * strideY + j, open * Memory.number(up, i * strideUp + j));
      }
    }
  }

  @Override
  default void rotaryAngles(
      int rows,
      int pairs,
      MemorySegment positions,
      MemorySegment frequencies,
      MemorySegment cosines,
      MemorySegment sines) {
    RowChecks.rotaryAngles(rows, pairs, positions, frequencies, cosines, sines);
    for (int i = 0; i < rows; i++) {
      float position = Memory.integer(positions, i);
      for (int j = 0; j < pairs; j++) {
        float angle = position * Memory.number(frequencies, j);
        Memory.put(cosines, (long) i * pairs + j, Scalars.cosine(angle));
        Memory.put(sines, (long) i * pairs + j, Scalars.sine(angle));
      }
    }
  }

  @Override
  default void rotate(
      int rows,
      int heads,
      int headSize,
      int pairs,
      RotaryLayout layout,
      boolean back,
      MemorySegment x,
      long strideX,
      MemorySegment cosines,
      MemorySegment sines) {
    RowChecks.rotate(rows, heads, headSize, pairs, x, strideX, cosines, sines);
    int apart = layout == RotaryLayout.HALVES ? pairs : 1;
    int step = layout == RotaryLayout.HALVES ? 1 : 2;
    for (int i = 0; i < rows; i++) {
      for (int head = 0; head < heads; head++) {
        long start = i * strideX + (long) head * headSize;
        for (int j = 0; j < pairs; j++) {
          float cosine = Memory.number(cosines, (long) i * pairs + j);
          float sine = Memory.number(sines, (long) i * pairs + j);
          sine = back ? -sine : sine;
          long at = start + (long) step * j;
          float a = Memory.number(x, at);
          float b = Memory.number(x, at + apart);
          Memory.put(x, at, Math.fma(-b, sine, a * cosine));
          Memory.put(x, at + apart, Math.fma(a, sine, b * cosine));
        }
      }
    }
  }
}
