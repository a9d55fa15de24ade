package xyz.openledger.models.adapters;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.OptionalLong;
import java.util.TreeSet;
import xyz.openledger.nativekernels.LargePages;

/**
 * One block of memory for all adapters. It is halved until a piece fits, so pieces come in sizes
 * that are powers of two, as ranks do; halves that are free again become one.
 */
public final class Slab {
  /** The smallest piece. */
  static final long PIECE_BYTES_MIN = 4_096;

  private final MemorySegment memory;
  private final long bytes;
  private final TreeSet<Long>[] free;
  private long usedBytes;

  /** Takes memory: a power of two, at least 4 KiB. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  public Slab(long bytes, Arena arena) {
    if (bytes < PIECE_BYTES_MIN || Long.bitCount(bytes) != 1) {
      throw new IllegalArgumentException("a slab has 2^n bytes, at least 4096: " + bytes);
    }
    this.bytes = bytes;
    this.memory = LargePages.allocate(bytes, arena);
    this.free = new TreeSet[order(bytes) + 1];
    for (int i = 0; i < free.length; i++) {
      free[i] = new TreeSet<>();
    }
    free[free.length - 1].add(0L);
  }

  /** All of it. */
  public MemorySegment memory() {
    return memory;
  }

  /** How much is taken, what pieces round up to included. */
  public long usedBytes() {
    return usedBytes;
  }

  /** How much there is. */
  public long bytes() {
    return bytes;
  }

  /** What a piece of so many bytes takes. */
  static long pieceBytes(long bytes) {
    long rounded = Long.highestOneBit(Math.max(bytes, PIECE_BYTES_MIN) - 1) << 1;
    return Math.max(rounded, PIECE_BYTES_MIN);
  }

  private static int order(long bytes) {
    return Long.numberOfTrailingZeros(bytes / PIECE_BYTES_MIN);
  }

  /** Where a piece begins, or nothing if none is free. */
  OptionalLong take(long wanted) {
    if (wanted < 0 || wanted > bytes) {
      return OptionalLong.empty();
    }
    int order = order(pieceBytes(wanted));
    int from = order;
    while (from < free.length && free[from].isEmpty()) {
      from++;
    }
    if (from == free.length) {
      return OptionalLong.empty();
    }
    long at = free[from].pollFirst();
    for (; from > order; from--) {
      free[from - 1].add(at + (PIECE_BYTES_MIN << (from - 1)));
    }
    usedBytes += PIECE_BYTES_MIN << order;
    return OptionalLong.of(at);
  }

  /** Gives a piece back, as it was taken. */
  void giveBack(long at, long wanted) {
    int order = order(pieceBytes(wanted));
    usedBytes -= PIECE_BYTES_MIN << order;
    long start = at;
    while (order < free.length - 1) {
      long other = start ^ (PIECE_BYTES_MIN << order);
      if (!free[order].remove(other)) {
        break;
      }
      start = Math.min(start, other);
      order++;
    }
    free[order].add(start);
  }
}
