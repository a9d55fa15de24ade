package xyz.openledger.nativekernels.strict;

import java.lang.foreign.MemorySegment;

/**
 * Products of matrices. Each output is one chain {@code sum = fma(a, b, sum)} from +0, or from what
 * the output holds if {@code accumulate}; inputs in ascending order. So a row has the same bits
 * alone and in any batch, and an output does not notice how the others are split over threads.
 */
public interface StrictProducts {
  /** Columns of one panel of packed weights; the last panel has 8 where 8 are enough. */
  int PANEL = 16;

  /** Above this an int8 product may leave int32. */
  int INT8_INPUTS_MAX = 1 << 16;

  /** Highest rank of an adapter. */
  int RANK_MAX = 512;

  /** {@code y[rows×outputs] = x[rows×inputs] · wᵀ}, weights {@code [outputs×inputs]}. */
  void linear(
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
      boolean accumulate);

  /** Weights that {@link #pack} writes, padding included. */
  static long packedWeights(int outputs, int inputs) {
    return ((outputs + 7L) & -8L) * inputs;
  }

  /**
   * Lays weights {@code [outputs×inputs]} out in panels: of each {@link #PANEL} outputs, input
   * after input, their weights side by side; the last panel is padded with zeros to 8 or 16.
   */
  void pack(
      int outputs,
      int inputs,
      WeightType type,
      MemorySegment w,
      long strideW,
      MemorySegment packed);

  /** As {@link #linear}, and with the same bits, from packed weights: the fast form for serving. */
  void linearPacked(
      int rows,
      int outputs,
      int inputs,
      MemorySegment x,
      long strideX,
      WeightType type,
      MemorySegment packed,
      MemorySegment y,
      long strideY,
      boolean accumulate);

  /**
   * {@code dx[rows×inputs] = dy[rows×outputs] · w}: the gradient of {@link #linear} by its input;
   * chains over outputs.
   */
  void linearInputGradient(
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
      boolean accumulate);

  /**
   * {@code dw[outputs×inputs] = dyᵀ · x}: the gradient of {@link #linear} by its weights; chains
   * over rows.
   */
  void linearWeightGradient(
      int rows,
      int outputs,
      int inputs,
      MemorySegment dy,
      long strideDy,
      MemorySegment x,
      long strideX,
      MemorySegment dw,
      long strideDw,
      boolean accumulate);

  /**
   * Adds to rows of {@code y} what their adapters say. Segment s holds rows {@code starts[s]} to
   * {@code starts[s+1]} (int32, one more than segments); its adapter has rank {@code ranks[s]}
   * (int32; 0 for none) and lies in the slab at byte offsets {@code offsetsA[s]} and {@code
   * offsetsB[s]} (int64, multiples of 4): A {@code [rank×inputs]} and B {@code [outputs×rank]},
   * both {@linkplain #pack packed}.
   *
   * <p>{@code t = x · Aᵀ}, {@code u = t · Bᵀ}, both as {@link #linear}; then {@code y =
   * fma(scales[s], u, y)}.
   */
  void lora(
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
      long strideY);

  /**
   * {@code y[rows×outputs] = x[rows×inputs] · wᵀ} of int8 into int32, at most {@link
   * #INT8_INPUTS_MAX} inputs.
   */
  void linearInt8(
      int rows,
      int outputs,
      int inputs,
      MemorySegment x,
      long strideX,
      MemorySegment w,
      long strideW,
      MemorySegment y,
      long strideY);

  /**
   * Quantises rows to int8: {@code scale = max|x| / 127}, {@code q} the integer nearest to {@code x
   * · (127 / max|x|)}, ties to even. A row of zeros has scale 0.
   */
  void quantize(
      int rows,
      int columns,
      MemorySegment x,
      long strideX,
      MemorySegment q,
      long strideQ,
      MemorySegment scales);

  /** {@code y = (float) sum · (rowScale · columnScale)} of int32 sums. */
  void dequantize(
      int rows,
      int columns,
      MemorySegment sums,
      long strideSums,
      MemorySegment rowScales,
      MemorySegment columnScales,
      MemorySegment y,
      long strideY);
}
