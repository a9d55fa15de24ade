package xyz.openledger.models.training;

/** Numbers from a seed, the same on every machine: SplitMix64. */
public final class Seeded {
  private long state;

  /** Starts at a seed. */
  public Seeded(long seed) {
    state = seed;
  }

  /** The next 64 bits. */
  public long next() {
    state += 0x9E3779B97F4A7C15L;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** The next number from 0 to {@code bound} − 1. */
  public int below(int bound) {
    return (int) Math.unsignedMultiplyHigh(next(), bound);
  }

  /** The next number from −1 to below 1, a multiple of 2⁻²³. */
  float signed() {
    return (next() >> 40) * 0x1p-23f;
  }
}
