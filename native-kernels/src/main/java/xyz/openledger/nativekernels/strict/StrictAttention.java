package xyz.openledger.nativekernels.strict;

import java.lang.foreign.MemorySegment;

/** Attention of query rows over keys and values in pages. */
public interface StrictAttention {
  /** Tokens that are summed by themselves before sums are merged, counted from token 0. */
  int SPLIT = 64;

  /** Longest head. */
  int HEAD_MAX = 512;

  /**
   * Where keys and values lie: token t of a row is entry {@code t mod pageTokens} of the page whose
   * number is {@code table[t / pageTokens]}. Value i of key-value head h of an entry is at {@code
   * page · pageStride + entry · tokenStride + h · headStride + i}.
   */
  record Pages(
      MemorySegment keys,
      MemorySegment values,
      int pageTokens,
      long pageStride,
      long tokenStride,
      long headStride) {}

  /**
   * For each row and head, the values weighted by {@code softmax(scale · query · key)} over tokens
   * {@code starts[row]} to {@code ends[row]}, the last excluded (int32 both; a row of none is
   * refused). Head h reads key-value head {@code h / (heads / keyHeads)}. Tables are int32, {@code
   * tableStride} apart. The bits depend on the row alone.
   */
  void attention(
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
      long strideOut);
}
