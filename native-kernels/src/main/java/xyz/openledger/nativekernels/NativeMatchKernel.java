package xyz.openledger.nativekernels;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Objects;

/** {@link MatchKernel} in C; {@code ol_match.h} states the contract that this class keeps. */
final class NativeMatchKernel implements MatchKernel {
  static final int ABI = 1;

  /** A call takes microseconds, so C may read the Java arrays in place. */
  private static final Linker.Option IN_PLACE = Linker.Option.critical(true);

  private final MethodHandle select;
  private final MethodHandle keep;
  private final MethodHandle top;
  private final String name;

  /**
   * Binds to a library.
   *
   * @throws UnsatisfiedLinkError if it is of another version, or lacks a function
   */
  NativeMatchKernel(SymbolLookup library) {
    int abi = ask(library, "ol_match_abi");
    if (abi != ABI) {
      throw new UnsatisfiedLinkError("kernels of version " + abi + ", not " + ABI);
    }
    name = ask(library, "ol_match_variant") == 1 ? "native, AVX2" : "native, portable";
    select =
        bind(
            library,
            "ol_match_select",
            ADDRESS,
            JAVA_LONG,
            ADDRESS,
            JAVA_INT,
            ADDRESS,
            JAVA_INT,
            JAVA_LONG,
            JAVA_INT,
            ADDRESS,
            JAVA_INT);
    keep =
        bind(
            library,
            "ol_match_keep",
            ADDRESS,
            JAVA_INT,
            JAVA_LONG,
            JAVA_INT,
            ADDRESS,
            ADDRESS,
            JAVA_INT);
    top =
        bind(
            library,
            "ol_match_top",
            ADDRESS,
            JAVA_INT,
            JAVA_LONG,
            JAVA_INT,
            ADDRESS,
            ADDRESS,
            JAVA_INT,
            ADDRESS,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            ADDRESS,
            ADDRESS);
  }

  @SuppressWarnings(
      "restricted") // the header says what may be passed, and the checks below keep it
  private static MethodHandle bind(SymbolLookup library, String symbol, MemoryLayout... inputs) {
    MemorySegment function =
        library.find(symbol).orElseThrow(() -> new UnsatisfiedLinkError("no " + symbol));
    return Linker.nativeLinker()
        .downcallHandle(function, FunctionDescriptor.of(JAVA_INT, inputs), IN_PLACE);
  }

  private static int ask(SymbolLookup library, String symbol) {
    try {
      return (int) bind(library, symbol).invokeExact();
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable impossible) {
      throw new AssertionError(symbol + " throws nothing", impossible);
    }
  }

  /** Takes another variant, for tests: 0 for portable, 1 for AVX2. Answers the one now in use. */
  static int choose(SymbolLookup library, int variant) {
    try {
      return (int) bind(library, "ol_match_choose", JAVA_INT).invokeExact(variant);
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable impossible) {
      throw new AssertionError("ol_match_choose throws nothing", impossible);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int select(
      MemorySegment slab,
      long stride,
      int[] required,
      int requiredCount,
      int[] excluded,
      int excludedCount,
      long firstWord,
      int words,
      long[] survivors,
      int at) {
    checkSlab(slab, stride, required, requiredCount, firstWord, words);
    checkSlab(slab, stride, excluded, excludedCount, firstWord, words);
    checkWindow(survivors, at, words);
    try {
      return checked(
          (int)
              select.invokeExact(
                  slab,
                  stride,
                  MemorySegment.ofArray(required),
                  requiredCount,
                  MemorySegment.ofArray(excluded),
                  excludedCount,
                  firstWord,
                  words,
                  MemorySegment.ofArray(survivors),
                  at));
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable impossible) {
      throw new AssertionError("ol_match_select throws nothing", impossible);
    }
  }

  @Override
  public int keep(
      long[] survivors, int at, long firstWord, int words, MemorySegment lines, int[] ranges) {
    checkWindow(survivors, at, words);
    checkLines(lines, firstWord, words);
    try {
      return checked(
          (int)
              keep.invokeExact(
                  MemorySegment.ofArray(survivors),
                  at,
                  firstWord,
                  words,
                  lines,
                  MemorySegment.ofArray(ranges),
                  ranges.length / 3));
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable impossible) {
      throw new AssertionError("ol_match_keep throws nothing", impossible);
    }
  }

  @Override
  public int top(
      long[] survivors,
      int at,
      long firstWord,
      int words,
      MemorySegment lines,
      int[] ranges,
      int[] weights,
      int held,
      long[] scores,
      int[] rows) {
    checkWindow(survivors, at, words);
    checkLines(lines, firstWord, words);
    if (rows.length < scores.length) {
      throw new IllegalArgumentException("fewer rows than scores");
    }
    try {
      return checked(
          (int)
              top.invokeExact(
                  MemorySegment.ofArray(survivors),
                  at,
                  firstWord,
                  words,
                  lines,
                  MemorySegment.ofArray(ranges),
                  ranges.length / 3,
                  MemorySegment.ofArray(weights),
                  weights.length / 2,
                  scores.length,
                  held,
                  MemorySegment.ofArray(scores),
                  MemorySegment.ofArray(rows)));
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable impossible) {
      throw new AssertionError("ol_match_top throws nothing", impossible);
    }
  }

  /** C checks no bounds of memory, so this does. */
  private static void checkSlab(
      MemorySegment slab, long stride, int[] bitmaps, int count, long firstWord, int words) {
    if (count < 0 || count > bitmaps.length || firstWord < 0 || words < 0 || stride < 0) {
      throw new IllegalArgumentException("not a question: see ol_match.h");
    }
    long end = slab.byteSize() / Long.BYTES - firstWord - words;
    for (int i = 0; i < count; i++) {
      if (bitmaps[i] < 0 || bitmaps[i] * stride > end) {
        throw new IndexOutOfBoundsException("bitmap " + bitmaps[i]);
      }
    }
  }

  private static void checkWindow(long[] survivors, int at, int words) {
    Objects.checkFromIndexSize(at, words, survivors.length);
  }

  /** Survivors are rows of the table, which has a line for each of them up to a whole word. */
  private static void checkLines(MemorySegment lines, long firstWord, int words) {
    if (firstWord < 0 || (firstWord + words) * Long.SIZE * LINE_BYTES > lines.byteSize()) {
      throw new IndexOutOfBoundsException("words " + firstWord + " and " + words + " more");
    }
  }

  private static int checked(int answer) {
    if (answer < 0) {
      throw new IllegalArgumentException("not a question: see ol_match.h");
    }
    return answer;
  }
}
