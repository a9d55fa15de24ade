package xyz.openledger.pools;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.Filter.Verdict;
import xyz.openledger.pools.index.NodeIndex;

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
  private final Sieve sieve;

  /** How much a node must have changed to stand otherwise. */
  private final RowChanges.Extent least;

  /** Before this filter it makes no difference whether a slot is free. */
  private final int slotFilter;

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
  private @Nullable Leaders leaders;
  private Score.@Nullable Field field;

  Standings(Cell cell, Request kind) {
    this.cell = cell;
    this.kind = kind;
    index = cell.index();
    filters = Filters.of(kind.policy());
    removed = new int[2 * filters.size()];
    sieve = new Sieve(cell, kind, filters);
    least =
        kind.policy().require() == null && kind.policy().prefer() == null
            ? RowChanges.Extent.SLOTS
            : RowChanges.Extent.COUNT;
    slotFilter = filters.indexOf(new Filters.FreeSlot());
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
    long[] left =
        sieve.run(0, index.search().survivorWords(), kind, this::remove, Sieve.Doubtful.READ);
    feasible = 0;
    for (int word = 0; word < left.length; word++) {
      feasible += Long.bitCount(left[word]);
      for (long rest = left[word]; rest != 0; rest &= rest - 1) {
        codes[word * Long.SIZE + Long.numberOfTrailingZeros(rest)] = 0;
      }
    }
    rescale();
  }

  private void remove(int filter, boolean later, long[] rows) {
    short code = code(filter, later);
    for (int word = 0; word < rows.length; word++) {
      removed[~code] += Long.bitCount(rows[word]);
      for (long rest = rows[word]; rest != 0; rest &= rest - 1) {
        codes[word * Long.SIZE + Long.numberOfTrailingZeros(rest)] = code;
      }
    }
  }

  private static short code(int filter, boolean later) {
    return (short) ~(2 * filter + (later ? 1 : 0));
  }

  private void update(int row, RowChanges.Extent extent) {
    int block = row / BLOCK;
    short before = codes[row];
    short after = extent == RowChanges.Extent.SLOTS ? judgeSlots(row) : judge(row);
    if (after == before && extent == RowChanges.Extent.SLOTS) {
      return;
    }
    note(before, after);
    if (before >= 0) {
      feasible--;
    } else if (before != NO_ROW) {
      removed[~before]--;
    }
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
    boolean offer = extent == RowChanges.Extent.OFFER;
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

  private void note(short before, short after) {
    field = null;
    Leaders known = leaders;
    if (known != null && !known.outlast(before, after)) {
      leaders = null;
    }
  }

  /** Nothing else changed: most rows fail before it matters, and their nodes need not be read. */
  private short judgeSlots(int row) {
    short before = codes[row];
    if (least == RowChanges.Extent.COUNT || before == NO_ROW || slotFilter < 0) {
      return judge(row);
    }
    if (before < 0) {
      return failed(row) < slotFilter ? before : judge(row);
    }
    return cell.isFree(row) ? before : code(slotFilter, true);
  }

  private short judge(int row) {
    return index.isLive(row) ? judge(index.node(row)) : NO_ROW;
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
    leaders = null;
    field = null;
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
  Score.Field field() {
    Score.Field known = field;
    if (known == null) {
      known = fieldOfBlocks();
      field = known;
    }
    return known;
  }

  private Score.Field fieldOfBlocks() {
    long cheap = Long.MAX_VALUE;
    long quick = Long.MAX_VALUE;
    for (int block = 0; block < best.length; block++) {
      cheap = Math.min(cheap, price[block]);
      quick = Math.min(quick, duration[block]);
    }
    return new Score.Field(cheap, quick);
  }

  /** Those that score at most so much below the best; none if they are very many. */
  Leaders leaders(int margin) {
    Leaders known = leaders;
    if (known == null || known.margin() != margin) {
      known = lead(margin);
      leaders = known;
    }
    return known;
  }

  private Leaders lead(int margin) {
    int high = -1;
    for (int of : best) {
      high = Math.max(high, of);
    }
    int worst = Math.max(0, high - margin);
    var found = new int[Leaders.MAX];
    int count = 0;
    for (int block = 0; block < best.length; block++) {
      if (best[block] >= worst) {
        for (int row = block * BLOCK; row < (block + 1) * BLOCK; row++) {
          if (codes[row] >= worst) {
            if (count == Leaders.MAX) {
              return Leaders.tooMany(margin, high);
            }
            found[count++] = row;
          }
        }
      }
    }
    int[] rows = cell.order().sorted(found, count);
    var scores = new short[count];
    for (int i = 0; i < count; i++) {
      scores[i] = codes[rows[i]];
    }
    return new Leaders(margin, high, rows, scores);
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
