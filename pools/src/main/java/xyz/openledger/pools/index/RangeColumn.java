package xyz.openledger.pools.index;

import java.util.Arrays;

/**
 * Range-encoded bitmaps of one column: for each boundary the rows whose code is not below it. A
 * range is then one bitmap without another, but for the rows that share a bucket with an end of it,
 * which are looked at one by one.
 */
final class RangeColumn {
  /** Bitmaps of one column, one fewer than buckets. */
  static final int BOUNDARIES_MAX = 15;

  /** No boundary: every row is above, or none is. */
  static final int NONE = -1;

  private final BitmapSlab slab;
  private int[] boundaries = {};
  private int[] bitmaps = {};
  private double[] shares = {};
  private int highest;

  RangeColumn(BitmapSlab slab) {
    this.slab = slab;
  }

  /**
   * Puts the boundaries where {@code sample}, sorted, is cut into equal parts, and one between none
   * and some. Empties the bitmaps: every row must be added again.
   */
  void cut(int[] sample) {
    for (int bitmap : bitmaps) {
      slab.remove(bitmap);
    }
    boundaries = boundaries(sample);
    bitmaps = new int[boundaries.length];
    shares = new double[boundaries.length];
    for (int i = 0; i < boundaries.length; i++) {
      bitmaps[i] = slab.add();
      int below = lowerBound(sample, boundaries[i]);
      shares[i] = sample.length == 0 ? 1 : 1 - (double) below / sample.length;
    }
    highest = 0;
  }

  private static int[] boundaries(int[] sample) {
    var cuts = new int[BOUNDARIES_MAX];
    cuts[0] = 1;
    int size = 1;
    for (int i = 1; i < BOUNDARIES_MAX && sample.length > 0; i++) {
      int cut = sample[(int) ((long) sample.length * i / BOUNDARIES_MAX)];
      if (cut > cuts[size - 1]) {
        cuts[size++] = cut;
      }
    }
    return Arrays.copyOf(cuts, size);
  }

  private static int lowerBound(int[] sorted, int key) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** How many boundaries are not above the code: its bucket. */
  int bucket(int code) {
    int low = 0;
    int high = boundaries.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (boundaries[middle] <= code) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Moves a row from one code to another; 0 is where a row is that has not been added. */
  void move(int row, int from, int to) {
    int low = bucket(Math.min(from, to));
    int high = bucket(Math.max(from, to));
    for (int i = low; i < high; i++) {
      slab.flip(bitmaps[i], row);
    }
    highest = Math.max(highest, to);
  }

  /** Rows of at least {@code code}, and perhaps more of its bucket; or {@link #NONE}. */
  int notBelow(int code) {
    int bucket = bucket(code);
    return bucket == 0 ? NONE : bitmaps[bucket - 1];
  }

  /** Rows above {@code code}, but perhaps not all: none of its bucket; or {@link #NONE}. */
  int above(int code) {
    int bucket = bucket(code);
    return bucket == bitmaps.length ? NONE : bitmaps[bucket];
  }

  /** The boundaries, ascending. */
  int[] boundaries() {
    return boundaries;
  }

  /** What part of the rows was not below the boundary when it was put there. */
  double share(int boundary) {
    return shares[boundary];
  }

  int bitmap(int boundary) {
    return bitmaps[boundary];
  }

  /** The lowest code of a bucket. */
  int lowest(int bucket) {
    return bucket == 0 ? 0 : boundaries[bucket - 1];
  }

  /** No row of a bucket has a higher code. */
  int highest(int bucket) {
    return bucket == boundaries.length ? highest : boundaries[bucket] - 1;
  }

  /** No row has a higher code. */
  int highest() {
    return highest;
  }
}
