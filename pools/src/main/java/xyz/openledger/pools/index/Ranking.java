package xyz.openledger.pools.index;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import xyz.openledger.nativekernels.MatchKernel;
import xyz.openledger.protocol.Check;

/**
 * What is best: the sum of weight × code over some ordered columns. More is better; a negative
 * weight prefers little. Equal rows are told apart by their number, the lower first.
 */
public record Ranking(List<Weight> weights) {
  /** The largest weight either way: no sum overflows. */
  public static final int WEIGHT_MAX = 1_000_000;

  /** How much a column counts. */
  public record Weight(int column, int weight) {
    /** Checks the ranges. */
    public Weight {
      Check.range("column", column, 0, MatchKernel.COLUMNS - 1);
      Check.range("weight", weight, -WEIGHT_MAX, WEIGHT_MAX);
    }
  }

  /** Keeps its own copy; a column counts once. */
  public Ranking {
    weights = List.copyOf(weights);
    var columns = new HashSet<Integer>();
    for (Weight weight : weights) {
      if (!columns.add(weight.column())) {
        throw new IllegalArgumentException("column " + weight.column() + " is weighed twice");
      }
    }
  }

  /** By these columns, with these weights. */
  public static Ranking of(int[] columns, int[] weights) {
    return new Ranking(
        IntStream.range(0, columns.length)
            .mapToObj(i -> new Weight(columns[i], weights[i]))
            .toList());
  }

  /** What a row scores. */
  public long of(Table table, int row) {
    long score = 0;
    for (Weight weight : weights) {
      score += (long) weight.weight() * table.code(row, weight.column());
    }
    return score;
  }

  /** As the kernel reads it. */
  int[] pairs() {
    return weights.stream()
        .flatMapToInt(weight -> Arrays.stream(new int[] {weight.column(), weight.weight()}))
        .toArray();
  }
}
