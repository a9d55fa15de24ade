package xyz.openledger.nativekernels.strict;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@link StrictTraining} in C. */
interface NativeTraining extends StrictTraining {
  MethodHandle crossEntropyHandle();

  @Override
  default void crossEntropy(
      int rows,
      int columns,
      MemorySegment logits,
      long strideLogits,
      MemorySegment targets,
      float factor,
      MemorySegment losses,
      MemorySegment dLogits,
      long strideDLogits) {
    GradientChecks.crossEntropy(
        rows, columns, logits, strideLogits, targets, losses, dLogits, strideDLogits);
    Workspace work = Workspace.ofThisThread();
    try {
      Native.checked(
          (int)
              crossEntropyHandle()
                  .invokeExact(
                      rows,
                      columns,
                      logits,
                      strideLogits,
                      targets,
                      factor,
                      losses,
                      dLogits,
                      strideDLogits,
                      work.scratch((long) columns * Float.BYTES)));
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }

  MethodHandle adamWHandle();

  @Override
  default void adamW(
      AdamW settings,
      long count,
      MemorySegment gradients,
      MemorySegment weights,
      MemorySegment moments1,
      MemorySegment moments2) {
    GradientChecks.adamW(count, gradients, weights, moments1, moments2);
    Workspace work = Workspace.ofThisThread();
    try {
      Native.checked(
          (int)
              adamWHandle()
                  .invokeExact(work.of(settings), count, gradients, weights, moments1, moments2));
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }
}
