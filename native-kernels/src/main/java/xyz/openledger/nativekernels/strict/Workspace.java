package xyz.openledger.nativekernels.strict;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory that one thread lends to the kernels it calls; freed after the thread is gone. */
final class Workspace {
  /** As {@code OL_STRICT_WORKSPACE}. */
  private static final long BYTES = 1 << 20;

  private static final long SMALL_BYTES = 64;
  private static final ThreadLocal<Workspace> OF_THREAD = ThreadLocal.withInitial(Workspace::new);

  private final MemorySegment space = Arena.ofAuto().allocate(BYTES, 64);
  private final MemorySegment small = Arena.ofAuto().allocate(SMALL_BYTES, 8);
  private MemorySegment scratch = small;

  static Workspace ofThisThread() {
    return OF_THREAD.get();
  }

  MemorySegment space() {
    return space;
  }

  MemorySegment scratch(long bytes) {
    if (scratch.byteSize() < bytes) {
      scratch = Arena.ofAuto().allocate(bytes, 64);
    }
    return scratch;
  }

  /** As {@code struct ol_strict_pages}. */
  MemorySegment of(StrictAttention.Pages pages) {
    small.set(ADDRESS, 0, pages.keys());
    small.set(ADDRESS, 8, pages.values());
    small.set(JAVA_LONG, 16, pages.pageStride());
    small.set(JAVA_LONG, 24, pages.tokenStride());
    small.set(JAVA_LONG, 32, pages.headStride());
    small.set(JAVA_INT, 40, pages.pageTokens());
    return small;
  }

  /** As {@code struct ol_strict_adamw}. */
  MemorySegment of(StrictTraining.AdamW settings) {
    small.set(JAVA_FLOAT, 0, settings.rate());
    small.set(JAVA_FLOAT, 4, settings.beta1());
    small.set(JAVA_FLOAT, 8, settings.beta2());
    small.set(JAVA_FLOAT, 12, settings.epsilon());
    small.set(JAVA_FLOAT, 16, settings.decay());
    small.set(JAVA_FLOAT, 20, settings.correction1());
    small.set(JAVA_FLOAT, 24, settings.correction2());
    return small;
  }
}
