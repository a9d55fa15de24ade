package xyz.openledger.pools;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import xyz.openledger.pools.Filter.Verdict;
import xyz.openledger.pools.energy.Zones;
import xyz.openledger.pools.index.NodeIndex;
import xyz.openledger.pools.requirement.Term;

/**
 * How every node of a cell stands with one kind of request: which filter it fails first, or what it
 * scores. Made by bitmaps once; then it catches up with the rows that changed.
 *
 * <pre>
 *   code of a row   0 … 10,000   it may run the task, and scores that against the field {@link #scale}
 *                   -1 …         ~(2 × filter + 1 if it may pass later)
 *                   NO_ROW       there is no node
 * </pre>
 *
 * <p>For each block of rows the best figures are kept, so that who asks for the best of all looks
 * into few blocks.
 */
final class Standings {
  /** Rows of a block. */
  static final int BLOCK = 64;

  private static final short NO_ROW = Short.MIN_VALUE;

  /** What part of the rows may have changed before it is less work to begin anew. */
  private static final int CATCH_UP_SHARE = 8;

  private final Cell cell;
  private final NodeIndex index;
  private final Request kind;
  private final List<Filter> filters;
  private final int[] removed;

  /** How much a node must have changed to stand otherwise. */
  private final RowChanges.Extent least;

  private final BitSet stale = new BitSet();
  private short[] codes = {};
  private int[] best = {};
  private long[] price = {};
  private long[] duration = {};
  private Score.Field scale = new Score.Field(0, 0);
  private int feasible;
  private long seen = -1;
  private long rescored;
  private boolean beaten;

  Standings(Cell cell, Request kind) {
    this.cell = cell;
    this.kind = kind;
    index = cell.index();
    filters = Filters.of(kind.policy());
    removed = new int[2 * filters.size()];
    least =
        kind.policy().require() == null && kind.policy().prefer() == null
            ? RowChanges.Extent.STANDING
            : RowChanges.Extent.COUNT;
  }

  void catchUp() {
    RowChanges changes = cell.changes();
    long now = changes.end();
    if (seen < 0
        || now - seen > index.size() / CATCH_UP_SHARE + BLOCK
        || !changes.remembers(seen)) {
      readAll();
    } else if (now > seen) {
      widen();
      changes.visit(seen, least, this::update);
    }
    seen = now;
    tidy();
  }

  private void widen() {
    int rows = index.rows();
    if (codes.length < rows) {
      int had = codes.length;
      codes = Arrays.copyOf(codes, Math.ceilDiv(Math.max(rows, had + had / 2), BLOCK) * BLOCK);
      Arrays.fill(codes, had, codes.length, NO_ROW);
      int blocks = codes.length / BLOCK;
      best = Arrays.copyOf(best, blocks);
      price = Arrays.copyOf(price, blocks);
      duration = Arrays.copyOf(duration, blocks);
      stale.set(had / BLOCK, blocks);
    }
  }

  private void readAll() {
    widen();
    Arrays.fill(codes, NO_ROW);
    Arrays.fill(removed, 0);
    long[] left = survivors(List.of());
    for (int i = 0; i < filters.size(); i++) {
      Filter filter = filters.get(i);
      Optional<List<Term>> terms = FilterTerms.of(filter, kind);
      if (filter instanceof Filters.Accepting) {
        keep(left, words(cell.accepting(), left.length), code(i, true));
      } else if (terms.isEmpty()) {
        // Where no node is choosy, every job is welcome at all of them.
        if (!(filter instanceof Rules.Welcome) || cell.isChoosy()) {
          interpret(left, i);
        }
      } else if (filter instanceof Filters.CarbonCeiling && !terms.get().isEmpty()) {
        // A grid known by the hour may be cleaner later, a declared figure may not.
        long[] passing = survivors(terms.get());
        long[] later = survivors(List.of(new Term.Labelled(Zones.LABEL, false)));
        for (int word = 0; word < left.length; word++) {
          later[word] = passing[word] | ~later[word];
        }
        keep(left, later, code(i, true));
        keep(left, passing, code(i, false));
      } else if (!terms.get().isEmpty()) {
        keep(left, survivors(terms.get()), code(i, FilterTerms.moving(filter)));
      }
    }
    feasible = 0;
    for (int word = 0; word < left.length; word++) {
      feasible += Long.bitCount(left[word]);
      for (long rest = left[word]; rest != 0; rest &= rest - 1) {
        codes[word * Long.SIZE + Long.numberOfTrailingZeros(rest)] = 0;
      }
    }
    rescale();
  }

  private long[] survivors(List<Term> terms) {
    var bits = new long[index.search().survivorWords()];
    index.search().survivors(index.compile(terms), bits);
    return bits;
  }

  private static long[] words(BitSet set, int length) {
    return Arrays.copyOf(set.toLongArray(), length);
  }

  private static short code(int filter, boolean later) {
    return (short) ~(2 * filter + (later ? 1 : 0));
  }

  private void keep(long[] left, long[] passing, short code) {
    for (int word = 0; word < left.length; word++) {
      long failing = left[word] & ~passing[word];
      left[word] &= passing[word];
      removed[~code] += Long.bitCount(failing);
      for (long rest = failing; rest != 0; rest &= rest - 1) {
        codes[word * Long.SIZE + Long.numberOfTrailingZeros(rest)] = code;
      }
    }
  }

  private void interpret(long[] left, int filter) {
    for (int word = 0; word < left.length; word++) {
      for (long rest = left[word]; rest != 0; rest &= rest - 1) {
        int row = word * Long.SIZE + Long.numberOfTrailingZeros(rest);
        Verdict verdict = filters.get(filter).test(kind, index.node(row));
        if (!(verdict instanceof Verdict.Feasible)) {
          short code = code(filter, verdict instanceof Verdict.NotYet);
          codes[row] = code;
          removed[~code]++;
          left[word] &= ~(rest & -rest);
        }
      }
    }
  }

  private void update(int row, boolean offer) {
    int block = row / BLOCK;
    short before = codes[row];
    if (before >= 0) {
      feasible--;
    } else if (before != NO_ROW) {
      removed[~before]--;
    }
    short after = index.isLive(row) ? judge(index.node(row)) : NO_ROW;
    codes[row] = after;
    if (after >= 0) {
      feasible++;
      Node node = index.node(row);
      best[block] = Math.max(best[block], after);
      price[block] = Math.min(price[block], node.priceNanoOpenPerGigafuel());
      duration[block] = Math.min(duration[block], node.durationMicros(kind.fuelMax()));
      beaten |= beats(node, scale);
    } else if (after != NO_ROW) {
      removed[~after]++;
    }
    // A block's sums are made again only if what left them may have been the best.
    if (before >= 0 && (offer || (after < before && isBest(row, before)))) {
      stale.set(block);
    }
  }

  private boolean isBest(int row, short code) {
    int block = row / BLOCK;
    Node node = index.node(row);
    return code == best[block]
        || node.priceNanoOpenPerGigafuel() == price[block]
        || node.durationMicros(kind.fuelMax()) == duration[block];
  }

  private short judge(Node node) {
    for (int i = 0; i < filters.size(); i++) {
      switch (filters.get(i).test(kind, node)) {
        case Verdict.Feasible _ -> {}
        case Verdict.NotYet _ -> {
          return code(i, true);
        }
        case Verdict.Never _ -> {
          return code(i, false);
        }
      }
    }
    return score(node, scale);
  }

  private short score(Node node, Score.Field field) {
    // A node better than the scale would score more than there is; it is rescaled before it counts.
    return beats(node, field) ? 0 : (short) Scores.total(kind, node, field);
  }

  private boolean beats(Node node, Score.Field field) {
    return node.priceNanoOpenPerGigafuel() < field.priceMinNanoOpenPerGigafuel()
        || node.durationMicros(kind.fuelMax()) < field.durationMinMicros();
  }

  /** Sums the blocks up that changed; scores anew what no longer fits the scale. */
  private void tidy() {
    for (int block = stale.nextSetBit(0); block >= 0; block = stale.nextSetBit(block + 1)) {
      sum(block);
    }
    stale.clear();
    // Scores against an old scale are bounds; to go by them may cost as much as to score anew.
    if (beaten || rescored > feasible) {
      rescale();
    }
  }

  private void sum(int block) {
    int high = -1;
    long cheap = Long.MAX_VALUE;
    long quick = Long.MAX_VALUE;
    for (int row = block * BLOCK; row < (block + 1) * BLOCK; row++) {
      if (codes[row] >= 0) {
        Node node = index.node(row);
        high = Math.max(high, codes[row]);
        cheap = Math.min(cheap, node.priceNanoOpenPerGigafuel());
        quick = Math.min(quick, node.durationMicros(kind.fuelMax()));
      }
    }
    best[block] = high;
    price[block] = cheap;
    duration[block] = quick;
  }

  private void rescale() {
    stale.clear();
    for (int block = 0; block < best.length; block++) {
      sum(block);
    }
    scale = field();
    for (int block = 0; block < best.length; block++) {
      int high = best[block];
      if (high >= 0) {
        high = 0;
        for (int row = block * BLOCK; row < (block + 1) * BLOCK; row++) {
          if (codes[row] >= 0) {
            codes[row] = score(index.node(row), scale);
            high = Math.max(high, codes[row]);
          }
        }
      }
      best[block] = high;
    }
    rescored = 0;
    beaten = false;
  }

  /** The best figures of all that may run it. */
  private Score.Field field() {
    long cheap = Long.MAX_VALUE;
    long quick = Long.MAX_VALUE;
    for (int block = 0; block < best.length; block++) {
      cheap = Math.min(cheap, price[block]);
      quick = Math.min(quick, duration[block]);
    }
    return new Score.Field(cheap, quick);
  }

  Request kind() {
    return kind;
  }

  List<Filter> filters() {
    return filters;
  }

  Cell cell() {
    return cell;
  }

  /** What scores are measured against. No candidate is cheaper or quicker. */
  Score.Field scale() {
    return scale;
  }

  /** How many may run it. */
  int feasible() {
    return feasible;
  }

  /** How many fail each filter first: for good, and for now. */
  int[] removed() {
    return removed.clone();
  }

  int blocks() {
    return best.length;
  }

  /** The highest score of a block; -1 if none of it may run the task. */
  int best(int block) {
    return best[block];
  }

  long price(int block) {
    return price[block];
  }

  long duration(int block) {
    return duration[block];
  }

  /** Whether the row may run the task. */
  boolean admits(int row) {
    return codes[row] >= 0;
  }

  int score(int row) {
    return codes[row];
  }

  /** Whether there is a node, and it fails a filter. */
  boolean fails(int row) {
    return codes[row] < 0 && codes[row] != NO_ROW;
  }

  /** Which filter it fails first. */
  int failed(int row) {
    return ~codes[row] / 2;
  }

  /** Whether it may pass that filter later. */
  boolean later(int row) {
    return (~codes[row] & 1) != 0;
  }

  int rows() {
    return Math.min(codes.length, index.rows());
  }

  /** Notes that scores were made anew, since the field is no longer the scale. */
  void rescored(int rows) {
    rescored += rows;
  }
}
