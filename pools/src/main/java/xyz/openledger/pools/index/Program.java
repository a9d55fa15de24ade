package xyz.openledger.pools.index;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import xyz.openledger.nativekernels.MatchKernel;

/**
 * A conjunction, compiled for one table: bitmaps that every row must be in or must not be in, then
 * ranges for the rows at the edges, then, where 16 bits cannot tell, the question itself.
 *
 * <p>Bitmaps never lose a row that satisfies the conjunction. Compiled again once {@link
 * #isCurrent} is false.
 */
public final class Program {
  private static final int ALL_COLUMNS = -1;

  /** Fills a bitmap of the slab with rows that are not in one bitmap already. */
  interface Gather {
    void into(BitmapSlab slab, int bitmap);
  }

  private record Gathered(Gather gather, boolean excluded) {}

  /** A code of which only some numbers satisfy a term. */
  record Edge(int column, int code) {}

  private final Table table;
  private final int layout;
  private final int[] required;
  private final int[] excluded;
  private final int[] ranges;
  private final int[] equalities;
  private final List<Gathered> gathers;
  private final List<Edge> edges;
  private final boolean undecided;
  private final IntPredicate exactly;
  private final int columns;

  private Program(Builder from) {
    table = from.table;
    layout = table.layout();
    required = from.required.stream().mapToInt(Integer::intValue).distinct().toArray();
    excluded = from.excluded.stream().mapToInt(Integer::intValue).distinct().toArray();
    ranges = from.ranges.stream().mapToInt(Integer::intValue).toArray();
    gathers = List.copyOf(from.gathers);
    edges = List.copyOf(from.edges);
    undecided = from.undecided;
    IntPredicate given = from.exactly;
    exactly = given != null ? given : this::codesSatisfy;
    columns = given != null ? ALL_COLUMNS : from.columns;
    equalities = from.equalities.stream().mapToInt(Integer::intValue).toArray();
    if (required.length + gathers.size() > MatchKernel.BITMAPS_MAX - Search.GUIDES_MAX
        || excluded.length + gathers.size() > MatchKernel.BITMAPS_MAX - Search.GUIDES_MAX) {
      throw new IllegalArgumentException("too many terms for one conjunction");
    }
  }

  /** Begins a conjunction over {@code table}. */
  public static Builder over(Table table) {
    return new Builder(table);
  }

  private boolean codesSatisfy(int row) {
    for (int i = 0; i < ranges.length; i += 3) {
      int code = table.code(row, ranges[i]);
      if (code < ranges[i + 1] || code > ranges[i + 2]) {
        return false;
      }
    }
    for (int i = 0; i < equalities.length; i += 2) {
      if (table.code(row, equalities[i]) != equalities[i + 1]) {
        return false;
      }
    }
    return true;
  }

  /** Whether a row of the table satisfies the conjunction: the meaning of everything else. */
  public boolean test(int row) {
    return table.isLive(row) && exactly.test(row);
  }

  /** Whether a change of that column can change whether a row satisfies it. */
  boolean reads(int column) {
    return column == ChangeLog.WHOLE_ROW || ((columns >>> column) & 1) != 0;
  }

  /** Whether the bitmaps are still numbered as when it was compiled. */
  public boolean isCurrent() {
    return layout == table.layout();
  }

  Table table() {
    return table;
  }

  int[] required() {
    return required;
  }

  int[] excluded() {
    return excluded;
  }

  int[] ranges() {
    return ranges;
  }

  List<Edge> edges() {
    return edges;
  }

  /** Whether every survivor must be asked itself. */
  boolean isUndecided() {
    return undecided;
  }

  /** Whether bitmaps and ranges are not the last word. */
  boolean asks() {
    return undecided || !edges.isEmpty();
  }

  boolean asksExactly(int row) {
    return exactly.test(row);
  }

  int gathers() {
    return gathers.size();
  }

  /** Fills scratch bitmaps and appends them to what is required and excluded. */
  void gather(int[] scratch, Bitmaps into) {
    for (int i = 0; i < gathers.size(); i++) {
      Gathered gathered = gathers.get(i);
      table.slab().clear(scratch[i]);
      gathered.gather().into(table.slab(), scratch[i]);
      if (gathered.excluded()) {
        into.exclude(scratch[i]);
      } else {
        into.require(scratch[i]);
      }
    }
  }

  /** Adds one term after the other. */
  public static final class Builder {
    private final Table table;
    private final List<Integer> required = new ArrayList<>();
    private final List<Integer> excluded = new ArrayList<>();
    private final List<Integer> ranges = new ArrayList<>();
    private final List<Integer> equalities = new ArrayList<>();
    private final List<Gathered> gathers = new ArrayList<>();
    private final List<Edge> edges = new ArrayList<>();
    private boolean undecided;
    private @Nullable IntPredicate exactly;
    private int columns;

    private Builder(Table table) {
      this.table = table;
      required.add(table.live());
    }

    /** A column of words has this word. */
    public Builder equal(int column, int word) {
      required.add(table.words(column).bitmap(word));
      equalities.addAll(Arrays.asList(column, word));
      columns |= 1 << column;
      return this;
    }

    /** An ordered column has a code within these bounds, both included. */
    public Builder between(int column, int low, int high) {
      RangeColumn range = table.range(column);
      int above = range.above(high);
      int notBelow = low == 0 ? RangeColumn.NONE : range.notBelow(low);
      if (notBelow != RangeColumn.NONE) {
        required.add(notBelow);
      }
      if (above != RangeColumn.NONE) {
        excluded.add(above);
      }
      ranges.addAll(Arrays.asList(column, low, high));
      columns |= 1 << column;
      return this;
    }

    /** Rows of that bitmap. */
    Builder within(int bitmap) {
      required.add(bitmap);
      return this;
    }

    /** No rows of that bitmap. */
    Builder without(int bitmap) {
      excluded.add(bitmap);
      return this;
    }

    /** Rows that are gathered anew each time. */
    Builder gathered(Gather gather, boolean exclude) {
      gathers.add(new Gathered(gather, exclude));
      return this;
    }

    /** Rows with that code are asked themselves. */
    Builder edge(int column, int code) {
      edges.add(new Edge(column, code));
      return this;
    }

    /** Every survivor is asked itself. */
    Builder undecided() {
      undecided = true;
      return this;
    }

    /** The meaning, where codes are not all of it. */
    Builder meaning(IntPredicate predicate) {
      exactly = predicate;
      return this;
    }

    /** The compiled conjunction. */
    public Program build() {
      return new Program(this);
    }
  }
}
