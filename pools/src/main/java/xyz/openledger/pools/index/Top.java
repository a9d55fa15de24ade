package xyz.openledger.pools.index;

import java.util.Arrays;
import java.util.Objects;
import xyz.openledger.protocol.Check;

/** The best rows so far, best first: the higher score, then the lower row. Holds at most k. */
public final class Top {
  /** The largest k. */
  public static final int K_MAX = 4_096;

  final long[] scores;
  final int[] rows;
  int size;

  /** Room for {@code k}. */
  public Top(int k) {
    Check.range("k", k, 1, K_MAX);
    scores = new long[k];
    rows = new int[k];
  }

  /** How many are held. */
  public int size() {
    return size;
  }

  /** The row at a place, 0 being the best. */
  public int row(int place) {
    return rows[Objects.checkIndex(place, size)];
  }

  /** And what it scores. */
  public long score(int place) {
    return scores[Objects.checkIndex(place, size)];
  }

  /** The rows, best first. */
  public int[] rows() {
    return Arrays.copyOf(rows, size);
  }

  /** The scores, best first. */
  public long[] scores() {
    return Arrays.copyOf(scores, size);
  }

  boolean isFull() {
    return size == rows.length;
  }

  /** Empties it. */
  public void clear() {
    size = 0;
  }

  /** Whether it would rank above the last that is held. */
  boolean isAboveLast(long score, int row) {
    return size > 0 && above(score, row, size - 1);
  }

  /** Takes a row in; if there is no room the last goes. */
  public void offer(long score, int row) {
    if (isFull() && !isAboveLast(score, row)) {
      return;
    }
    int place = isFull() ? size - 1 : size++;
    while (place > 0 && above(score, row, place - 1)) {
      scores[place] = scores[place - 1];
      rows[place] = rows[place - 1];
      place--;
    }
    scores[place] = score;
    rows[place] = row;
  }

  /** Takes a row out, if it is in. */
  void remove(int row) {
    for (int place = 0; place < size; place++) {
      if (rows[place] == row) {
        System.arraycopy(rows, place + 1, rows, place, size - place - 1);
        System.arraycopy(scores, place + 1, scores, place, size - place - 1);
        size--;
        return;
      }
    }
  }

  private boolean above(long score, int row, int place) {
    return score > scores[place] || (score == scores[place] && row < rows[place]);
  }
}
