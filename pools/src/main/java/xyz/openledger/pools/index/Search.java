package xyz.openledger.pools.index;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import xyz.openledger.nativekernels.MatchKernel;
import xyz.openledger.protocol.Check;

/**
 * Answers programs over one table. Not for two threads at once.
 *
 * <p>The table is read in blocks that fit the nearest cache: the bitmaps are ANDed, the lines of
 * the few rows that are left are read together, and the worst of the best so far becomes a term of
 * its own for the next block ({@link Floor}), so that the more is known the less is read.
 */
public final class Search {
  /** Policies in one pass. */
  public static final int BATCH_MAX = 64;

  /** Bitmaps that a search adds of its own. */
  static final int GUIDES_MAX = MatchKernel.COLUMNS;

  private static final int BLOCK_WORDS = 256;
  private static final int FIRST_WORDS = 32;
  private static final int LINES_MIN = 64;
  private static final int PROBE_WORDS = 16;
  private static final int PROBE_FEASIBLE = 16;
  private static final int GUIDED_WORDS = 128;

  /** What part of the table a guided search means to read, and what part it never exceeds. */
  private static final double GUIDED_SHARE = 0.15;

  private static final double GUIDED_SHARE_MAX = 0.225;
  private static final int[] NO_RANGES = {};

  private final Table table;
  private final MatchKernel kernel;
  private final Bitmaps bitmaps = new Bitmaps();
  private final long[] block = new long[BLOCK_WORDS];
  private final long[] doubted = new long[BLOCK_WORDS];
  private int[] scratch = {};

  /** Searches {@code table} with {@code kernel}. */
  public Search(Table table, MatchKernel kernel) {
    this.table = table;
    this.kernel = kernel;
  }

  /** The best of all rows that satisfy the program, exactly. */
  public void best(Program program, Ranking ranking, Top top) {
    top.clear();
    begin(program);
    var floor = new Floor(table, ranking);
    int words = table.wordsUsed();
    int size = FIRST_WORDS;
    for (int first = 0; first < words; first += size) {
      size = first == 0 ? FIRST_WORDS : Math.min(BLOCK_WORDS, 2 * size);
      size = Math.min(size, words - first);
      if (!merge(program, bitmaps, floor, first, size, top)) {
        return;
      }
    }
  }

  /**
   * The best for each of several programs in one pass: a block of the table is read from memory
   * once for all of them.
   */
  public void best(List<Program> programs, List<Ranking> rankings, List<Top> tops) {
    Check.range("programs", programs.size(), 0, BATCH_MAX);
    var each = new ArrayList<Bitmaps>(programs.size());
    var floors = new ArrayList<Floor>(programs.size());
    int gathered = 0;
    for (int i = 0; i < programs.size(); i++) {
      Program program = programs.get(i);
      tops.get(i).clear();
      each.add(begin(program, gathered).copy());
      gathered += program.gathers();
      floors.add(new Floor(table, rankings.get(i)));
    }
    int words = table.wordsUsed();
    for (int first = 0; first < words; first += BLOCK_WORDS) {
      int size = Math.min(BLOCK_WORDS, words - first);
      for (int i = 0; i < programs.size(); i++) {
        merge(programs.get(i), each.get(i), floors.get(i), first, size, tops.get(i));
      }
    }
  }

  /** Merges a block; false if no further row of the table can be among the best. */
  private boolean merge(Program program, Bitmaps asked, Floor floor, int first, int size, Top top) {
    int required = asked.requiredCount;
    int excluded = asked.excludedCount;
    if (top.isFull() && !floor.raise(asked, top.scores[top.size - 1] + 1)) {
      return false;
    }
    if (select(asked, first, size, block, 0) > 0) {
      if (program.asks()) {
        decide(program, first, size, block, 0);
        offer(first, size, NO_RANGES, floor.pairs(), top);
      } else {
        offer(first, size, program.ranges(), floor.pairs(), top);
      }
    }
    asked.shorten(required, excluded);
    return true;
  }

  /**
   * Good rows soon: from a random place on, until {@code feasible} rows that satisfy the program
   * were seen, the best of those. Never a row that does not; none only if there is none.
   *
   * @param guided look only among rows that do well where the ranking weighs, as far as there are
   *     enough of them to find what is asked for within a seventh of the table
   */
  public void bounded(
      Program program,
      Ranking ranking,
      Top top,
      int feasible,
      boolean guided,
      RandomGenerator random) {
    top.clear();
    int words = table.wordsUsed();
    if (words == 0) {
      return;
    }
    begin(program);
    int[] pairs = ranking.pairs();
    int start = random.nextInt(words);
    int read = 0;
    int found = 0;
    int probe = guided ? Math.min(PROBE_FEASIBLE, feasible) : feasible;
    while (read < words && found < probe) {
      int first = (start + read) % words;
      int size = Math.min(PROBE_WORDS, Math.min(words - read, words - first));
      found += take(program, first, size, pairs, top);
      read += size;
    }
    if (read == words || found >= feasible) {
      return;
    }
    double density = (double) found / read;
    double share = feasible / (density * words * GUIDED_SHARE);
    if (share < 1) {
      Guide.narrow(table, ranking, share, bitmaps);
    }
    int end = share < 1 ? Math.min(words, read + (int) (words * GUIDED_SHARE_MAX)) : words;
    while (read < end && found < feasible) {
      int first = (start + read) % words;
      int size = Math.min(GUIDED_WORDS, Math.min(end - read, words - first));
      found += take(program, first, size, pairs, top);
      read += size;
    }
  }

  /** Merges a block and answers how many of its rows satisfy the program. */
  private int take(Program program, int first, int size, int[] pairs, Top top) {
    if (select(bitmaps, first, size, block, 0) == 0) {
      return 0;
    }
    int feasible = decide(program, first, size, block, 0);
    if (feasible > 0) {
      offer(first, size, NO_RANGES, pairs, top);
    }
    return feasible;
  }

  /** Writes a bit for each row that satisfies the program and answers how many they are. */
  public int survivors(Program program, long[] into) {
    Arrays.fill(into, 0);
    return survivors(program, 0, table.wordsUsed(), into);
  }

  private int survivors(Program program, int first, int size, long[] into) {
    begin(program);
    int count = 0;
    for (int done = 0; done < size; done += BLOCK_WORDS) {
      int part = Math.min(BLOCK_WORDS, size - done);
      if (select(bitmaps, first + done, part, into, done) > 0) {
        count += decide(program, first + done, part, into, done);
      }
    }
    return count;
  }

  /**
   * The same among some rows of a part of the table: from a word of 64 rows on, which is the first
   * of the bits.
   */
  public int survivors(Program program, int first, int size, long[] among, long[] into) {
    begin(program);
    int count = 0;
    for (int done = 0; done < size; done += BLOCK_WORDS) {
      int part = Math.min(BLOCK_WORDS, size - done);
      if (select(bitmaps, first + done, part, into, done) > 0) {
        for (int word = done; word < done + part; word++) {
          into[word] &= among[word];
        }
        count += decide(program, first + done, part, into, done);
      }
    }
    return count;
  }

  /**
   * The same, of rows that bitmaps alone tell apart: those are taken out of {@code among} that
   * share a bucket with an end of a range, so that no line of the table is read. Where bitmaps tell
   * too little, it is {@link #survivors}.
   */
  public int surely(Program program, int first, int size, long[] among, long[] into) {
    if (program.isUndecided()) {
      return survivors(program, first, size, among, into);
    }
    begin(program);
    int count = 0;
    for (int done = 0; done < size; done += BLOCK_WORDS) {
      int part = Math.min(BLOCK_WORDS, size - done);
      if (select(bitmaps, first + done, part, into, done) > 0) {
        findDoubts(program, first + done, part, into, done);
        for (int word = 0; word < part; word++) {
          among[done + word] &= ~doubted[word];
          into[done + word] &= among[done + word];
          count += Long.bitCount(into[done + word]);
        }
      }
    }
    return count;
  }

  /**
   * Of some rows, about that share of all that do best where the ranking weighs; answers how many
   * those are.
   */
  public int promising(
      Ranking ranking, double share, int first, int size, long[] rows, long[] into) {
    bitmaps.shorten(0, 0);
    bitmaps.require(table.live());
    Guide.narrow(table, ranking, share, bitmaps);
    int count = 0;
    for (int done = 0; done < size; done += BLOCK_WORDS) {
      int part = Math.min(BLOCK_WORDS, size - done);
      select(bitmaps, first + done, part, into, done);
      for (int word = done; word < done + part; word++) {
        into[word] &= rows[word];
        count += Long.bitCount(into[word]);
      }
    }
    return count;
  }

  /** Words that {@link #survivors} writes. */
  public int survivorWords() {
    return table.wordsUsed();
  }

  /** Of so many rows in a bitmap, the best. */
  void best(long[] survivors, Ranking ranking, Top top) {
    top.clear();
    int[] pairs = ranking.pairs();
    top.size =
        kernel.top(
            survivors,
            0,
            0,
            Math.min(survivors.length, table.wordsUsed()),
            table.lines(),
            NO_RANGES,
            pairs,
            0,
            top.scores,
            top.rows);
  }

  /**
   * How many rows each term removes, one after the other: a row counts for the first that it fails.
   *
   * @param terms a program for each term alone
   */
  public int[] removed(List<Program> terms) {
    var removed = new int[terms.size()];
    int words = table.wordsUsed();
    var left = new long[words];
    for (int word = 0; word < words; word++) {
      left[word] = table.slab().word(table.live(), word);
    }
    int before = table.size();
    for (int term = 0; term < removed.length; term++) {
      begin(terms.get(term));
      int after = 0;
      for (int first = 0; first < words; first += BLOCK_WORDS) {
        int size = Math.min(BLOCK_WORDS, words - first);
        select(bitmaps, first, size, block, 0);
        for (int word = 0; word < size; word++) {
          block[word] &= left[first + word];
        }
        after += decide(terms.get(term), first, size, block, 0);
        System.arraycopy(block, 0, left, first, size);
      }
      removed[term] = before - after;
      before = after;
    }
    return removed;
  }

  private Bitmaps begin(Program program) {
    return begin(program, 0);
  }

  private Bitmaps begin(Program program, int scratchFrom) {
    if (program.table() != table || !program.isCurrent()) {
      throw new IllegalStateException("compiled for another table, or before it was relaid");
    }
    bitmaps.begin(program);
    if (program.gathers() > 0) {
      program.gather(scratch(scratchFrom, program.gathers()), bitmaps);
    }
    return bitmaps;
  }

  private int[] scratch(int from, int count) {
    int had = scratch.length;
    if (had < from + count) {
      scratch = Arrays.copyOf(scratch, from + count);
      for (int i = had; i < scratch.length; i++) {
        scratch[i] = table.slab().add();
      }
    }
    return Arrays.copyOfRange(scratch, from, from + count);
  }

  private int select(Bitmaps asked, int first, int size, long[] into, int at) {
    return kernel.select(
        table.slab().memory(),
        table.slab().stride(),
        asked.required,
        asked.requiredCount,
        asked.excluded,
        asked.excludedCount,
        first,
        size,
        into,
        at);
  }

  private void offer(int first, int size, int[] ranges, int[] pairs, Top top) {
    top.size =
        kernel.top(
            block, 0, first, size, table.lines(), ranges, pairs, top.size, top.scores, top.rows);
  }

  /** Clears what bitmaps could not tell and answers how many survive. */
  private int decide(Program program, int first, int size, long[] bits, int at) {
    int left = within(program.ranges(), first, size, bits, at);
    if (program.isUndecided()) {
      for (int word = 0; word < size; word++) {
        left -= ask(program, bits, at + word, bits[at + word], first + word);
      }
      return left;
    }
    for (Program.Edge edge : program.edges()) {
      left -= askAt(edge, program, first, size, bits, at);
    }
    return left;
  }

  /**
   * Clears the rows that a range refuses. Where many are left the lines of those alone are read
   * that share a bucket with an end of a range; where few are, to find out which costs more than it
   * saves.
   */
  private int within(int[] ranges, int first, int size, long[] bits, int at) {
    int many = 0;
    for (int word = 0; word < size; word++) {
      many += Long.bitCount(bits[at + word]);
    }
    if (ranges.length == 0 || many < LINES_MIN) {
      return kernel.keep(bits, at, first, size, table.lines(), ranges);
    }
    doubtEnds(ranges, first, size, bits, at);
    for (int word = 0; word < size; word++) {
      bits[at + word] &= ~doubted[word];
      many -= Long.bitCount(doubted[word]);
    }
    many += kernel.keep(doubted, 0, first, size, table.lines(), ranges);
    for (int word = 0; word < size; word++) {
      bits[at + word] |= doubted[word];
    }
    return many;
  }

  /** Notes the rows of the buckets that an end of a range cuts through. */
  private void doubtEnds(int[] ranges, int first, int size, long[] bits, int at) {
    Arrays.fill(doubted, 0, size, 0);
    for (int i = 0; i < ranges.length; i += 3) {
      RangeColumn range = table.range(ranges[i]);
      int low = range.bucket(ranges[i + 1]);
      int high = range.bucket(ranges[i + 2]);
      if (range.lowest(low) < ranges[i + 1]) {
        doubt(range, low, first, size, bits, at);
      }
      if (range.highest(high) > ranges[i + 2]) {
        doubt(range, high, first, size, bits, at);
      }
    }
  }

  /** The same, and the rows of the buckets in which 16 bits do not tell. */
  private void findDoubts(Program program, int first, int size, long[] bits, int at) {
    doubtEnds(program.ranges(), first, size, bits, at);
    for (Program.Edge edge : program.edges()) {
      RangeColumn range = table.range(edge.column());
      doubt(range, range.bucket(edge.code()), first, size, bits, at);
    }
  }

  private void doubt(RangeColumn range, int bucket, int first, int size, long[] bits, int at) {
    int buckets = range.boundaries().length;
    for (int word = 0; word < size; word++) {
      long rows = bits[at + word];
      if (bucket > 0) {
        rows &= table.slab().word(range.bitmap(bucket - 1), first + word);
      }
      if (bucket < buckets) {
        rows &= ~table.slab().word(range.bitmap(bucket), first + word);
      }
      doubted[word] |= rows;
    }
  }

  /** Asks the rows whose code is the edge's; only those in its bucket are looked at. */
  private int askAt(Program.Edge edge, Program program, int first, int size, long[] bits, int at) {
    RangeColumn range = table.range(edge.column());
    int notBelow = range.notBelow(edge.code());
    int above = range.above(edge.code());
    int cleared = 0;
    for (int word = 0; word < size; word++) {
      long suspects = bits[at + word];
      if (suspects != 0 && notBelow != RangeColumn.NONE) {
        suspects &= table.slab().word(notBelow, first + word);
      }
      if (suspects != 0 && above != RangeColumn.NONE) {
        suspects &= ~table.slab().word(above, first + word);
      }
      long alike = 0;
      for (; suspects != 0; suspects &= suspects - 1) {
        int row = (first + word) * Long.SIZE + Long.numberOfTrailingZeros(suspects);
        if (table.code(row, edge.column()) == edge.code()) {
          alike |= suspects & -suspects;
        }
      }
      cleared += ask(program, bits, at + word, alike, first + word);
    }
    return cleared;
  }

  private static int ask(Program program, long[] bits, int at, long suspects, int word) {
    int cleared = 0;
    for (long rest = suspects; rest != 0; rest &= rest - 1) {
      int row = word * Long.SIZE + Long.numberOfTrailingZeros(rest);
      if (!program.asksExactly(row)) {
        bits[at] &= ~(rest & -rest);
        cleared++;
      }
    }
    return cleared;
  }
}
