package xyz.openledger.nativekernels.strict;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/** What more than one kernel refuses. */
final class Checks {
  private Checks() {}

  /** The lanes of the panel that starts at an output. */
  static int panel(int outputs, int first) {
    return outputs - first > 8 ? StrictProducts.PANEL : 8;
  }

  static void linear(
      int rows,
      int outputs,
      int inputs,
      MemorySegment x,
      long strideX,
      WeightType type,
      MemorySegment w,
      long strideW,
      MemorySegment y,
      long strideY) {
    Memory.check(x, rows, inputs, strideX);
    Memory.check(w, outputs, inputs, strideW, Memory.layout(type));
    Memory.check(y, rows, outputs, strideY);
  }

  static void pack(
      int outputs,
      int inputs,
      WeightType type,
      MemorySegment w,
      long strideW,
      MemorySegment packed) {
    Memory.check(w, outputs, inputs, strideW, Memory.layout(type));
    packed(outputs, inputs, type, packed);
  }

  static void linearPacked(
      int rows,
      int outputs,
      int inputs,
      MemorySegment x,
      long strideX,
      WeightType type,
      MemorySegment packed,
      MemorySegment y,
      long strideY) {
    Memory.check(x, rows, inputs, strideX);
    packed(outputs, inputs, type, packed);
    Memory.check(y, rows, outputs, strideY);
  }

  private static void packed(int outputs, int inputs, WeightType type, MemorySegment packed) {
    if (outputs < 1 || inputs < 1) {
      throw new IllegalArgumentException("weights %d by %d".formatted(outputs, inputs));
    }
    long values = StrictProducts.packedWeights(outputs, inputs);
    Memory.check(packed, 1, values, values, Memory.layout(type));
  }

  static void linearInt8(
      int rows,
      int outputs,
      int inputs,
      MemorySegment x,
      long strideX,
      MemorySegment w,
      long strideW,
      MemorySegment y,
      long strideY) {
    if (inputs > StrictProducts.INT8_INPUTS_MAX) {
      throw new IllegalArgumentException("sums of %d products leave int32".formatted(inputs));
    }
    Memory.check(x, rows, inputs, strideX, JAVA_BYTE);
    Memory.check(w, outputs, inputs, strideW, JAVA_BYTE);
    Memory.check(y, rows, outputs, strideY, JAVA_INT);
  }

  static void lora(
      int segments,
      MemorySegment starts,
      MemorySegment ranks,
      MemorySegment scales,
      MemorySegment offsetsA,
      MemorySegment offsetsB,
      WeightType type,
      MemorySegment slab,
      int inputs,
      int outputs,
      MemorySegment x,
      long strideX,
      MemorySegment y,
      long strideY) {
    Memory.integers(starts, segments + 1L);
    Memory.integers(ranks, segments);
    Memory.check(scales, segments);
    Memory.check(offsetsA, 1, Math.max(segments, 1), segments, JAVA_LONG);
    Memory.check(offsetsB, 1, Math.max(segments, 1), segments, JAVA_LONG);
    int before = 0;
    for (int s = 0; s < segments; s++) {
      int start = Memory.integer(starts, s);
      int rank = Memory.integer(ranks, s);
      if (start < before || rank < 0 || rank > StrictProducts.RANK_MAX) {
        throw new IllegalArgumentException("segment %d from %d, rank %d".formatted(s, start, rank));
      }
      before = start;
      if (rank > 0) {
        inside(slab, Memory.offset(offsetsA, s), StrictProducts.packedWeights(rank, inputs), type);
        inside(slab, Memory.offset(offsetsB, s), StrictProducts.packedWeights(outputs, rank), type);
      }
    }
    int rows = Memory.integer(starts, segments);
    if (rows < before) {
      throw new IllegalArgumentException("the last segment ends before it starts");
    }
    Memory.check(x, rows, inputs, strideX);
    Memory.check(y, rows, outputs, strideY);
  }

  private static void inside(MemorySegment slab, long offset, long weights, WeightType type) {
    if (!slab.isNative()
        || (slab.address() & 3) != 0
        || (offset & 3) != 0
        || offset < 0
        || offset > slab.byteSize() - weights * type.bytes()) {
      throw new IndexOutOfBoundsException("an adapter at byte " + offset);
    }
  }

  static void attention(
      int rows,
      int heads,
      int keyHeads,
      int headSize,
      MemorySegment queries,
      long strideQueries,
      StrictAttention.Pages pages,
      MemorySegment tables,
      long tableStride,
      MemorySegment starts,
      MemorySegment ends,
      MemorySegment out,
      long strideOut) {
    heads(heads, keyHeads, headSize);
    Memory.check(queries, rows, (long) heads * headSize, strideQueries);
    Memory.check(out, rows, (long) heads * headSize, strideOut);
    Memory.integers(starts, rows);
    Memory.integers(ends, rows);
    Memory.check(pages.keys(), 1);
    Memory.check(pages.values(), 1);
    if (pages.pageTokens() < 1
        || pages.pageStride() < 0
        || pages.tokenStride() < 0
        || pages.headStride() < 0
        || tableStride < 0) {
      throw new IllegalArgumentException("pages of %d tokens".formatted(pages.pageTokens()));
    }
    long last =
        (pages.pageTokens() - 1) * pages.tokenStride()
            + (keyHeads - 1) * pages.headStride()
            + headSize;
    long held = Math.min(pages.keys().byteSize(), pages.values().byteSize()) / Float.BYTES;
    for (int row = 0; row < rows; row++) {
      int start = Memory.integer(starts, row);
      int end = Memory.integer(ends, row);
      if (start < 0 || end <= start) {
        throw new IllegalArgumentException("row %d sees %d to %d".formatted(row, start, end));
      }
      int entries = (end - 1) / pages.pageTokens() + 1;
      for (int entry = start / pages.pageTokens(); entry < entries; entry++) {
        long page = Memory.integer(tables, row * tableStride + entry);
        if (page < 0 || page > (held - last) / Math.max(pages.pageStride(), 1) || last > held) {
          throw new IndexOutOfBoundsException("page " + page);
        }
      }
    }
  }

  static void heads(int heads, int keyHeads, int headSize) {
    if (keyHeads < 1
        || heads < keyHeads
        || heads % keyHeads != 0
        || headSize < 1
        || headSize > StrictAttention.HEAD_MAX) {
      throw new IllegalArgumentException(
          "%d heads of %d on %d".formatted(heads, headSize, keyHeads));
    }
  }

  static void quantize(
      int rows,
      int columns,
      MemorySegment x,
      long strideX,
      MemorySegment q,
      long strideQ,
      MemorySegment scales) {
    Memory.check(x, rows, columns, strideX);
    Memory.check(q, rows, columns, strideQ, JAVA_BYTE);
    Memory.check(scales, rows);
  }

  static void dequantize(
      int rows,
      int columns,
      MemorySegment sums,
      long strideSums,
      MemorySegment rowScales,
      MemorySegment columnScales,
      MemorySegment y,
      long strideY) {
    Memory.check(sums, rows, columns, strideSums, JAVA_INT);
    Memory.check(rowScales, rows);
    Memory.check(columnScales, columns);
    Memory.check(y, rows, columns, strideY);
  }
}
