package xyz.openledger.models.training;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Rows of fp32, densely one after another. */
record Rows(MemorySegment memory, int width) {
  static Rows of(Arena arena, long rows, int width) {
    return new Rows(arena.allocate(JAVA_FLOAT, rows * width), width);
  }

  /** What begins at a row. */
  MemorySegment from(long row) {
    return memory.asSlice(row * width * Float.BYTES);
  }

  void copy(Rows source, long row, long count) {
    MemorySegment.copy(
        source.memory, row * width * Float.BYTES, memory, row * width * Float.BYTES, bytes(count));
  }

  void clear(long row, long count) {
    memory.asSlice(row * width * Float.BYTES, bytes(count)).fill((byte) 0);
  }

  private long bytes(long rows) {
    return rows * width * Float.BYTES;
  }
}
