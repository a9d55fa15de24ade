package xyz.openledger.nativekernels;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Memory that the system may keep in pages of 2 MiB, so that whoever reads much of it waits less
 * for addresses to be looked up. Only Linux is asked; elsewhere, and where it says no, this is
 * memory like any other.
 */
public final class LargePages {
  /** What a large page holds; smaller pieces gain nothing. */
  public static final long BYTES = 2L << 20;

  private static final int READ_AND_WRITE = 3;
  private static final int PRIVATE_AND_ANONYMOUS = 0x22;
  private static final int ADVICE_HUGE_PAGE = 14;
  private static final @Nullable Calls CALLS = Calls.find();

  private LargePages() {}

  /** The system's functions; the numbers above are those of Linux on any 64-bit machine of ours. */
  private record Calls(MethodHandle mmap, MethodHandle munmap, MethodHandle madvise) {
    @SuppressWarnings("restricted") // the manual says what may be passed
    static @Nullable Calls find() {
      if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).equals("linux")) {
        return null;
      }
      Linker linker = Linker.nativeLinker();
      var names = linker.defaultLookup();
      try {
        return new Calls(
            linker.downcallHandle(
                names.findOrThrow("mmap"),
                FunctionDescriptor.of(
                    JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG)),
            linker.downcallHandle(
                names.findOrThrow("munmap"), FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG)),
            linker.downcallHandle(
                names.findOrThrow("madvise"),
                FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT)));
      } catch (RuntimeException none) {
        return null;
      }
    }
  }

  /**
   * So many bytes of zeros that begin at a multiple of {@link #BYTES}, if they are that many, else
   * of 64; they live as long as the arena.
   */
  @SuppressWarnings("restricted") // what was mapped is that long
  public static MemorySegment allocate(long bytes, Arena arena) {
    if (bytes < BYTES || CALLS == null) {
      return arena.allocate(bytes, 64);
    }
    long mapped = bytes + BYTES;
    long from = map(CALLS, mapped);
    if (from == -1) {
      return arena.allocate(bytes, BYTES);
    }
    long start = (from + BYTES - 1) / BYTES * BYTES;
    // Whole ones: a last piece in a large page would take more than it holds.
    advise(CALLS, start, bytes / BYTES * BYTES);
    return MemorySegment.ofAddress(start)
        .reinterpret(bytes, arena, _ -> unmap(CALLS, from, mapped))
        // Now, so that nobody waits for pages later.
        .fill((byte) 0);
  }

  private static long map(Calls calls, long bytes) {
    try {
      return (long)
          calls.mmap.invokeExact(
              MemorySegment.NULL, bytes, READ_AND_WRITE, PRIVATE_AND_ANONYMOUS, -1, 0L);
    } catch (Throwable impossible) {
      throw new AssertionError("system calls throw nothing", impossible);
    }
  }

  /** A system that does not take the advice leaves pages as they are. */
  private static void advise(Calls calls, long from, long bytes) {
    try {
      int _ = (int) calls.madvise.invokeExact(from, bytes, ADVICE_HUGE_PAGE);
    } catch (Throwable impossible) {
      throw new AssertionError("system calls throw nothing", impossible);
    }
  }

  private static void unmap(Calls calls, long from, long bytes) {
    try {
      int _ = (int) calls.munmap.invokeExact(from, bytes);
    } catch (Throwable impossible) {
      throw new AssertionError("system calls throw nothing", impossible);
    }
  }
}
