package xyz.openledger.nativekernels.strict;

import java.lang.foreign.MemorySegment;

/** {@link StrictGradients}. */
interface JavaGradients extends StrictGradients {
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
    Memory.check(x, rows, columns, strideX);
    Memory.check(weight, columns);
    Memory.check(dy, rows, columns, strideDy);
    Memory.check(dx, rows, columns, strideDx);
    Memory.check(dWeight, columns);
    var row = new float[columns];
    var weighted = new float[columns];
    for (int i = 0; i < rows; i++) {
      Memory.read(x, i * strideX, row, columns);
      Memory.read(dy, i * strideDy, weighted, columns);
      float r = JavaRows.root(row, columns, epsilon);
      for (int j = 0; j < columns; j++) {
        Memory.put(dWeight, j, Math.fma(weighted[j], row[j] * r, Memory.number(dWeight, j)));
        weighted[j] *= Memory.number(weight, j);
      }
      float mean = Lanes.dot(weighted, 0, row, 0, columns) / columns;
      float less = -(r * r * r * mean);
      for (int j = 0; j < columns; j++) {
        Memory.put(dx, i * strideDx + j, Math.fma(row[j], less, weighted[j] * r));
      }
    }
  }

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
    Memory.check(y, rows, columns, strideY);
    Memory.check(dy, rows, columns, strideDy);
    Memory.check(dx, rows, columns, strideDx);
    var result = new float[columns];
    var above = new float[columns];
    for (int i = 0; i < rows; i++) {
      Memory.read(y, i * strideY, result, columns);
      Memory.read(dy, i * strideDy, above, columns);
      float sum = Lanes.dot(result, 0, above, 0, columns);
      for (int j = 0; j < columns; j++) {
        Memory.put(dx, i * strideDx + j, result[j] * (above[j] - sum));
      }
    }
  }

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
    Memory.check(gate, rows, columns, strideGate);
    Memory.check(up, rows, columns, strideUp);
    Memory.check(dy, rows, columns, strideDy);
    Memory.check(dGate, rows, columns, strideDGate);
    Memory.check(dUp, rows, columns, strideDUp);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        float g = Memory.number(gate, i * strideGate + j);
        float above = Memory.number(dy, i * strideDy + j);
        float s = Scalars.sigmoid(g);
        float slope = s * Math.fma(g, 1 - s, 1);
        float through = above * Memory.number(up, i * strideUp + j);
        Memory.put(dUp, i * strideDUp + j, above * (g * s));
        Memory.put(dGate, i * strideDGate + j, through * slope);
      }
    }
  }

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
    var one = new JavaAttentionGradient(tokens, headSize, window, scale);
    for (int keyHead = 0; keyHead < keyHeads; keyHead++) {
      long shift = (long) keyHead * headSize;
      one.read(keys, strideKeys, values, strideValues, shift);
      int group = heads / keyHeads;
      for (int head = keyHead * group; head < (keyHead + 1) * group; head++) {
        for (int i = 0; i < tokens; i++) {
          long at = (long) head * headSize;
          Memory.read(queries, i * strideQueries + at, one.query, headSize);
          Memory.read(dOut, i * strideDOut + at, one.above, headSize);
          one.row(i);
          Memory.write(dQueries, i * strideDQueries + at, one.dQuery, headSize);
        }
      }
      one.write(dKeys, strideDKeys, dValues, strideDValues, shift);
    }
  }
}
