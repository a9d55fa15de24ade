package xyz.openledger.nativekernels.strict;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Small arrays, sent to the device as one piece. */
final class CudaArrays implements AutoCloseable {
  private static final int ALIGNMENT = 8;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment[] parts;
  private final long[] places;
  private int count;
  private long bytes;

  CudaArrays(int most) {
    parts = new MemorySegment[most];
    places = new long[most];
  }

  void add(MemorySegment array, long length) {
    parts[count] = array.asSlice(0, length);
    places[count++] = bytes;
    bytes += (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  MemorySegment all() {
    MemorySegment all = arena.allocate(bytes, ALIGNMENT);
    for (int i = 0; i < count; i++) {
      MemorySegment.copy(parts[i], 0, all, places[i], parts[i].byteSize());
    }
    return all;
  }

  /** Where an array lies, if all of them begin there. */
  MemorySegment place(MemorySegment begin, int index) {
    return begin.asSlice(places[index]);
  }

  @Override
  public void close() {
    arena.close();
  }
}
