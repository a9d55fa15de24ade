package xyz.openledger.nativekernels.strict;

import java.lang.foreign.MemorySegment;

/** {@link StrictAttention}. */
interface JavaAttention extends StrictAttention {
  @Override
  default void attention(
      int rows,
      int heads,
      int keyHeads,
      int headSize,
      float scale,
      MemorySegment queries,
      long strideQueries,
      Pages pages,
      MemorySegment tables,
      long tableStride,
      MemorySegment starts,
      MemorySegment ends,
      MemorySegment out,
      long strideOut) {
    Checks.attention(
        rows,
        heads,
        keyHeads,
        headSize,
        queries,
        strideQueries,
        pages,
        tables,
        tableStride,
        starts,
        ends,
        out,
        strideOut);
    var one = new JavaAttentionRow(headSize, scale, pages, tables, SPLIT);
    for (int row = 0; row < rows; row++) {
      int start = Memory.integer(starts, row);
      int end = Memory.integer(ends, row);
      for (int head = 0; head < heads; head++) {
        long shift = (long) head / (heads / keyHeads) * pages.headStride();
        Memory.read(queries, row * strideQueries + (long) head * headSize, one.query, headSize);
        one.attend(row * tableStride, shift, start, end);
        Memory.write(out, row * strideOut + (long) head * headSize, one.sums, headSize);
      }
    }
  }
}
