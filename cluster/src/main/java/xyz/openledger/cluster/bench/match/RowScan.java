package xyz.openledger.cluster.bench.match;

import xyz.openledger.pools.index.Top;

/**
 * The baseline: one object after the other, asked in order until it fails, scored if it does not.
 * What a scheduler does that keeps its nodes as objects, without boxing and without reasons.
 */
final class RowScan {
  private final World.Row[] rows;

  RowScan(World world) {
    rows = world.rows().toArray(World.Row[]::new);
  }

  void best(Asked policy, Top top) {
    top.clear();
    rows:
    for (int row = 0; row < rows.length; row++) {
      short[] values = rows[row].values();
      for (int i = 0; i < policy.columns.length; i++) {
        short value = values[policy.columns[i]];
        if (value < policy.lows[i] || value > policy.highs[i]) {
          continue rows;
        }
      }
      long score = 0;
      for (int i = 0; i < policy.weighed.length; i++) {
        score += (long) policy.weights[i] * values[policy.weighed[i]];
      }
      top.offer(score, row);
    }
  }

  /** A policy in the form that a scan reads fastest. */
  static final class Asked {
    final int[] columns;
    final int[] lows;
    final int[] highs;
    final int[] weighed;
    final int[] weights;

    Asked(World.Policy policy) {
      columns = policy.asks().stream().mapToInt(World.Ask::column).toArray();
      lows = policy.asks().stream().mapToInt(World.Ask::low).toArray();
      highs = policy.asks().stream().mapToInt(World.Ask::high).toArray();
      weighed = policy.weighed();
      weights = policy.weights();
    }

    boolean test(int[] codes) {
      for (int i = 0; i < columns.length; i++) {
        int code = codes[columns[i]];
        if (code < lows[i] || code > highs[i]) {
          return false;
        }
      }
      return true;
    }
  }
}
