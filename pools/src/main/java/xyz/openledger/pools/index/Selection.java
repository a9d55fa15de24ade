package xyz.openledger.pools.index;

import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * An equivalence class of policies: those that ask the same and rank the same. Keeps which rows
 * satisfy it and which are best, and catches up with what changed since it was last asked, row by
 * row, or afresh where that is less work.
 */
public final class Selection {
  /** More are kept than are asked for, so that some may go before all is read again. */
  private static final int RESERVE = 4;

  private static final int CATCH_UP_MIN = 64;

  private final Table table;
  private final Search search;
  private final Supplier<Program> compile;
  private final Ranking ranking;
  private final int rankingColumns;
  private final int k;
  private final Top kept;
  private Program program;
  private long[] bits = {};
  private int count;
  private long seen = -1;
  private long readings;

  /**
   * A class over one table.
   *
   * @param compile makes the program, again whenever the table was relaid
   * @param k how many of the best are asked for
   */
  public Selection(Search search, Supplier<Program> compile, Ranking ranking, int k) {
    this.search = search;
    this.compile = compile;
    this.ranking = ranking;
    this.k = k;
    program = compile.get();
    table = program.table();
    kept = new Top(Math.min(Top.K_MAX, RESERVE * k));
    int columns = 0;
    for (Ranking.Weight weight : ranking.weights()) {
      columns |= 1 << weight.column();
    }
    rankingColumns = columns;
  }

  /** How many rows satisfy it now. */
  public int count() {
    catchUp();
    return count;
  }

  /** Whether a row satisfies it now. */
  public boolean contains(int row) {
    catchUp();
    return has(row);
  }

  /** Visits the rows that satisfy it, in order. Nothing may change meanwhile. */
  public void forEach(IntConsumer visit) {
    catchUp();
    for (int word = 0; word < bits.length; word++) {
      for (long rest = bits[word]; rest != 0; rest &= rest - 1) {
        visit.accept(word * Long.SIZE + Long.numberOfTrailingZeros(rest));
      }
    }
  }

  /** The best now, at most k. */
  public Top top() {
    catchUp();
    if (kept.size() < Math.min(k, count)) {
      search.best(bits, ranking, kept);
    }
    var top = new Top(k);
    for (int place = 0; place < Math.min(k, kept.size()); place++) {
      top.offer(kept.score(place), kept.row(place));
    }
    return top;
  }

  /** How often the whole table was read for it. */
  public long readings() {
    return readings;
  }

  private void catchUp() {
    ChangeLog changes = table.changes();
    long behind = changes.end() - seen;
    if (seen < 0
        || !changes.remembers(seen)
        || behind > CATCH_UP_MIN + table.size() / (8 * Long.SIZE)) {
      readAll();
    } else {
      if (bits.length < table.wordsUsed()) {
        bits = Arrays.copyOf(bits, table.wordsUsed());
      }
      for (long at = seen; at < changes.end(); at++) {
        int column = changes.column(at);
        if (program.reads(column) || ((rankingColumns >>> column) & 1) != 0) {
          update(changes.row(at));
        }
      }
    }
    seen = changes.end();
  }

  private void readAll() {
    if (!program.isCurrent()) {
      program = compile.get();
    }
    bits = new long[search.survivorWords()];
    count = search.survivors(program, bits);
    search.best(bits, ranking, kept);
    readings++;
  }

  /** What is kept stays the best of the others when a row leaves, whatever its new score. */
  private void update(int row) {
    kept.remove(row);
    if (has(row)) {
      bits[row >>> 6] &= ~(1L << row);
      count--;
    }
    if (program.test(row)) {
      boolean complete = kept.size() == count;
      bits[row >>> 6] |= 1L << row;
      count++;
      long score = ranking.of(table, row);
      if (complete || kept.isAboveLast(score, row)) {
        kept.offer(score, row);
      }
    }
  }

  private boolean has(int row) {
    return ((bits[row >>> 6] >>> row) & 1) != 0;
  }
}
