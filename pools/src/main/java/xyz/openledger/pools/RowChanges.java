package xyz.openledger.pools;

import java.util.BitSet;
import java.util.function.IntConsumer;

/**
 * Which rows of a cell changed lately, and how much. Bounded: who is too far behind starts afresh.
 * Each row is visited once, however often it changed.
 */
final class RowChanges {
  /** How much of a node changed. */
  enum Extent {
    /** Only how many slots are free, and not whether any is. */
    COUNT(0),
    /** How it stands, but not what it offers. */
    STANDING(1),
    /** What it offers; or it came, or went. */
    OFFER(2);

    private final int code;

    Extent(int code) {
      this.code = code;
    }
  }

  private static final int REMEMBERED = 1 << 14;
  private static final Extent[] EXTENTS = Extent.values();

  private final long[] ring = new long[REMEMBERED];
  private final BitSet visited = new BitSet();
  private final BitSet offers = new BitSet();
  private long end;

  static Extent between(Node before, Node after) {
    boolean sameOffer =
        before.priceNanoOpenPerGigafuel() == after.priceNanoOpenPerGigafuel()
            && before.fuelPerCpuSecond() == after.fuelPerCpuSecond()
            && before.roundTripMicros() == after.roundTripMicros();
    if (!sameOffer) {
      return Extent.OFFER;
    }
    boolean counts =
        (before.offeredSlots() > 0) == (after.offeredSlots() > 0)
            && before.withFreeSlots(0).equals(after.withFreeSlots(0));
    return counts ? Extent.COUNT : Extent.STANDING;
  }

  void add(int row, Extent extent) {
    ring[(int) (end++ & (REMEMBERED - 1))] = ((long) row << 2) | extent.code;
  }

  long end() {
    return end;
  }

  boolean remembers(long since) {
    return end - since <= REMEMBERED;
  }

  /** Whose row changed, and whether its offer may have. */
  interface Visitor {
    void visit(int row, boolean offer);
  }

  /** Visits the rows that changed at least so much since there were so many changes. */
  void visit(long since, Extent least, Visitor visitor) {
    for (long at = since; at < end; at++) {
      if (extent(at) == Extent.OFFER) {
        offers.set(row(at));
      }
    }
    for (long at = since; at < end; at++) {
      int row = row(at);
      if (extent(at).compareTo(least) >= 0 && !visited.get(row)) {
        visited.set(row);
        visitor.visit(row, offers.get(row));
      }
    }
    for (long at = since; at < end; at++) {
      visited.clear(row(at));
      offers.clear(row(at));
    }
  }

  void visit(long since, IntConsumer visitor) {
    visit(since, Extent.COUNT, (row, _) -> visitor.accept(row));
  }

  private int row(long at) {
    return (int) (ring[(int) (at & (REMEMBERED - 1))] >>> 2);
  }

  private Extent extent(long at) {
    return EXTENTS[(int) (ring[(int) (at & (REMEMBERED - 1))] & 3)];
  }
}
