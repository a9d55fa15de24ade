package xyz.openledger.pools.index;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import xyz.openledger.nativekernels.MatchKernel;
import xyz.openledger.pools.index.Schema.Column;
import xyz.openledger.protocol.Check;

/**
 * Rows of codes, each in a line of its own (64 bytes, one cache line) and in the bitmaps of its
 * columns. Rows are numbers from 0 on, reused once freed. A row's epoch rises with each change, so
 * that what was decided on an older one can be told.
 *
 * <p>Grows by doubling up to a stated maximum; a change costs the same at any size.
 */
public final class Table {
  /** The most rows of any table. */
  public static final int ROWS_MAX = 1 << 24;

  private static final int ROWS_FIRST = 1_024;
  private static final int CHANGES_MAX = 1 << 16;
  private static final int SAMPLE = 4_096;
  private static final int SPARE_BITMAPS = 4;
  private static final int CODE_MASK = 0xFFFF;
  static final int CODE_MAX = 0xFFFF;

  private final int rowsMax;
  private final BitmapSlab slab;
  private final @Nullable RangeColumn[] ranges;
  private final @Nullable WordColumn[] words;
  private final int columns;
  private final int live;
  private final ChangeLog changes;
  private MemorySegment lines;
  private int[] epochs;
  private int[] free = new int[16];
  private int freed;
  private int rowsUsed;
  private int rowsLive;
  private int capacity;
  private int cutAt = 64;
  private int layout;

  /** An empty table of at most {@code rowsMax} rows. */
  public Table(Schema schema, int rowsMax) {
    this.rowsMax = Check.range("rowsMax", rowsMax, 1, ROWS_MAX);
    capacity = Math.min(whole(rowsMax), ROWS_FIRST);
    columns = schema.columns().size();
    slab = new BitmapSlab(capacity, bitmaps(schema));
    live = slab.add();
    ranges = new RangeColumn[columns];
    words = new WordColumn[columns];
    for (int column = 0; column < columns; column++) {
      switch (schema.columns().get(column)) {
        case Column.Words(int count) -> words[column] = new WordColumn(slab, count);
        case Column.Ordered _ -> {
          var range = new RangeColumn(slab);
          range.cut(new int[0]);
          ranges[column] = range;
        }
      }
    }
    changes = new ChangeLog(Math.clamp(Integer.highestOneBit(rowsMax), 64, CHANGES_MAX));
    lines = allocate(capacity);
    epochs = new int[capacity];
  }

  /** What the columns will need, and a few for what is gathered on the way to an answer. */
  private static int bitmaps(Schema schema) {
    int bitmaps = 1 + SPARE_BITMAPS;
    for (Column column : schema.columns()) {
      bitmaps +=
          switch (column) {
            case Column.Words(int count) -> Math.min(count, RangeColumn.BOUNDARIES_MAX);
            case Column.Ordered _ -> RangeColumn.BOUNDARIES_MAX;
          };
    }
    return bitmaps;
  }

  private static int whole(int rows) {
    return Math.ceilDiv(rows, Long.SIZE) * Long.SIZE;
  }

  private static MemorySegment allocate(int rows) {
    return Arena.ofAuto().allocate((long) rows * MatchKernel.LINE_BYTES, MatchKernel.LINE_BYTES);
  }

  /** A new row with these codes; absent words are 0 as any other. */
  public int add(int[] codes) {
    if (codes.length != columns) {
      throw new IllegalArgumentException(codes.length + " codes for " + columns + " columns");
    }
    for (int column = 0; column < columns; column++) {
      check(column, codes[column]);
    }
    int row = freed > 0 ? free[--freed] : fresh();
    slab.set(live, row);
    rowsLive++;
    for (int column = 0; column < columns; column++) {
      write(row, column, codes[column]);
      index(row, column, 0, codes[column]);
    }
    changed(row, ChangeLog.WHOLE_ROW);
    if (rowsLive >= cutAt) {
      reorganise();
    }
    return row;
  }

  private int fresh() {
    if (rowsUsed == rowsMax) {
      throw new IllegalStateException("the cell is full: " + rowsMax + " rows");
    }
    if (rowsUsed == capacity) {
      grow(Math.min(whole(rowsMax), 2 * capacity));
    }
    return rowsUsed++;
  }

  private void grow(int rows) {
    MemorySegment larger = allocate(rows);
    larger.asSlice(0, lines.byteSize()).copyFrom(lines);
    lines = larger;
    epochs = Arrays.copyOf(epochs, rows);
    slab.lengthen(rows);
    capacity = rows;
    layout++;
  }

  /** Frees a row. */
  public void remove(int row) {
    checkLive(row);
    for (int column = 0; column < columns; column++) {
      unindex(row, column, code(row, column));
      write(row, column, 0);
    }
    slab.clear(live, row);
    rowsLive--;
    changed(row, ChangeLog.WHOLE_ROW);
    if (freed == free.length) {
      free = Arrays.copyOf(free, 2 * freed);
    }
    free[freed++] = row;
  }

  /** Changes one attribute. */
  public void set(int row, int column, int code) {
    checkLive(row);
    check(column, code);
    int old = code(row, column);
    if (old != code) {
      write(row, column, code);
      WordColumn word = words[column];
      if (word != null) {
        word.remove(row, old);
        word.add(row, code);
      } else {
        range(column).move(row, old, code);
      }
      changed(row, column);
    }
  }

  /** Says that something of a live row changed that this table does not hold. */
  void touch(int row) {
    checkLive(row);
    changed(row, ChangeLog.WHOLE_ROW);
  }

  private void changed(int row, int column) {
    epochs[row]++;
    changes.add(row, column);
  }

  private void check(int column, int code) {
    WordColumn word = words[column];
    int max = word == null ? CODE_MAX : word.words() - 1;
    if (code < 0 || code > max) {
      throw new IllegalArgumentException("code " + code + " of column " + column + ", max " + max);
    }
  }

  private void checkLive(int row) {
    if (!isLive(row)) {
      throw new IllegalArgumentException("no row " + row);
    }
  }

  private void index(int row, int column, int from, int to) {
    WordColumn word = words[column];
    if (word != null) {
      word.add(row, to);
    } else {
      range(column).move(row, from, to);
    }
  }

  private void unindex(int row, int column, int code) {
    WordColumn word = words[column];
    if (word != null) {
      word.remove(row, code);
    } else {
      range(column).move(row, code, 0);
    }
  }

  private void write(int row, int column, int code) {
    lines.set(JAVA_SHORT, (long) row * MatchKernel.LINE_BYTES + ((long) column << 1), (short) code);
  }

  /**
   * Puts the boundaries of all ordered columns anew, where today's rows are cut into equal parts.
   * Answers are the same before and after; it happens by itself whenever the rows have doubled.
   */
  public void reorganise() {
    cutAt = Math.max(64, 2 * rowsLive);
    int step = Math.max(1, rowsUsed / SAMPLE);
    for (int column = 0; column < columns; column++) {
      RangeColumn range = ranges[column];
      if (range != null) {
        range.cut(sample(column, step));
        for (int row = 0; row < rowsUsed; row++) {
          if (isLive(row)) {
            range.move(row, 0, code(row, column));
          }
        }
      }
    }
    layout++;
  }

  private int[] sample(int column, int step) {
    var sample = new int[rowsUsed / step + 1];
    int size = 0;
    for (int row = 0; row < rowsUsed; row += step) {
      if (isLive(row)) {
        sample[size++] = code(row, column);
      }
    }
    int[] sorted = Arrays.copyOf(sample, size);
    Arrays.sort(sorted);
    return sorted;
  }

  /** What a row has in a column. */
  public int code(int row, int column) {
    return lines.get(JAVA_SHORT, (long) row * MatchKernel.LINE_BYTES + ((long) column << 1))
        & CODE_MASK;
  }

  /** Whether the row is in use. */
  public boolean isLive(int row) {
    return row >= 0 && row < rowsUsed && slab.get(live, row);
  }

  /** How often the row changed, its earlier lives included; wraps around. */
  public int epoch(int row) {
    return epochs[row];
  }

  /** Rows in use. */
  public int size() {
    return rowsLive;
  }

  /** What rows and bitmaps take, at the size that the table has grown to. */
  public long bytes() {
    return slab.bytes() + lines.byteSize() + (long) epochs.length * Integer.BYTES;
  }

  boolean isOrdered(int column) {
    return ranges[column] != null;
  }

  RangeColumn range(int column) {
    RangeColumn range = ranges[column];
    if (range == null) {
      throw new IllegalArgumentException("column " + column + " holds words");
    }
    return range;
  }

  WordColumn words(int column) {
    WordColumn word = words[column];
    if (word == null) {
      throw new IllegalArgumentException("column " + column + " is ordered");
    }
    return word;
  }

  BitmapSlab slab() {
    return slab;
  }

  MemorySegment lines() {
    return lines;
  }

  ChangeLog changes() {
    return changes;
  }

  /** The bitmap of the rows in use. */
  int live() {
    return live;
  }

  /** Words that cover every row ever used. */
  int wordsUsed() {
    return Math.ceilDiv(rowsUsed, Long.SIZE);
  }

  int rowsUsed() {
    return rowsUsed;
  }

  int columns() {
    return columns;
  }

  /** Rises when bitmaps were renumbered: what was compiled before is compiled again. */
  int layout() {
    return layout;
  }

  void relaid() {
    layout++;
  }
}
