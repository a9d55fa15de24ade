package xyz.openledger.nativekernels.strict;

import java.lang.foreign.MemorySegment;

/** Backward passes. Gradients of weights are added to what is there, rows ascending. */
public interface StrictGradients {
  /** Of {@link StrictRows#rmsNorm}: writes {@code dx}, adds to {@code dWeight}. */
  void rmsNormGradient(
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
      MemorySegment dWeight);

  /** Of {@link StrictRows#softmax}, given its result: {@code dx = y · (dy − sum(y · dy))}. */
  void softmaxGradient(
      int rows,
      int columns,
      MemorySegment y,
      long strideY,
      MemorySegment dy,
      long strideDy,
      MemorySegment dx,
      long strideDx);

  /** Of {@link StrictRows#swiGlu}: writes {@code dGate} and {@code dUp}. */
  void swiGluGradient(
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
      long strideDUp);

  /**
   * Of causal attention over one whole sequence: row i sees rows {@code max(0, i − window + 1)} to
   * i. Queries and {@code dOut} hold heads side by side, keys and values key-value heads. Writes
   * all three gradients.
   */
  void attentionGradient(
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
      long strideDValues);
}
