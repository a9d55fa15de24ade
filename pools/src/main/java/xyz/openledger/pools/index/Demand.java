package xyz.openledger.pools.index;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import xyz.openledger.protocol.Check;

/**
 * What a waiting policy asks of a node, as far as codes tell: each column of words among some, each
 * ordered column within bounds. A column that is not named may hold anything.
 *
 * @param beyond whether there is more that codes do not tell, so that the node itself must be asked
 */
public record Demand(List<Among> words, List<Between> ranges, boolean beyond) {
  /** Ranges that fit beside a class in its line. */
  public static final int RANGES_MAX = 6;

  /** One of these words, by number. */
  public record Among(int column, Set<Integer> values) {
    /** Keeps its own copy. */
    public Among {
      values = Set.copyOf(values);
    }
  }

  /** A code within bounds, both included. */
  public record Between(int column, int low, int high) {}

  /** Keeps its own copies; a column is asked about once. */
  public Demand {
    words = List.copyOf(words);
    ranges = List.copyOf(ranges);
    Check.range("ranges", ranges.size(), 0, RANGES_MAX);
    var columns = new HashSet<Integer>();
    for (Among among : words) {
      once(columns, among.column());
    }
    for (Between between : ranges) {
      once(columns, between.column());
    }
  }

  private static void once(Set<Integer> columns, int column) {
    if (!columns.add(column)) {
      throw new IllegalArgumentException("column " + column + " is asked about twice");
    }
  }

  /** Whether these codes satisfy it. */
  public boolean test(int[] codes) {
    for (Among among : words) {
      if (!among.values().contains(codes[among.column()])) {
        return false;
      }
    }
    for (Between between : ranges) {
      int code = codes[between.column()];
      if (code < between.low() || code > between.high()) {
        return false;
      }
    }
    return true;
  }
}
