package xyz.openledger.cluster.bench.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/** Buffers of numbers from −1 to 1. */
final class Numbers {
  private static final int PAGE_BYTES = 4096;

  private final SplittableRandom random;
  private final Arena arena;

  Numbers(long seed, Arena arena) {
    random = new SplittableRandom(seed);
    this.arena = arena;
  }

  MemorySegment draw(long count) {
    MemorySegment made = empty(count);
    for (long i = 0; i < count; i++) {
      made.setAtIndex(JAVA_FLOAT, i, random.nextInt(-1 << 20, 1 << 20) * 0x1p-20f);
    }
    return made;
  }

  MemorySegment drawHalves(long count) {
    MemorySegment made = arena.allocate(count * Short.BYTES, PAGE_BYTES);
    for (long i = 0; i < count; i++) {
      float value = random.nextInt(-128, 128) * 0x1p-7f;
      made.setAtIndex(JAVA_SHORT, i, (short) (Float.floatToIntBits(value) >>> 16));
    }
    return made;
  }

  MemorySegment empty(long count) {
    return arena.allocate(count * Float.BYTES, PAGE_BYTES);
  }

  int pick(int below) {
    return random.nextInt(below);
  }
}
