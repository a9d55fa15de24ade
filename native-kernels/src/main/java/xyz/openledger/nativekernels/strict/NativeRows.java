package xyz.openledger.nativekernels.strict;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@link StrictRows} in C. */
interface NativeRows extends StrictRows {
  MethodHandle applyHandle();

  @Override
  default void apply(Function function, long count, MemorySegment x, MemorySegment y) {
    RowChecks.apply(count, x, y);
    try {
      Native.checked((int) applyHandle().invokeExact(Native.code(function), count, x, y));
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }

  MethodHandle addHandle();

  @Override
  default void add(long count, MemorySegment x, MemorySegment y) {
    RowChecks.add(count, x, y);
    try {
      Native.checked((int) addHandle().invokeExact(count, x, y));
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }

  MethodHandle addScaledHandle();

  @Override
  default void addScaled(long count, float factor, MemorySegment x, MemorySegment y) {
    RowChecks.addScaled(count, x, y);
    try {
      Native.checked((int) addScaledHandle().invokeExact(count, factor, x, y));
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }

  MethodHandle rmsNormHandle();

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
    try {
      Native.checked(
          (int)
              rmsNormHandle().invokeExact(rows, columns, x, strideX, weight, epsilon, y, strideY));
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }

  MethodHandle softmaxHandle();

  @Override
  default void softmax(
      int rows, int columns, MemorySegment x, long strideX, MemorySegment y, long strideY) {
    RowChecks.softmax(rows, columns, x, strideX, y, strideY);
    try {
      Native.checked((int) softmaxHandle().invokeExact(rows, columns, x, strideX, y, strideY));
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }

  MethodHandle swiGluHandle();

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
    try {
      Native.checked(
          (int)
              swiGluHandle()
                  .invokeExact(rows, columns, gate, strideGate, up, strideUp, y, strideY));
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }

  MethodHandle rotaryAnglesHandle();

  @Override
  default void rotaryAngles(
      int rows,
      int pairs,
      MemorySegment positions,
      MemorySegment frequencies,
      MemorySegment cosines,
      MemorySegment sines) {
    RowChecks.rotaryAngles(rows, pairs, positions, frequencies, cosines, sines);
    try {
      Native.checked(
          (int)
              rotaryAnglesHandle()
                  .invokeExact(rows, pairs, positions, frequencies, cosines, sines));
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }

  MethodHandle rotateHandle();

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
    try {
      Native.checked(
          (int)
              rotateHandle()
                  .invokeExact(
                      rows,
                      heads,
                      headSize,
                      pairs,
                      Native.code(layout),
                      back ? 1 : 0,
                      x,
                      strideX,
                      cosines,
                      sines));
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }
}
