package xyz.openledger.nativekernels;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The twin in Java and both variants in C give what counting by hand gives, on drawn tables. */
class MatchKernelTest {
  private static final int BITMAPS = 24;
  private static final int CODES = 50;

  /** A drawn table and question. */
  private static final class Case {
    final int words;
    final long stride;
    final MemorySegment slab;
    final MemorySegment lines;
    final int[] required;
    final int[] excluded;
    final int[] ranges;
    final int[] weights;
    final int k;

    Case(long seed) {
      var random = new SplittableRandom(seed);
      words = random.nextInt(1, 70);
      stride = words + random.nextInt(0, 9);
      slab = Arena.ofAuto().allocate(BITMAPS * stride * Long.BYTES, 64);
      for (long i = 0; i < BITMAPS * stride; i++) {
        slab.set(JAVA_LONG, i << 3, random.nextLong() | random.nextLong());
      }
      lines = Arena.ofAuto().allocate((long) words * Long.SIZE * MatchKernel.LINE_BYTES, 64);
      for (long i = 0; i < lines.byteSize() / 2; i++) {
        // Few codes, so that scores tie; some high ones, so that a sign would be noticed.
        int code = random.nextInt(CODES) + (random.nextInt(10) == 0 ? 65_000 : 0);
        lines.set(JAVA_SHORT, i << 1, (short) code);
      }
      required = bitmaps(random, random.nextInt(1, 14));
      excluded = bitmaps(random, random.nextInt(0, 9));
      ranges = new int[3 * random.nextInt(0, 4)];
      for (int i = 0; i < ranges.length; i += 3) {
        ranges[i] = random.nextInt(MatchKernel.COLUMNS);
        ranges[i + 1] = random.nextInt(10);
        ranges[i + 2] = random.nextBoolean() ? 65_535 : random.nextInt(CODES);
      }
      weights = new int[2 * random.nextInt(0, 5)];
      for (int i = 0; i < weights.length; i += 2) {
        weights[i] = random.nextInt(MatchKernel.COLUMNS);
        weights[i + 1] = random.nextInt(-3, 1_000_000);
      }
      k = random.nextInt(1, 20);
    }

    private static int[] bitmaps(SplittableRandom random, int count) {
      return random.ints(count, 0, BITMAPS).toArray();
    }

    boolean selected(int row) {
      return Arrays.stream(required).allMatch(bitmap -> bit(bitmap, row))
          && Arrays.stream(excluded).noneMatch(bitmap -> bit(bitmap, row));
    }

    private boolean bit(int bitmap, int row) {
      return (slab.get(JAVA_LONG, (bitmap * stride + row / 64) << 3) >>> row & 1) != 0;
    }

    int code(int row, int column) {
      return lines.get(JAVA_SHORT, (long) row * MatchKernel.LINE_BYTES + 2L * column) & 0xFFFF;
    }

    boolean within(int row) {
      for (int i = 0; i < ranges.length; i += 3) {
        int code = code(row, ranges[i]);
        if (code < ranges[i + 1] || code > ranges[i + 2]) {
          return false;
        }
      }
      return true;
    }

    long score(int row) {
      long score = 0;
      for (int i = 0; i < weights.length; i += 2) {
        score += (long) weights[i + 1] * code(row, weights[i]);
      }
      return score;
    }

    int select(MatchKernel kernel, long[] survivors, int at) {
      return kernel.select(
          slab,
          stride,
          required,
          required.length,
          excluded,
          excluded.length,
          0,
          words,
          survivors,
          at);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyKernelSelectsWhatTheBitmapsSay(long seed) {
    var drawn = new Case(seed);
    int at = (int) (seed & 3);
    for (MatchKernel kernel : kernels()) {
      var survivors = new long[at + drawn.words];

      int count = drawn.select(kernel, survivors, at);

      int expected = 0;
      for (int row = 0; row < drawn.words * 64; row++) {
        boolean selected = drawn.selected(row);
        expected += selected ? 1 : 0;
        assertThat(survivors[at + row / 64] >>> row & 1)
            .as("%s, row %d", kernel.name(), row)
            .isEqualTo(selected ? 1 : 0);
      }
      assertThat(count).as(kernel.name()).isEqualTo(expected);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyKernelKeepsWhatLiesWithinTheRanges(long seed) {
    var drawn = new Case(seed);
    for (MatchKernel kernel : kernels()) {
      var survivors = new long[drawn.words];
      drawn.select(kernel, survivors, 0);

      int left = kernel.keep(survivors, 0, 0, drawn.words, drawn.lines, drawn.ranges);

      var rows = new ArrayList<Integer>();
      for (int row = 0; row < drawn.words * 64; row++) {
        if ((survivors[row / 64] >>> row & 1) != 0) {
          rows.add(row);
        }
      }
      assertThat(rows).as(kernel.name()).isEqualTo(feasible(drawn)).hasSize(left);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyKernelFindsTheBestInWhateverOrderTheTableIsRead(long seed) {
    var drawn = new Case(seed);
    List<Integer> best =
        feasible(drawn).stream()
            .sorted(Comparator.comparingLong((Integer row) -> -drawn.score(row)))
            .limit(drawn.k)
            .toList();
    int cut = new SplittableRandom(seed).nextInt(drawn.words + 1);
    for (MatchKernel kernel : kernels()) {
      var survivors = new long[drawn.words];
      drawn.select(kernel, survivors, 0);
      var scores = new long[drawn.k];
      var rows = new int[drawn.k];

      int late = top(kernel, drawn, survivors, cut, drawn.words - cut, 0, scores, rows);
      int held = top(kernel, drawn, survivors, 0, cut, late, scores, rows);

      assertThat(Arrays.stream(rows).limit(held).boxed().toList())
          .as(kernel.name())
          .isEqualTo(best);
      assertThat(Arrays.stream(scores).limit(held).boxed().toList())
          .as(kernel.name())
          .isEqualTo(best.stream().map(drawn::score).toList());
    }
  }

  private static int top(
      MatchKernel kernel,
      Case drawn,
      long[] survivors,
      int first,
      int words,
      int held,
      long[] scores,
      int[] rows) {
    return kernel.top(
        survivors,
        first,
        first,
        words,
        drawn.lines,
        drawn.ranges,
        drawn.weights,
        held,
        scores,
        rows);
  }

  private static List<Integer> feasible(Case drawn) {
    var rows = new ArrayList<Integer>();
    for (int row = 0; row < drawn.words * 64; row++) {
      if (drawn.selected(row) && drawn.within(row)) {
        rows.add(row);
      }
    }
    return rows;
  }

  @Test
  void everyKernelRefusesWhatIsNoQuestion() {
    var drawn = new Case(1);
    for (MatchKernel kernel : kernels()) {
      assertThatThrownBy(
              () ->
                  kernel.select(
                      drawn.slab, drawn.stride, new int[1], 0, new int[0], 0, 0, 1, new long[1], 0))
          .as(kernel.name())
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(
              () ->
                  kernel.select(
                      drawn.slab,
                      drawn.stride,
                      new int[] {BITMAPS + 1},
                      1,
                      new int[0],
                      0,
                      0,
                      drawn.words,
                      new long[drawn.words],
                      0))
          .as(kernel.name())
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void saysWhyCDoesNotServe() {
    assertThat(Kernels.objection().isPresent()).isEqualTo(Kernels.match() == Kernels.matchInJava());
  }

  @Test
  void thePortableVariantInCWasTestedToo() {
    assumeTrue(Kernels.objection().isEmpty(), "no C compiler when this was built");

    assertThat(kernels()).extracting(MatchKernel::name).contains("java", "native, portable");
  }

  /** The twin, and each variant that this machine can run. Each library is loaded by itself. */
  private static List<MatchKernel> kernels() {
    return KERNELS;
  }

  private static final List<MatchKernel> KERNELS = load();

  private static List<MatchKernel> load() {
    var kernels = new ArrayList<MatchKernel>();
    kernels.add(Kernels.matchInJava());
    if (Kernels.objection().isEmpty()) {
      kernels.add(Kernels.match());
      SymbolLookup library = NativeLibrary.load();
      NativeMatchKernel.choose(library, 0);
      kernels.add(new NativeMatchKernel(library));
    }
    return kernels;
  }

  static Stream<Long> seeds() {
    var seed = Long.getLong("seed");
    return seed != null ? Stream.of(seed) : Stream.iterate(1L, next -> next + 1).limit(60);
  }
}
