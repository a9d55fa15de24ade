package xyz.openledger.nativekernels.strict;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** One head of one row: sums of each split by itself, merged in the order of the splits. */
final class JavaAttentionRow {
  final float[] query;
  final float[] sums;
  private final int headSize;
  private final float scale;
  private final StrictAttention.Pages pages;
  private final MemorySegment tables;
  private final int split;
  private final float[] weights;
  private final float[] own;
  private final float[] entry;

  JavaAttentionRow(
      int headSize, float scale, StrictAttention.Pages pages, MemorySegment tables, int split) {
    this.headSize = headSize;
    this.scale = scale;
    this.pages = pages;
    this.tables = tables;
    this.split = split;
    weights = new float[split];
    query = new float[headSize];
    sums = new float[headSize];
    own = new float[headSize];
    entry = new float[headSize];
  }

  void attend(long table, long shift, int start, int end) {
    float top = 0;
    float total = 0;
    int from = start;
    while (from < end) {
      int to = Math.min(end, (from / split + 1) * split);
      float max = scores(table, shift, from, to);
      float sum = Lanes.exponentials(weights, to - from, max);
      gather(table, shift, from, to);
      if (from == start) {
        top = max;
        total = sum;
        System.arraycopy(own, 0, sums, 0, headSize);
      } else {
        float higher = max > top ? max : top;
        float before = Scalars.exp(top - higher);
        float now = Scalars.exp(max - higher);
        total = Math.fma(total, before, sum * now);
        for (int i = 0; i < headSize; i++) {
          sums[i] = Math.fma(sums[i], before, own[i] * now);
        }
        top = higher;
      }
      from = to;
    }
    float part = 1 / total;
    for (int i = 0; i < headSize; i++) {
      sums[i] *= part;
    }
  }

  private float scores(long table, long shift, int from, int to) {
    for (int token = from; token < to; token++) {
      Memory.read(pages.keys(), at(table, shift, token), entry, headSize);
      weights[token - from] = Lanes.dot(query, 0, entry, 0, headSize) * scale;
    }
    return Lanes.max(weights, to - from);
  }

  private void gather(long table, long shift, int from, int to) {
    Arrays.fill(own, 0);
    for (int token = from; token < to; token++) {
      Memory.read(pages.values(), at(table, shift, token), entry, headSize);
      float weight = weights[token - from];
      for (int i = 0; i < headSize; i++) {
        own[i] = Math.fma(weight, entry[i], own[i]);
      }
    }
  }

  private long at(long table, long shift, int token) {
    long page = Memory.integer(tables, table + token / pages.pageTokens());
    return page * pages.pageStride() + token % pages.pageTokens() * pages.tokenStride() + shift;
  }
}
