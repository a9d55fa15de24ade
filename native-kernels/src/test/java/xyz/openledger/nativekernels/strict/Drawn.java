package xyz.openledger.nativekernels.strict;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/** Buffers drawn from a seed. */
final class Drawn {
  private static final float[] SPECIAL = {
    0f,
    -0f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    0x1.8p-130f,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN,
    89.5f,
    -104.5f,
    1e6f
  };

  final SplittableRandom random;
  private final boolean special;

  Drawn(long seed, boolean special) {
    random = new SplittableRandom(seed);
    this.special = special;
  }

  int between(int least, int most) {
    return random.nextInt(least, most + 1);
  }

  float number() {
    if (special && random.nextInt(40) == 0) {
      return SPECIAL[random.nextInt(SPECIAL.length)];
    }
    return (float) random.nextGaussian();
  }

  MemorySegment numbers(long count) {
    MemorySegment made = empty(count);
    for (long i = 0; i < count; i++) {
      made.setAtIndex(JAVA_FLOAT, i, number());
    }
    return made;
  }

  MemorySegment weights(WeightType type, long count) {
    if (type == WeightType.F32) {
      return numbers(count);
    }
    MemorySegment made = Arena.ofAuto().allocate(Math.max(2, count * 2), 2);
    for (long i = 0; i < count; i++) {
      made.setAtIndex(JAVA_SHORT, i, (short) (Float.floatToIntBits(number()) >>> 16));
    }
    return made;
  }

  MemorySegment bytes(long count) {
    MemorySegment made = Arena.ofAuto().allocate(Math.max(1, count), 1);
    for (long i = 0; i < count; i++) {
      made.set(JAVA_BYTE, i, (byte) random.nextInt());
    }
    return made;
  }

  static MemorySegment integers(int... values) {
    MemorySegment made = Arena.ofAuto().allocate(Math.max(4, values.length * 4L), 4);
    MemorySegment.copy(values, 0, made, JAVA_INT, 0, values.length);
    return made;
  }

  static MemorySegment of(float... values) {
    MemorySegment made = empty(values.length);
    MemorySegment.copy(values, 0, made, JAVA_FLOAT, 0, values.length);
    return made;
  }

  static MemorySegment empty(long count) {
    return Arena.ofAuto().allocate(Math.max(4, count * 4), 4);
  }

  static MemorySegment copy(MemorySegment from) {
    MemorySegment made = Arena.ofAuto().allocate(from.byteSize(), 8);
    return made.copyFrom(from);
  }
}
