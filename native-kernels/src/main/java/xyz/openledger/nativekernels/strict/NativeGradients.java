package xyz.openledger.nativekernels.strict;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@link StrictGradients} in C. */
interface NativeGradients extends StrictGradients {
  MethodHandle rmsNormGradientHandle();

  @Override
  default void rmsNormGradient(
      int rows,
      int columns,
      MemorySegment x,
      long strideX,
      MemorySegment weight,
      float epsilon,
      MemorySegment dy,
      long strideDy,
      MemorySegment dx,
      long strideDx,
      MemorySegment dWeight) {
    GradientChecks.rmsNormGradient(
        rows, columns, x, strideX, weight, dy, strideDy, dx, strideDx, dWeight);
    try {
      Native.checked(
          (int)
              rmsNormGradientHandle()
                  .invokeExact(
                      rows, columns, x, strideX, weight, epsilon, dy, strideDy, dx, strideDx,
                      dWeight));
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }

  MethodHandle softmaxGradientHandle();

  @Override
  default void softmaxGradient(
      int rows,
      int columns,
      MemorySegment y,
      long strideY,
      MemorySegment dy,
      long strideDy,
      MemorySegment dx,
      long strideDx) {
    GradientChecks.softmaxGradient(rows, columns, y, strideY, dy, strideDy, dx, strideDx);
    try {
      Native.checked(
          (int)
              softmaxGradientHandle()
                  .invokeExact(rows, columns, y, strideY, dy, strideDy, dx, strideDx));
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }

  MethodHandle swiGluGradientHandle();

  @Override
  default void swiGluGradient(
      int rows,
      int columns,
      MemorySegment gate,
      long strideGate,
      MemorySegment up,
      long strideUp,
      MemorySegment dy,
      long strideDy,
      MemorySegment dGate,
      long strideDGate,
      MemorySegment dUp,
      long strideDUp) {
    GradientChecks.swiGluGradient(
        rows,
        columns,
        gate,
        strideGate,
        up,
        strideUp,
        dy,
        strideDy,
        dGate,
        strideDGate,
        dUp,
        strideDUp);
    try {
      Native.checked(
          (int)
              swiGluGradientHandle()
                  .invokeExact(
                      rows,
                      columns,
                      gate,
                      strideGate,
                      up,
                      strideUp,
                      dy,
                      strideDy,
                      dGate,
                      strideDGate,
                      dUp,
                      strideDUp));
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }

  MethodHandle attentionGradientHandle();

  @Override
  default void attentionGradient(
      int tokens,
      int heads,
      int keyHeads,
      int headSize,
      int window,
      float scale,
      MemorySegment queries,
      long strideQueries,
      MemorySegment keys,
      long strideKeys,
      MemorySegment values,
      long strideValues,
      MemorySegment dOut,
      long strideDOut,
      MemorySegment dQueries,
      long strideDQueries,
      MemorySegment dKeys,
      long strideDKeys,
      MemorySegment dValues,
      long strideDValues) {
    GradientChecks.attentionGradient(
        tokens,
        heads,
        keyHeads,
        headSize,
        window,
        queries,
        strideQueries,
        keys,
        strideKeys,
        values,
        strideValues,
        dOut,
        strideDOut,
        dQueries,
        strideDQueries,
        dKeys,
        strideDKeys,
        dValues,
        strideDValues);
    Workspace work = Workspace.ofThisThread();
    try {
      Native.checked(
          (int)
              attentionGradientHandle()
                  .invokeExact(
                      tokens,
                      heads,
                      keyHeads,
                      headSize,
                      window,
                      scale,
                      queries,
                      strideQueries,
                      keys,
                      strideKeys,
                      values,
                      strideValues,
                      dOut,
                      strideDOut,
                      dQueries,
                      strideDQueries,
                      dKeys,
                      strideDKeys,
                      dValues,
                      strideDValues,
                      work.scratch(2L * tokens * Float.BYTES)));
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }
}
