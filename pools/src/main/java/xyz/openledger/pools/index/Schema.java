package xyz.openledger.pools.index;

import java.util.List;
import xyz.openledger.nativekernels.MatchKernel;
import xyz.openledger.protocol.Check;

/**
 * The columns of a table, in order.
 *
 * @param columns at most 31: the place of the last is taken by the change log's whole row
 */
public record Schema(List<Column> columns) {
  /** The most words of one column; columns of more are sets of rows by word. */
  public static final int WORDS_MAX = 1_024;

  /** What a column holds. */
  public sealed interface Column {
    /** One of a few words, by its number. */
    record Words(int count) implements Column {
      /** Checks the range. */
      public Words {
        Check.range("count", count, 1, WORDS_MAX);
      }
    }

    /** A code that keeps the order of what it stands for, 0 to 65,535. */
    record Ordered() implements Column {}
  }

  /** Keeps its own copy. */
  public Schema {
    columns = List.copyOf(columns);
    Check.range("columns", columns.size(), 1, MatchKernel.COLUMNS - 1);
  }
}
