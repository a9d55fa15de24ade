package xyz.openledger.nativekernels.strict;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The gradients of one key-value head. Rows come head after head, each from the first to the last;
 * what they add to keys and values is added in that order.
 */
final class JavaAttentionGradient {
  final float[] query;
  final float[] above;
  final float[] dQuery;
  private final int tokens;
  private final int headSize;
  private final int window;
  private final float scale;
  private final float[] keys;
  private final float[] values;
  private final float[] dKeys;
  private final float[] dValues;
  private final float[] weights;
  private final float[] slopes;

  JavaAttentionGradient(int tokens, int headSize, int window, float scale) {
    this.tokens = tokens;
    this.headSize = headSize;
    this.window = window;
    this.scale = scale;
    query = new float[headSize];
    above = new float[headSize];
    dQuery = new float[headSize];
    keys = new float[tokens * headSize];
    values = new float[tokens * headSize];
    dKeys = new float[tokens * headSize];
    dValues = new float[tokens * headSize];
    weights = new float[tokens];
    slopes = new float[tokens];
  }

  void read(
      MemorySegment fromKeys,
      long strideKeys,
      MemorySegment fromValues,
      long strideValues,
      long at) {
    for (int i = 0; i < tokens; i++) {
      for (int d = 0; d < headSize; d++) {
        keys[i * headSize + d] = Memory.number(fromKeys, i * strideKeys + at + d);
        values[i * headSize + d] = Memory.number(fromValues, i * strideValues + at + d);
      }
    }
    Arrays.fill(dKeys, 0);
    Arrays.fill(dValues, 0);
  }

  void write(
      MemorySegment toKeys, long strideKeys, MemorySegment toValues, long strideValues, long at) {
    for (int i = 0; i < tokens; i++) {
      for (int d = 0; d < headSize; d++) {
        Memory.put(toKeys, i * strideKeys + at + d, dKeys[i * headSize + d]);
        Memory.put(toValues, i * strideValues + at + d, dValues[i * headSize + d]);
      }
    }
  }

  void row(int i) {
    int first = Math.max(0, i - window + 1);
    int seen = i + 1 - first;
    for (int j = 0; j < seen; j++) {
      int at = (first + j) * headSize;
      weights[j] = Lanes.dot(query, 0, keys, at, headSize) * scale;
      slopes[j] = Lanes.dot(above, 0, values, at, headSize);
    }
    float part = 1 / Lanes.exponentials(weights, seen, Lanes.max(weights, seen));
    for (int j = 0; j < seen; j++) {
      weights[j] *= part;
    }
    float mean = Lanes.dot(weights, 0, slopes, 0, seen);
    Arrays.fill(dQuery, 0);
    for (int j = 0; j < seen; j++) {
      float weight = weights[j];
      float slope = weight * (slopes[j] - mean) * scale;
      int at = (first + j) * headSize;
      for (int d = 0; d < headSize; d++) {
        dQuery[d] = Math.fma(slope, keys[at + d], dQuery[d]);
        dKeys[at + d] = Math.fma(slope, query[d], dKeys[at + d]);
        dValues[at + d] = Math.fma(weight, above[d], dValues[at + d]);
      }
    }
  }
}
