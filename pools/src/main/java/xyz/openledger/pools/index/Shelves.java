package xyz.openledger.pools.index;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Which rows classes stand in: those that ask for the same word of a column side by side, so that a
 * node reads the shelves of its own words and passes over the others.
 *
 * <pre>
 *   shelf 0          asks for no single word          read for every node
 *   shelf 1 … 31     by column and word               read for nodes that have the word
 * </pre>
 *
 * <p>A shelf is a few runs of rows, each as long as all before it.
 */
final class Shelves {
  private static final int COUNT = 32;

  /** Rows of a shelf's first run: few long runs cost less to read than many short ones. */
  private static final int FIRST_ROWS = 4_096;

  private final @Nullable Shelf[] shelves = new Shelf[COUNT];
  private int rows;

  /** One of them: runs of words of 64 rows, and the rows in them that are free. */
  private static final class Shelf {
    final Deque<Integer> free = new ArrayDeque<>();
    int[] firstWords = {};
    int[] words = {};
    int next;
    int end;
    int size;
  }

  /** What hears of runs to read. */
  interface Reader {
    /** So many words of 64 rows from there on. */
    void read(int firstWord, int words);
  }

  /**
   * The shelf of a class. Words are numbered as they come, so the highest is likely to be that of
   * the fewest nodes.
   */
  static int of(Demand demand) {
    int shelf = 0;
    int rarest = -1;
    for (Demand.Among among : demand.words()) {
      if (among.values().size() == 1) {
        int word = among.values().iterator().next();
        if (word > rarest) {
          rarest = word;
          shelf = of(among.column(), word);
        }
      }
    }
    return shelf;
  }

  private static int of(int column, int word) {
    return 1 + Math.floorMod(2 * column + word, COUNT - 1);
  }

  /** The shelves of a node, a bit each. */
  static long of(int[] codes, int[] columns) {
    long shelves = 1;
    for (int column : columns) {
      shelves |= 1L << of(column, codes[column]);
    }
    return shelves;
  }

  /** A row that is free, on that shelf. */
  int take(int shelf) {
    Shelf on = shelves[shelf];
    if (on == null) {
      on = new Shelf();
      shelves[shelf] = on;
    }
    Integer freed = on.free.poll();
    if (freed != null) {
      return freed;
    }
    if (on.next == on.end) {
      lengthen(on);
    }
    return on.next++;
  }

  private void lengthen(Shelf shelf) {
    int more = Math.max(FIRST_ROWS, shelf.size);
    int runs = shelf.words.length;
    boolean goesOn = runs > 0 && shelf.end == rows;
    if (goesOn) {
      shelf.words[runs - 1] += more / Long.SIZE;
    } else {
      shelf.firstWords = Arrays.copyOf(shelf.firstWords, runs + 1);
      shelf.words = Arrays.copyOf(shelf.words, runs + 1);
      shelf.firstWords[runs] = rows / Long.SIZE;
      shelf.words[runs] = more / Long.SIZE;
    }
    shelf.next = rows;
    rows += more;
    shelf.end = rows;
    shelf.size += more;
  }

  /** A row is free again. */
  void give(int shelf, int row) {
    Shelf on = shelves[shelf];
    if (on == null) {
      throw new IllegalArgumentException("nothing was taken from shelf " + shelf);
    }
    on.free.add(row);
  }

  /** Rows there are, free ones among them. */
  int rows() {
    return rows;
  }

  /** Tells of the runs of these shelves, as far as they were ever used. */
  void read(long which, Reader reader) {
    for (long rest = which; rest != 0; rest &= rest - 1) {
      Shelf shelf = shelves[Long.numberOfTrailingZeros(rest)];
      if (shelf != null) {
        int last = shelf.words.length - 1;
        for (int run = 0; run < last; run++) {
          reader.read(shelf.firstWords[run], shelf.words[run]);
        }
        int first = shelf.firstWords[last];
        reader.read(first, Math.ceilDiv(shelf.next, Long.SIZE) - first);
      }
    }
  }
}
