package xyz.openledger.nativekernels.strict;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/** Rows that see drawn stretches of one drawn cache, whose pages lie in no order. */
final class Paged {
  private static final int PAGES = 40;

  final int rows;
  final int heads;
  final int keyHeads;
  final int size;
  final long stride;
  final int entries;
  final MemorySegment queries;
  final StrictAttention.Pages pages;
  final MemorySegment tables;
  final MemorySegment starts;
  final MemorySegment ends;
  final MemorySegment out;

  Paged(Drawn drawn) {
    rows = drawn.between(1, 8);
    keyHeads = drawn.between(1, 3);
    heads = keyHeads * drawn.between(1, 4);
    size = drawn.between(0, 1) == 0 ? 8 * drawn.between(1, 10) : drawn.between(1, 70);
    int pageTokens = drawn.between(1, 40);
    entries = (200 + pageTokens - 1) / pageTokens;
    long token = (long) keyHeads * size + drawn.between(0, 2);
    long page = token * pageTokens;
    stride = (long) heads * size;
    pages =
        new StrictAttention.Pages(
            drawn.numbers(PAGES * page),
            drawn.numbers(PAGES * page),
            pageTokens,
            page,
            token,
            size);
    tables = Drawn.integers(drawn.random.ints((long) rows * entries, 0, PAGES).toArray());
    int[] from = new int[rows];
    int[] to = new int[rows];
    for (int i = 0; i < rows; i++) {
      to[i] = drawn.between(1, 200);
      from[i] = drawn.between(0, 1) * drawn.between(0, to[i] - 1);
    }
    starts = Drawn.integers(from);
    ends = Drawn.integers(to);
    queries = drawn.numbers(rows * stride);
    out = Drawn.empty(rows * stride);
  }

  /** Only some of the rows. */
  void attend(StrictKernels kernels, int first, int count) {
    kernels.attention(
        count,
        heads,
        keyHeads,
        size,
        0.2f,
        queries.asSlice(first * stride * 4),
        stride,
        pages,
        tables.asSlice((long) first * entries * JAVA_INT.byteSize()),
        entries,
        starts.asSlice(first * 4L),
        ends.asSlice(first * 4L),
        out.asSlice(first * stride * 4),
        stride);
  }
}
