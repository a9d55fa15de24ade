package xyz.openledger.pools.index;

import java.util.List;

/**
 * The score that a further row must reach to be among the best, as terms on the columns that it is
 * made of: if all others were at their highest, a column must still give the rest. With the tenth
 * best of many rows known, those terms leave few rows.
 */
final class Floor {
  private final Table table;
  private final List<Ranking.Weight> weights;
  private final int[] pairs;

  Floor(Table table, Ranking ranking) {
    this.table = table;
    weights = ranking.weights();
    pairs = ranking.pairs();
  }

  int[] pairs() {
    return pairs;
  }

  /** Asks for at least {@code score} as well; false if no row can have it. */
  boolean raise(Bitmaps asked, long score) {
    long most = 0;
    for (Ranking.Weight weight : weights) {
      most += most(weight);
    }
    if (most < score) {
      return false;
    }
    for (Ranking.Weight weight : weights) {
      if (table.isOrdered(weight.column())) {
        raise(asked, weight, score - (most - most(weight)));
      }
    }
    return true;
  }

  /** Asks for weight × code ≥ {@code rest}. */
  private void raise(Bitmaps asked, Ranking.Weight weight, long rest) {
    RangeColumn range = table.range(weight.column());
    int bitmap = RangeColumn.NONE;
    if (weight.weight() > 0 && rest > 0) {
      bitmap = range.notBelow((int) Math.ceilDiv(rest, (long) weight.weight()));
      if (bitmap != RangeColumn.NONE) {
        asked.require(bitmap);
      }
    } else if (weight.weight() < 0) {
      bitmap = range.above((int) Math.min(Table.CODE_MAX, -rest / -weight.weight()));
      if (bitmap != RangeColumn.NONE) {
        asked.exclude(bitmap);
      }
    }
  }

  /** The most that a row can get from the column. */
  private long most(Ranking.Weight weight) {
    if (weight.weight() <= 0) {
      return 0;
    }
    int highest =
        table.isOrdered(weight.column())
            ? table.range(weight.column()).highest()
            : table.words(weight.column()).words() - 1;
    return (long) weight.weight() * highest;
  }
}
