package xyz.openledger.verification.challenge;

import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Domain;

/**
 * A walk through 16 MiB in which each step reads and writes where the one before leads: how fast it
 * goes is how fast the machine's memory answers, and there is no shorter way to its end. Benchmark
 * and challenge are this same walk, so that a claim by the one can be checked by the other.
 *
 * @param seed where it begins
 * @param steps how long it is
 */
public record MemoryWalk(long seed, int steps) {
  /** The longest walk: some tens of seconds. */
  public static final int STEPS_MAX = 1 << 30;

  private static final int CELLS = 1 << 21;
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  /** Checks the range. */
  public MemoryWalk {
    Check.range("steps", steps, 1, STEPS_MAX);
  }

  /** What stands at its end; only who has walked knows it. */
  public Digest digest() {
    long[] cells = new long[CELLS];
    for (int i = 0; i < CELLS; i++) {
      cells[i] = mix(seed + i * GOLDEN);
    }
    long state = mix(seed);
    for (int i = 0; i < steps; i++) {
      int cell = (int) (state & (CELLS - 1));
      state = mix(state ^ cells[cell]) + i;
      cells[cell] = state;
    }
    return Domain.of("memory-walk").int64(seed).int32(steps).int64(state).digest();
  }

  /** David Stafford's variant 13 of the MurmurHash3 finaliser ("Better Bit Mixing", 2011). */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
