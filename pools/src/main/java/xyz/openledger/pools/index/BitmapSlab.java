package xyz.openledger.pools.index;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Bitmaps of equal length in one piece of memory off heap, so that C and Java read the same ones. A
 * bitmap is a number; memory grows by copying, and numbers stay. The garbage collector frees it.
 */
final class BitmapSlab {
  private static final int LINE_BYTES = 64;
  private static final int LINE_WORDS = LINE_BYTES / Long.BYTES;

  private final Deque<Integer> free = new ArrayDeque<>();
  private MemorySegment memory;
  private int words;
  private long stride;
  private int capacity;
  private int used;

  /** Room for {@code bitmaps} at first. */
  BitmapSlab(int bits, int bitmaps) {
    words = words(bits);
    stride = stride(words);
    capacity = Math.max(1, bitmaps);
    memory = allocate(capacity, stride);
  }

  private static int words(int bits) {
    return Math.ceilDiv(bits, Long.SIZE);
  }

  /**
   * An odd number of cache lines: were it even, or worse a power of two, the same place of many
   * bitmaps would compete for the same few places of the cache.
   */
  private static long stride(int words) {
    return (Math.ceilDiv(words, LINE_WORDS) | 1L) * LINE_WORDS;
  }

  private static MemorySegment allocate(int bitmaps, long stride) {
    return Arena.ofAuto().allocate(bitmaps * stride * Long.BYTES, LINE_BYTES);
  }

  /** An empty bitmap. */
  int add() {
    Integer freed = free.poll();
    if (freed != null) {
      clear(freed);
      return freed;
    }
    if (used == capacity) {
      resize(capacity + Math.max(8, capacity / 16), words);
    }
    return used++;
  }

  /** Gives a bitmap back. */
  void remove(int bitmap) {
    free.add(bitmap);
  }

  /** Makes every bitmap longer. */
  void lengthen(int bits) {
    resize(capacity, words(bits));
  }

  private void resize(int bitmaps, int newWords) {
    long newStride = stride(newWords);
    MemorySegment larger = allocate(bitmaps, newStride);
    for (int i = 0; i < used; i++) {
      MemorySegment.copy(
          memory,
          i * stride * Long.BYTES,
          larger,
          i * newStride * Long.BYTES,
          (long) Math.min(words, newWords) * Long.BYTES);
    }
    memory = larger;
    capacity = bitmaps;
    words = newWords;
    stride = newStride;
  }

  private long offset(int bitmap, int row) {
    return (bitmap * stride + (row >>> 6)) << 3;
  }

  boolean get(int bitmap, int row) {
    return ((memory.get(JAVA_LONG, offset(bitmap, row)) >>> row) & 1) != 0;
  }

  void set(int bitmap, int row) {
    long at = offset(bitmap, row);
    memory.set(JAVA_LONG, at, memory.get(JAVA_LONG, at) | (1L << row));
  }

  void clear(int bitmap, int row) {
    long at = offset(bitmap, row);
    memory.set(JAVA_LONG, at, memory.get(JAVA_LONG, at) & ~(1L << row));
  }

  void flip(int bitmap, int row) {
    long at = offset(bitmap, row);
    memory.set(JAVA_LONG, at, memory.get(JAVA_LONG, at) ^ (1L << row));
  }

  void clear(int bitmap) {
    memory.asSlice(bitmap * stride * Long.BYTES, stride * Long.BYTES).fill((byte) 0);
  }

  void copy(int from, int to) {
    MemorySegment.copy(
        memory, from * stride * Long.BYTES, memory, to * stride * Long.BYTES, stride * Long.BYTES);
  }

  void or(int from, int into) {
    for (int word = 0; word < words; word++) {
      long at = (into * stride + word) << 3;
      memory.set(JAVA_LONG, at, memory.get(JAVA_LONG, at) | word(from, word));
    }
  }

  long word(int bitmap, int word) {
    return memory.get(JAVA_LONG, (bitmap * stride + word) << 3);
  }

  int count(int bitmap) {
    int count = 0;
    for (int word = 0; word < words; word++) {
      count += Long.bitCount(word(bitmap, word));
    }
    return count;
  }

  int words() {
    return words;
  }

  /** From one bitmap to the next, in words. */
  long stride() {
    return stride;
  }

  MemorySegment memory() {
    return memory;
  }

  long bytes() {
    return memory.byteSize();
  }
}
