package xyz.openledger.nativekernels.strict;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@link StrictProducts} in C. */
interface NativeProducts extends StrictProducts {
  MethodHandle linearHandle();

  @Override
  default void linear(
      int rows,
      int outputs,
      int inputs,
      MemorySegment x,
      long strideX,
      WeightType type,
      MemorySegment w,
      long strideW,
      MemorySegment y,
      long strideY,
      boolean accumulate) {
    Checks.linear(rows, outputs, inputs, x, strideX, type, w, strideW, y, strideY);
    Workspace work = Workspace.ofThisThread();
    try {
      Native.checked(
          (int)
              linearHandle()
                  .invokeExact(
                      rows,
                      outputs,
                      inputs,
                      x,
                      strideX,
                      Native.code(type),
                      w,
                      strideW,
                      y,
                      strideY,
                      accumulate ? 1 : 0,
                      work.space()));
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }

  MethodHandle packHandle();

  @Override
  default void pack(
      int outputs,
      int inputs,
      WeightType type,
      MemorySegment w,
      long strideW,
      MemorySegment packed) {
    Checks.pack(outputs, inputs, type, w, strideW, packed);
    try {
      Native.checked(
          (int) packHandle().invokeExact(outputs, inputs, Native.code(type), w, strideW, packed));
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }

  MethodHandle linearPackedHandle();

  @Override
  default void linearPacked(
      int rows,
      int outputs,
      int inputs,
      MemorySegment x,
      long strideX,
      WeightType type,
      MemorySegment packed,
      MemorySegment y,
      long strideY,
      boolean accumulate) {
    Checks.linearPacked(rows, outputs, inputs, x, strideX, type, packed, y, strideY);
    Workspace work = Workspace.ofThisThread();
    try {
      Native.checked(
          (int)
              linearPackedHandle()
                  .invokeExact(
                      rows,
                      outputs,
                      inputs,
                      x,
                      strideX,
                      Native.code(type),
                      packed,
                      y,
                      strideY,
                      accumulate ? 1 : 0,
                      work.space()));
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }

  MethodHandle linearInputGradientHandle();

  @Override
  default void linearInputGradient(
      int rows,
      int outputs,
      int inputs,
      MemorySegment dy,
      long strideDy,
      WeightType type,
      MemorySegment w,
      long strideW,
      MemorySegment dx,
      long strideDx,
      boolean accumulate) {
    Checks.linear(rows, outputs, inputs, dx, strideDx, type, w, strideW, dy, strideDy);
    Workspace work = Workspace.ofThisThread();
    try {
      Native.checked(
          (int)
              linearInputGradientHandle()
                  .invokeExact(
                      rows,
                      outputs,
                      inputs,
                      dy,
                      strideDy,
                      Native.code(type),
                      w,
                      strideW,
                      dx,
                      strideDx,
                      accumulate ? 1 : 0,
                      work.space()));
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }

  MethodHandle linearWeightGradientHandle();

  @Override
  default void linearWeightGradient(
      int rows,
      int outputs,
      int inputs,
      MemorySegment dy,
      long strideDy,
      MemorySegment x,
      long strideX,
      MemorySegment dw,
      long strideDw,
      boolean accumulate) {
    Checks.linear(rows, outputs, inputs, x, strideX, WeightType.F32, dw, strideDw, dy, strideDy);
    Workspace work = Workspace.ofThisThread();
    try {
      Native.checked(
          (int)
              linearWeightGradientHandle()
                  .invokeExact(
                      rows,
                      outputs,
                      inputs,
                      dy,
                      strideDy,
                      x,
                      strideX,
                      dw,
                      strideDw,
                      accumulate ? 1 : 0,
                      work.space()));
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }

  MethodHandle loraHandle();

  @Override
  default void lora(
      int segments,
      MemorySegment starts,
      MemorySegment ranks,
      MemorySegment scales,
      MemorySegment offsetsA,
      MemorySegment offsetsB,
      WeightType type,
      MemorySegment slab,
      int inputs,
      int outputs,
      MemorySegment x,
      long strideX,
      MemorySegment y,
      long strideY) {
    Checks.lora(
        segments, starts, ranks, scales, offsetsA, offsetsB, type, slab, inputs, outputs, x,
        strideX, y, strideY);
    Workspace work = Workspace.ofThisThread();
    try {
      Native.checked(
          (int)
              loraHandle()
                  .invokeExact(
                      segments,
                      starts,
                      ranks,
                      scales,
                      offsetsA,
                      offsetsB,
                      Native.code(type),
                      slab,
                      inputs,
                      outputs,
                      x,
                      strideX,
                      y,
                      strideY,
                      work.space()));
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }

  MethodHandle linearInt8Handle();

  @Override
  default void linearInt8(
      int rows,
      int outputs,
      int inputs,
      MemorySegment x,
      long strideX,
      MemorySegment w,
      long strideW,
      MemorySegment y,
      long strideY) {
    Checks.linearInt8(rows, outputs, inputs, x, strideX, w, strideW, y, strideY);
    try {
      Native.checked(
          (int)
              linearInt8Handle()
                  .invokeExact(rows, outputs, inputs, x, strideX, w, strideW, y, strideY));
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }

  MethodHandle quantizeHandle();

  @Override
  default void quantize(
      int rows,
      int columns,
      MemorySegment x,
      long strideX,
      MemorySegment q,
      long strideQ,
      MemorySegment scales) {
    Checks.quantize(rows, columns, x, strideX, q, strideQ, scales);
    try {
      Native.checked(
          (int) quantizeHandle().invokeExact(rows, columns, x, strideX, q, strideQ, scales));
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }

  MethodHandle dequantizeHandle();

  @Override
  default void dequantize(
      int rows,
      int columns,
      MemorySegment sums,
      long strideSums,
      MemorySegment rowScales,
      MemorySegment columnScales,
      MemorySegment y,
      long strideY) {
    Checks.dequantize(rows, columns, sums, strideSums, rowScales, columnScales, y, strideY);
    try {
      Native.checked(
          (int)
              dequantizeHandle()
                  .invokeExact(
                      rows, columns, sums, strideSums, rowScales, columnScales, y, strideY));
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }
}
