package xyz.openledger.pools;

import java.util.Arrays;
import xyz.openledger.protocol.NodeId;

/** Rows in the order of their nodes' ids. To come or go moves those behind; to ask is quick. */
final class Order {
  private NodeId[] ids = new NodeId[16];
  private int[] rows = new int[16];
  private int[] places = new int[16];
  private long[] marks = {};
  private int size;
  private boolean placed;

  void add(NodeId id, int row) {
    int place = -Arrays.binarySearch(ids, 0, size, id) - 1;
    if (size == rows.length) {
      ids = Arrays.copyOf(ids, 2 * size);
      rows = Arrays.copyOf(rows, 2 * size);
    }
    System.arraycopy(ids, place, ids, place + 1, size - place);
    System.arraycopy(rows, place, rows, place + 1, size - place);
    ids[place] = id;
    rows[place] = row;
    size++;
    placed = false;
  }

  void remove(NodeId id) {
    int place = Arrays.binarySearch(ids, 0, size, id);
    System.arraycopy(ids, place + 1, ids, place, size - place - 1);
    System.arraycopy(rows, place + 1, rows, place, size - place - 1);
    size--;
    placed = false;
  }

  int size() {
    return size;
  }

  /** The row at a place. */
  int row(int place) {
    return rows[place];
  }

  /** Those rows in the order. */
  int[] sorted(int[] among, int count) {
    mark(among, count);
    var sorted = new int[count];
    int at = 0;
    for (int word = 0; at < count; word++) {
      for (long bits = marks[word]; bits != 0; bits &= bits - 1) {
        sorted[at++] = rows[word * Long.SIZE + Long.numberOfTrailingZeros(bits)];
      }
      marks[word] = 0;
    }
    return sorted;
  }

  private void mark(int[] among, int count) {
    place();
    for (int i = 0; i < count; i++) {
      int place = places[among[i]];
      marks[place >>> 6] |= 1L << place;
    }
  }

  /** Which of these rows comes {@code nth} in the order, from 0. */
  int nth(int[] among, int count, int nth) {
    mark(among, count);
    int left = nth;
    int word = 0;
    while (left >= Long.bitCount(marks[word])) {
      left -= Long.bitCount(marks[word++]);
    }
    long bits = marks[word];
    for (; left > 0; left--) {
      bits &= bits - 1;
    }
    int found = rows[word * Long.SIZE + Long.numberOfTrailingZeros(bits)];
    for (int i = 0; i < count; i++) {
      marks[places[among[i]] >>> 6] = 0;
    }
    return found;
  }

  private void place() {
    if (placed) {
      return;
    }
    int highest = 0;
    for (int place = 0; place < size; place++) {
      highest = Math.max(highest, rows[place]);
    }
    if (places.length <= highest) {
      places = new int[Math.max(highest + 1, 2 * places.length)];
    }
    for (int place = 0; place < size; place++) {
      places[rows[place]] = place;
    }
    if (marks.length * Long.SIZE < size) {
      marks = new long[2 * Math.ceilDiv(size, Long.SIZE)];
    }
    placed = true;
  }
}
