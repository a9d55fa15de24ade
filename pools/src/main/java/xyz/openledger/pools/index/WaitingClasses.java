package xyz.openledger.pools.index;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import xyz.openledger.nativekernels.MatchKernel;
import xyz.openledger.pools.index.Schema.Column;
import xyz.openledger.protocol.Check;

/**
 * The index turned round: which waiting policies does a node satisfy, oldest first? Policies that
 * ask the same share a class, which is asked about once.
 *
 * <p>For each word of a column there is a bitmap of the classes that accept it; for each bucket of
 * an ordered column one of the classes that refuse all of it. A node's codes name one bitmap a
 * column; what their AND leaves is checked against the classes' own ranges, which lie together.
 *
 * @param <T> what waits
 */
public final class WaitingClasses<T> {
  /** The most classes. */
  public static final int CLASSES_MAX = 1 << 20;

  private static final int CLASSES_FIRST = 1_024;
  private static final int BLOCK_WORDS = 256;
  private static final int RANGE_BYTES = Long.BYTES;
  private static final int COUNT_OFFSET = RANGE_BYTES * Demand.RANGES_MAX;
  private static final int COUNT_MASK = 0xFF;
  private static final int CODE_MASK = 0xFFFF;
  private static final int COLUMN_MASK = MatchKernel.COLUMNS - 1;
  private static final int LOW_SHIFT = 16;
  private static final int HIGH_SHIFT = 32;

  private record Waiter<T>(long sequence, T ticket) {}

  private static final class WaitingClass<T> {
    final Demand demand;
    final @Nullable Predicate<Object> beyond;
    final Deque<Waiter<T>> waiting = new ArrayDeque<>(1);

    WaitingClass(Demand demand, @Nullable Predicate<Object> beyond) {
      this.demand = demand;
      this.beyond = beyond;
    }

    boolean asks(Object node) {
      return beyond == null || beyond.test(node);
    }
  }

  private record Key(Demand demand, @Nullable Object beyond) {}

  private final int classesMax;
  private final MatchKernel kernel;
  private final BitmapSlab slab;
  private final int live;
  private final int[][] boundaries;
  private final int[][] refusing;
  private final int[][] refusals;
  private final List<Map<Integer, Integer>> accepting = new ArrayList<>();
  private final int[] indifferent;
  private final int[] asking;
  private final Map<Key, Integer> classes = new HashMap<>();
  private final Shelves shelves = new Shelves();
  private final int[] wordColumns;
  private final Bitmaps bitmaps = new Bitmaps();
  private final long[] block = new long[BLOCK_WORDS];
  private @Nullable WaitingClass<T>[] byRow;
  private MemorySegment lines;
  private int[] heads = {};
  private long[] oldest = new long[CLASSES_FIRST];
  private int size;

  // Of the question that is being answered.
  private int[] found = new int[64];
  private int count;

  /**
   * Nothing waits.
   *
   * @param boundaries where each ordered column is cut, such as a table's; empty for words
   */
  public WaitingClasses(Schema schema, int[][] boundaries, int classesMax, MatchKernel kernel) {
    this.classesMax = Check.range("classesMax", classesMax, 1, CLASSES_MAX);
    this.kernel = kernel;
    this.boundaries = boundaries.clone();
    int columns = schema.columns().size();
    slab = new BitmapSlab(CLASSES_FIRST, columns * (RangeColumn.BOUNDARIES_MAX + 1));
    live = slab.add();
    refusing = new int[columns][];
    refusals = new int[columns][];
    indifferent = new int[columns];
    asking = new int[columns];
    for (int column = 0; column < columns; column++) {
      accepting.add(new HashMap<>());
      if (schema.columns().get(column) instanceof Column.Words) {
        indifferent[column] = slab.add();
      } else {
        refusing[column] = new int[boundaries[column].length + 1];
        refusals[column] = new int[boundaries[column].length + 1];
        for (int bucket = 0; bucket < refusing[column].length; bucket++) {
          refusing[column][bucket] = slab.add();
        }
      }
    }
    wordColumns = IntStream.range(0, columns).filter(column -> refusing[column] == null).toArray();
    byRow = newArray(CLASSES_FIRST);
    lines = allocate(CLASSES_FIRST);
  }

  @SuppressWarnings("unchecked") // arrays of a generic type cannot be made otherwise
  private static <T> @Nullable WaitingClass<T>[] newArray(int length) {
    return (WaitingClass<T>[]) new WaitingClass<?>[length];
  }

  private static MemorySegment allocate(int rows) {
    return Arena.ofAuto().allocate((long) rows * MatchKernel.LINE_BYTES, MatchKernel.LINE_BYTES);
  }

  /**
   * A policy waits.
   *
   * @param beyond asked about a node where the demand says so; equal for policies of one class
   * @param sequence higher for who came later
   * @return the class, to be named when it waits no longer
   * @throws IllegalStateException if there are too many classes
   */
  public int add(Demand demand, @Nullable Predicate<Object> beyond, long sequence, T ticket) {
    if (demand.beyond() != (beyond != null)) {
      throw new IllegalArgumentException("what lies beyond the codes is asked if there is any");
    }
    var key = new Key(demand, beyond);
    Integer known = classes.get(key);
    int row = known != null ? known : open(key, new WaitingClass<>(demand, beyond));
    Deque<Waiter<T>> waiting = at(row).waiting;
    if (!waiting.isEmpty() && waiting.getLast().sequence() >= sequence) {
      throw new IllegalArgumentException("who comes later has the higher sequence");
    }
    waiting.add(new Waiter<>(sequence, ticket));
    noteOldest(row, at(row));
    size++;
    return row;
  }

  private WaitingClass<T> at(int row) {
    WaitingClass<T> found = byRow[row];
    if (found == null) {
      throw new IllegalArgumentException("no class " + row);
    }
    return found;
  }

  private int open(Key key, WaitingClass<T> opened) {
    if (classes.size() == classesMax) {
      throw new IllegalStateException("too many classes of waiting policies: " + classesMax);
    }
    int row = shelves.take(Shelves.of(opened.demand));
    widen();
    classes.put(key, row);
    byRow[row] = opened;
    slab.set(live, row);
    var asked = new boolean[indifferent.length];
    for (Demand.Among among : opened.demand.words()) {
      asked[among.column()] = true;
      asking[among.column()]++;
      for (int word : among.values()) {
        slab.set(bitmap(among.column(), word), row);
      }
    }
    for (int column = 0; column < asked.length; column++) {
      if (refusing[column] == null && !asked[column]) {
        slab.set(indifferent[column], row);
        accepting.get(column).values().forEach(bitmap -> slab.set(bitmap, row));
      }
    }
    mark(opened.demand, row, 1);
    write(opened.demand, row);
    return row;
  }

  private void widen() {
    int had = byRow.length;
    if (shelves.rows() > had) {
      int rows = Math.max(2 * had, shelves.rows());
      slab.lengthen(rows);
      byRow = Arrays.copyOf(byRow, rows);
      oldest = Arrays.copyOf(oldest, rows);
      MemorySegment larger = allocate(rows);
      larger.asSlice(0, lines.byteSize()).copyFrom(lines);
      lines = larger;
    }
  }

  /** The classes that accept a word; at first those that do not ask. */
  private int bitmap(int column, int word) {
    Map<Integer, Integer> words = accepting.get(column);
    Integer known = words.get(word);
    if (known != null) {
      return known;
    }
    if (words.size() == Schema.WORDS_MAX) {
      throw new IllegalStateException("too many words in column " + column);
    }
    int made = slab.add();
    slab.copy(indifferent[column], made);
    words.put(word, made);
    return made;
  }

  private void mark(Demand demand, int row, int change) {
    for (Demand.Between between : demand.ranges()) {
      int column = between.column();
      int low = bucket(column, between.low());
      int high = bucket(column, between.high());
      for (int bucket = 0; bucket < refusing[column].length; bucket++) {
        if (bucket < low || bucket > high) {
          refusals[column][bucket] += change;
          if (change > 0) {
            slab.set(refusing[column][bucket], row);
          } else {
            slab.clear(refusing[column][bucket], row);
          }
        }
      }
    }
  }

  private int bucket(int column, int code) {
    int at = Arrays.binarySearch(boundaries[column], code);
    return at >= 0 ? at + 1 : -at - 1;
  }

  private void write(Demand demand, int row) {
    long line = (long) row * MatchKernel.LINE_BYTES;
    int head = demand.ranges().size() | (demand.beyond() ? COUNT_MASK + 1 : 0);
    lines.set(JAVA_INT, line + COUNT_OFFSET, head);
    for (Demand.Between between : demand.ranges()) {
      long packed =
          between.column()
              | (long) between.low() << LOW_SHIFT
              | (long) between.high() << HIGH_SHIFT;
      lines.set(JAVA_LONG, line, packed);
      line += RANGE_BYTES;
    }
  }

  /** The policy of that class waits no longer; false if it did not. */
  public boolean remove(int row, T ticket) {
    if (row < 0 || row >= byRow.length) {
      return false;
    }
    WaitingClass<T> found = byRow[row];
    if (found == null || !found.waiting.removeIf(waiter -> waiter.ticket().equals(ticket))) {
      return false;
    }
    size--;
    if (found.waiting.isEmpty()) {
      close(row, found);
    } else {
      noteOldest(row, found);
    }
    return true;
  }

  private void close(int row, WaitingClass<T> closed) {
    classes.remove(new Key(closed.demand, closed.beyond));
    byRow[row] = null;
    slab.clear(live, row);
    for (int column = 0; column < indifferent.length; column++) {
      if (refusing[column] == null) {
        slab.clear(indifferent[column], row);
        accepting.get(column).values().forEach(bitmap -> slab.clear(bitmap, row));
      }
    }
    closed.demand.words().forEach(among -> asking[among.column()]--);
    mark(closed.demand, row, -1);
    shelves.give(Shelves.of(closed.demand), row);
  }

  /**
   * The policies that a node satisfies, oldest first, at most so many.
   *
   * @param limit at most {@link Top#K_MAX}
   * @param codes of the node, one for each column
   * @param node what is asked where codes do not tell
   */
  public List<T> satisfied(int[] codes, Object node, int limit) {
    // Only the classes whose oldest are oldest can have what is asked for.
    var classesByAge = new Top(Math.min(limit, Top.K_MAX));
    for (int row : classesOf(codes, node)) {
      classesByAge.offer(-oldest[row], row);
    }
    var waiters = new ArrayList<Waiter<T>>();
    for (int place = 0; place < classesByAge.size(); place++) {
      at(classesByAge.row(place)).waiting.stream().limit(limit).forEach(waiters::add);
    }
    waiters.sort(Comparator.comparingLong(Waiter::sequence));
    return waiters.stream().limit(limit).map(Waiter::ticket).toList();
  }

  private void noteOldest(int row, WaitingClass<T> of) {
    oldest[row] = of.waiting.getFirst().sequence();
  }

  /** The classes that a node satisfies, in no order that means anything. */
  public int[] classesOf(int[] codes, Object node) {
    ask(codes);
    count = 0;
    shelves.read(
        Shelves.of(codes, wordColumns), (first, words) -> classesOf(first, words, codes, node));
    return Arrays.copyOf(found, count);
  }

  private void classesOf(int firstWord, int words, int[] codes, Object node) {
    for (int done = 0; done < words; done += BLOCK_WORDS) {
      int first = firstWord + done;
      int size = Math.min(BLOCK_WORDS, words - done);
      int candidates =
          kernel.select(
              slab.memory(),
              slab.stride(),
              bitmaps.required,
              bitmaps.requiredCount,
              bitmaps.excluded,
              bitmaps.excludedCount,
              first,
              size,
              block,
              0);
      if (candidates > 0) {
        if (count + candidates + 1 >= found.length) {
          found = Arrays.copyOf(found, Math.max(2 * found.length, count + candidates + 2));
        }
        count = check(first, size, codes, node, found, count);
      }
    }
  }

  /** One bitmap a column: who accepts its word, and who refuses its bucket. */
  private void ask(int[] codes) {
    bitmaps.shorten(0, 0);
    bitmaps.require(live);
    for (int column = 0; column < indifferent.length; column++) {
      int[] buckets = refusing[column];
      if (buckets == null) {
        if (asking[column] > 0) {
          Integer known = accepting.get(column).get(codes[column]);
          bitmaps.require(known == null ? indifferent[column] : known);
        }
      } else {
        int bucket = bucket(column, codes[column]);
        if (refusals[column][bucket] > 0) {
          bitmaps.exclude(buckets[bucket]);
        }
      }
    }
  }

  /**
   * First the rows, then what each keeps, then what it says: reading without a decision in between
   * lets the processor fetch many lines at once.
   */
  private int check(int first, int size, int[] codes, Object node, int[] into, int from) {
    int end = from;
    for (int word = 0; word < size; word++) {
      int base = (first + word) * Long.SIZE;
      long bits = block[word];
      int most = end + Long.bitCount(bits);
      // Two at once, there or not: few words have more, and none makes the processor guess.
      into[end] = base + Long.numberOfTrailingZeros(bits);
      bits &= bits - 1;
      into[end + 1] = base + Long.numberOfTrailingZeros(bits);
      if (most > end + 2) {
        end += 2;
        for (long rest = bits & (bits - 1); rest != 0; rest &= rest - 1) {
          into[end++] = base + Long.numberOfTrailingZeros(rest);
        }
      }
      end = most;
    }
    MemorySegment memory = lines;
    if (heads.length < end - from) {
      heads = new int[2 * (end - from)];
    }
    int[] read = heads;
    for (int i = from; i < end; i++) {
      read[i - from] = memory.get(JAVA_INT, (long) into[i] * MatchKernel.LINE_BYTES + COUNT_OFFSET);
    }
    int kept = from;
    for (int i = from; i < end; i++) {
      int row = into[i];
      int head = read[i - from];
      int fits = within(memory, row, head & COUNT_MASK, codes);
      if (head > COUNT_MASK && fits == 1 && !at(row).asks(node)) {
        fits = 0;
      }
      into[kept] = row;
      kept += fits;
    }
    return kept;
  }

  /** 1 if the codes lie within all ranges of the row, else 0. */
  private static int within(MemorySegment lines, int row, int ranges, int[] codes) {
    long line = (long) row * MatchKernel.LINE_BYTES;
    int outside = 0;
    for (int i = 0; i < ranges; i++) {
      long packed = lines.get(JAVA_LONG, line);
      int code = codes[((int) packed) & COLUMN_MASK];
      // Below 0 if the code is outside.
      outside |= code - ((int) (packed >>> LOW_SHIFT) & CODE_MASK);
      outside |= ((int) (packed >>> HIGH_SHIFT) & CODE_MASK) - code;
      line += RANGE_BYTES;
    }
    return ~outside >>> (Integer.SIZE - 1);
  }

  /** Policies that wait. */
  public int size() {
    return size;
  }

  /** Different demands among them. */
  public int classes() {
    return classes.size();
  }
}
