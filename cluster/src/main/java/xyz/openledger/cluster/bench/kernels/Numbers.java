package xyz.openledger.cluster.bench.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import xyz.openledger.nativekernels.LargePages;

/** Buffers of numbers from −1 to 1, in the memory that an engine takes for weights. */
final class Numbers {
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
    MemorySegment made = LargePages.allocate(count * Short.BYTES, arena);
    for (long i = 0; i < count; i++) {
      float value = random.nextInt(-128, 128) * 0x1p-7f;
      made.setAtIndex(JAVA_SHORT, i, (short) (Float.floatToIntBits(value) >>> 16));
    }
    return made;
  }

  MemorySegment empty(long count) {
    return LargePages.allocate(count * Float.BYTES, arena);
  }

  int pick(int below) {
    return random.nextInt(below);
  }
}
