package xyz.openledger.pools.index;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.requirement.Trait;

/**
 * The rows that have a word, for each word. Most words are of few rows: those are sorted arrays, 4
 * bytes a row, where a bitmap would take a bit of every row of the table. A word of many rows is a
 * bitmap, which a question can use as it stands. (A compressed bitmap would be smaller than both,
 * but the cell is small, and nothing could be ANDed without unpacking.)
 *
 * <p>Contributors choose their labels, so the number of words is bounded: beyond it no word is
 * added any more, and who asks for one that is not here must ask the nodes themselves.
 */
final class Postings {
  /** Words of one index. */
  static final int WORDS_MAX = 1 << 16;

  /** From so many rows on a word is a bitmap, and below so many no longer. */
  static final int DENSE_FROM = 1_024;

  static final int SPARSE_BELOW = 256;

  /** What a row can have. */
  sealed interface Word {
    /** A trait's word. */
    record OfTrait(Trait trait, String word) implements Word {}

    /** A label with its value. */
    record OfLabel(String key, String value) implements Word {}

    /** A label with any value. */
    record OfKey(String key) implements Word {}
  }

  private static final class Rows {
    int[] sorted = new int[2];
    int size;
    int bitmap = RangeColumn.NONE;
  }

  private final Table table;
  private final int wordsMax;
  private final Map<Word, Rows> words = new HashMap<>();
  private boolean full;

  Postings(Table table, int wordsMax) {
    this.table = table;
    this.wordsMax = wordsMax;
  }

  void add(Word word, int row) {
    Rows rows = words.get(word);
    if (rows == null) {
      if (full || words.size() == wordsMax) {
        overflow();
        return;
      }
      rows = new Rows();
      words.put(word, rows);
    }
    if (rows.bitmap == RangeColumn.NONE && rows.size == DENSE_FROM) {
      thicken(rows);
    }
    if (rows.bitmap == RangeColumn.NONE) {
      insert(rows, row);
    } else if (!table.slab().get(rows.bitmap, row)) {
      table.slab().set(rows.bitmap, row);
      rows.size++;
    }
  }

  private void overflow() {
    if (!full) {
      full = true;
      table.relaid();
    }
  }

  private static void insert(Rows rows, int row) {
    int at = Arrays.binarySearch(rows.sorted, 0, rows.size, row);
    if (at < 0) {
      int place = -at - 1;
      if (rows.size == rows.sorted.length) {
        rows.sorted = Arrays.copyOf(rows.sorted, 2 * rows.size);
      }
      System.arraycopy(rows.sorted, place, rows.sorted, place + 1, rows.size - place);
      rows.sorted[place] = row;
      rows.size++;
    }
  }

  private void thicken(Rows rows) {
    rows.bitmap = table.slab().add();
    for (int i = 0; i < rows.size; i++) {
      table.slab().set(rows.bitmap, rows.sorted[i]);
    }
    rows.sorted = new int[2];
  }

  void remove(Word word, int row) {
    Rows rows = words.get(word);
    if (rows == null) {
      return;
    }
    if (rows.bitmap != RangeColumn.NONE) {
      if (table.slab().get(rows.bitmap, row)) {
        table.slab().clear(rows.bitmap, row);
        rows.size--;
      }
      if (rows.size < SPARSE_BELOW) {
        thin(rows);
      }
      return;
    }
    int at = Arrays.binarySearch(rows.sorted, 0, rows.size, row);
    if (at >= 0) {
      System.arraycopy(rows.sorted, at + 1, rows.sorted, at, rows.size - at - 1);
      rows.size--;
    }
    // Once it is full a word's place must not be lost: the rows that came too late are unknown.
    if (rows.size == 0 && !full) {
      words.remove(word);
    }
  }

  /** Programs may use the bitmap directly, so they must be compiled anew. */
  private void thin(Rows rows) {
    int bitmap = rows.bitmap;
    rows.bitmap = RangeColumn.NONE;
    rows.sorted = new int[SPARSE_BELOW];
    rows.size = 0;
    for (int word = 0; word < table.slab().words(); word++) {
      for (long bits = table.slab().word(bitmap, word); bits != 0; bits &= bits - 1) {
        rows.sorted[rows.size++] = word * Long.SIZE + Long.numberOfTrailingZeros(bits);
      }
    }
    table.slab().remove(bitmap);
    table.relaid();
  }

  /** Whether every row that has the word is known here. */
  boolean knows(Word word) {
    return !full || words.containsKey(word);
  }

  /** The bitmap of the word, if it is of many rows. */
  int bitmap(Word word) {
    Rows rows = words.get(word);
    return rows == null ? RangeColumn.NONE : rows.bitmap;
  }

  /** Adds the rows of the word to a bitmap. */
  void into(Word word, BitmapSlab slab, int bitmap) {
    @Nullable Rows rows = words.get(word);
    if (rows == null) {
      return;
    }
    if (rows.bitmap != RangeColumn.NONE) {
      slab.or(rows.bitmap, bitmap);
      return;
    }
    for (int i = 0; i < rows.size; i++) {
      slab.set(bitmap, rows.sorted[i]);
    }
  }

  /** How many rows have the word, as far as is known. */
  int count(Word word) {
    return words.containsKey(word) ? requireNonNull(words.get(word)).size : 0;
  }

  int size() {
    return words.size();
  }
}
