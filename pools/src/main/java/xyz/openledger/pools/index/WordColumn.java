package xyz.openledger.pools.index;

import java.util.Arrays;

/** Equality bitmaps of one column of few words: for each word the rows that have it. */
final class WordColumn {
  private static final int NONE = -1;

  private final BitmapSlab slab;
  private final int[] bitmaps;

  /** A column of the words 0 to {@code words - 1}. */
  WordColumn(BitmapSlab slab, int words) {
    this.slab = slab;
    bitmaps = new int[words];
    Arrays.fill(bitmaps, NONE);
  }

  int words() {
    return bitmaps.length;
  }

  void add(int row, int word) {
    slab.set(bitmap(word), row);
  }

  void remove(int row, int word) {
    slab.clear(bitmap(word), row);
  }

  int bitmap(int word) {
    if (bitmaps[word] == NONE) {
      bitmaps[word] = slab.add();
    }
    return bitmaps[word];
  }
}
