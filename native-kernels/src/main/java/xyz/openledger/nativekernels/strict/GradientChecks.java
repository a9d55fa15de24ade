package xyz.openledger.nativekernels.strict;

import java.lang.foreign.MemorySegment;

/** What training and drawing refuse. */
final class GradientChecks {
  private GradientChecks() {}

  static void rmsNormGradient(
      int rows,
      int columns,
      MemorySegment x,
      long strideX,
      MemorySegment weight,
      MemorySegment dy,
      long strideDy,
      MemorySegment dx,
      long strideDx,
      MemorySegment dWeight) {
    Memory.check(x, rows, columns, strideX);
    Memory.check(weight, columns);
    Memory.check(dy, rows, columns, strideDy);
    Memory.check(dx, rows, columns, strideDx);
    Memory.check(dWeight, columns);
  }

  static void softmaxGradient(
      int rows,
      int columns,
      MemorySegment y,
      long strideY,
      MemorySegment dy,
      long strideDy,
      MemorySegment dx,
      long strideDx) {
    Memory.check(y, rows, columns, strideY);
    Memory.check(dy, rows, columns, strideDy);
    Memory.check(dx, rows, columns, strideDx);
  }

  static void swiGluGradient(
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
    Memory.check(gate, rows, columns, strideGate);
    Memory.check(up, rows, columns, strideUp);
    Memory.check(dy, rows, columns, strideDy);
    Memory.check(dGate, rows, columns, strideDGate);
    Memory.check(dUp, rows, columns, strideDUp);
  }

  static void attentionGradient(
      int tokens,
      int heads,
      int keyHeads,
      int headSize,
      int window,
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
    Checks.heads(heads, keyHeads, headSize);
    if (window < 1) {
      throw new IllegalArgumentException("a window of %d".formatted(window));
    }
    long wide = (long) heads * headSize;
    long narrow = (long) keyHeads * headSize;
    Memory.check(queries, tokens, wide, strideQueries);
    Memory.check(keys, tokens, narrow, strideKeys);
    Memory.check(values, tokens, narrow, strideValues);
    Memory.check(dOut, tokens, wide, strideDOut);
    Memory.check(dQueries, tokens, wide, strideDQueries);
    Memory.check(dKeys, tokens, narrow, strideDKeys);
    Memory.check(dValues, tokens, narrow, strideDValues);
  }

  static void crossEntropy(
      int rows,
      int columns,
      MemorySegment logits,
      long strideLogits,
      MemorySegment targets,
      MemorySegment losses,
      MemorySegment dLogits,
      long strideDLogits) {
    Memory.check(logits, rows, columns, strideLogits);
    Memory.integers(targets, rows);
    Memory.check(losses, rows);
    Memory.check(dLogits, rows, columns, strideDLogits);
    for (int i = 0; i < rows; i++) {
      if (Memory.integer(targets, i) >= columns) {
        throw new IllegalArgumentException("target %d".formatted(Memory.integer(targets, i)));
      }
    }
  }

  static void adamW(
      long count,
      MemorySegment gradients,
      MemorySegment weights,
      MemorySegment moments1,
      MemorySegment moments2) {
    Memory.check(gradients, count);
    Memory.check(weights, count);
    Memory.check(moments1, count);
    Memory.check(moments2, count);
  }

  static void sample(int count, MemorySegment logits, float temperature, int topK, float topP) {
    if (count < 1 || !(temperature >= 0) || topK < 0 || !(topP > 0) || topP > 1) {
      throw new IllegalArgumentException(
          "temperature %s, top-k %d, top-p %s".formatted(temperature, topK, topP));
    }
    Memory.check(logits, count);
  }

  /** Answers how many values the shape has. */
  static long shape(MemorySegment values, int... shape) {
    long count = 1;
    for (int size : shape) {
      if (size < 0) {
        throw new IllegalArgumentException("a dimension of %d".formatted(size));
      }
      count = Math.multiplyExact(count, size);
    }
    Memory.check(values, count);
    return count;
  }
}
