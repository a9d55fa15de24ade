package xyz.openledger.nativekernels.strict;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@link StrictAttention} in C. */
interface NativeAttention extends StrictAttention {
  MethodHandle attentionHandle();

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
    Workspace work = Workspace.ofThisThread();
    try {
      Native.checked(
          (int)
              attentionHandle()
                  .invokeExact(
                      rows,
                      heads,
                      keyHeads,
                      headSize,
                      scale,
                      queries,
                      strideQueries,
                      work.of(pages),
                      tables,
                      tableStride,
                      starts,
                      ends,
                      out,
                      strideOut));
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }
}
