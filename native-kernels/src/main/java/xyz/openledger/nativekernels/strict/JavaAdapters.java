package xyz.openledger.nativekernels.strict;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** {@link StrictProducts#lora}. */
interface JavaAdapters extends StrictProducts {
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
    var in = new float[inputs];
    var out = new float[outputs];
    var own = new float[outputs];
    var inner = new float[RANK_MAX];
    for (int s = 0; s < segments; s++) {
      int rank = Memory.integer(ranks, s);
      int end = rank == 0 ? 0 : Memory.integer(starts, s + 1);
      float scale = Memory.number(scales, s);
      MemorySegment a = rank == 0 ? slab : slab.asSlice(Memory.offset(offsetsA, s));
      MemorySegment b = rank == 0 ? slab : slab.asSlice(Memory.offset(offsetsB, s));
      for (int row = Memory.integer(starts, s); row < end; row++) {
        Memory.read(x, row * strideX, in, inputs);
        Memory.read(y, row * strideY, out, outputs);
        row(type, a, rank, inputs, in, inner);
        row(type, b, outputs, rank, inner, own);
        for (int j = 0; j < outputs; j++) {
          out[j] = Math.fma(scale, own[j], out[j]);
        }
        Memory.write(y, row * strideY, out, outputs);
      }
    }
  }

  /** One row times packed weights. */
  private static void row(
      WeightType type, MemorySegment packed, int outputs, int inputs, float[] x, float[] y) {
    var sums = new float[PANEL];
    var weights = new float[PANEL * inputs];
    for (int first = 0; first < outputs; first += PANEL) {
      int lanes = Checks.panel(outputs, first);
      Memory.read(type, packed, (long) first * inputs, weights, lanes * inputs);
      Arrays.fill(sums, 0);
      for (int p = 0; p < inputs; p++) {
        for (int j = 0; j < lanes; j++) {
          sums[j] = Math.fma(x[p], weights[p * lanes + j], sums[j]);
        }
      }
      System.arraycopy(sums, 0, y, first, Math.min(lanes, outputs - first));
    }
  }
}
