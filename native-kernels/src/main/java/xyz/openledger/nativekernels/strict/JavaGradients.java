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
    GradientChecks.rmsNormGradient(
        rows, columns, x, strideX, weight, dy, strideDy, dx, strideDx, dWeight);
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
    GradientChecks.softmaxGradient(rows, columns, y, strideY, dy, strideDy, dx, strideDx);
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
