package xyz.openledger.pools;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Which rows of a cell changed lately, and how much. Bounded: who is too far behind starts afresh.
 * Each row is visited once, however often it changed.
 */
final class RowChanges {
  /** How much of a node changed; each includes those before it. */
  enum Extent {
    /** Only how many slots are free, and not whether any is. */
    COUNT(0),
    /** Whether any slot is free. */
    SLOTS(1),
    /** How it stands, but not what it offers. */
    STANDING(2),
    /** What it offers; or it came, or went. */
    OFFER(3);

    private final int code;

    Extent(int code) {
      this.code = code;
    }
  }

  private static final int REMEMBERED = 1 << 14;
  private static final int EXTENT_BITS = 2;
  private static final int EXTENT_MASK = (1 << EXTENT_BITS) - 1;
  private static final Extent[] EXTENTS = Extent.values();

  private final long[] ring = new long[REMEMBERED];

  /** While rows are visited: the most that each changed, and one more; 0 for no change. */
  private byte[] most = {};

  private long end;

  static Extent between(Node before, Node after) {
    boolean sameOffer =
        before.priceNanoOpenPerGigafuel() == after.priceNanoOpenPerGigafuel()
            && before.fuelPerCpuSecond() == after.fuelPerCpuSecond()
            && before.roundTripMicros() == after.roundTripMicros();
    if (!sameOffer) {
      return Extent.OFFER;
    }
    if (!before.withFreeSlots(0).equals(after.withFreeSlots(0))) {
      return Extent.STANDING;
    }
    return (before.offeredSlots() > 0) == (after.offeredSlots() > 0) ? Extent.COUNT : Extent.SLOTS;
  }

  void add(int row, Extent extent) {
    ring[(int) (end++ & (REMEMBERED - 1))] = ((long) row << EXTENT_BITS) | extent.code;
    if (row >= most.length) {
      most = Arrays.copyOf(most, Math.max(row + 1, 2 * most.length));
    }
  }

  long end() {
    return end;
  }

  boolean remembers(long since) {
    return end - since <= REMEMBERED;
  }

  /** Whose row changed, and how much at the most. */
  interface Visitor {
    void visit(int row, Extent extent);
  }

  /** Visits the rows that changed at least so much since there were so many changes. */
  void visit(long since, Extent least, Visitor visitor) {
    for (long at = since; at < end; at++) {
      int row = row(at);
      most[row] = (byte) Math.max(most[row], 1 + extent(at));
    }
    for (long at = since; at < end; at++) {
      int row = row(at);
      int extent = most[row] - 1;
      most[row] = 0;
      if (extent >= least.code) {
        visitor.visit(row, EXTENTS[extent]);
      }
    }
  }

  void visit(long since, IntConsumer visitor) {
    visit(since, Extent.COUNT, (row, _) -> visitor.accept(row));
  }

  private int row(long at) {
    return (int) (ring[(int) (at & (REMEMBERED - 1))] >>> EXTENT_BITS);
  }

  private int extent(long at) {
    return (int) ring[(int) (at & (REMEMBERED - 1))] & EXTENT_MASK;
  }
}
