package xyz.openledger.pools.index;

/**
 * Which rows changed lately, and in which column. What keeps a result catches up from here when it
 * is asked, so that a change costs the same however many results are kept. Bounded: who is too far
 * behind starts afresh.
 */
final class ChangeLog {
  /** Everything of the row, or that it came or went. */
  static final int WHOLE_ROW = 31;

  private final long[] ring;
  private long end;

  /** Remembers as many changes, a power of two. */
  ChangeLog(int size) {
    if (Integer.bitCount(size) != 1) {
      throw new IllegalArgumentException("not a power of two: " + size);
    }
    ring = new long[size];
  }

  void add(int row, int column) {
    ring[(int) (end++ & (ring.length - 1))] = ((long) column << 32) | row;
  }

  /** The number of changes so far: where the next reader begins. */
  long end() {
    return end;
  }

  boolean remembers(long from) {
    return end - from <= ring.length;
  }

  int row(long at) {
    return (int) ring[(int) (at & (ring.length - 1))];
  }

  int column(long at) {
    return (int) (ring[(int) (at & (ring.length - 1))] >>> 32);
  }
}
