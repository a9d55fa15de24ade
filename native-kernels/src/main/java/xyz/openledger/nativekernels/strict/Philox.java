package xyz.openledger.nativekernels.strict;

/** Philox 4×32-10: the same key and counter give the same number, in any order of asking. */
final class Philox {
  private static final int ROUNDS = 10;

  private Philox() {}

  /** A number from 0 to below 1, in steps of 2⁻²⁴. */
  static float number(long seed, long counter) {
    return (first((int) counter, (int) (counter >>> 32), (int) seed, (int) (seed >>> 32)) >>> 8)
        * 0x1p-24f;
  }

  /** The first of the four words; the counter's upper half is 0. */
  static int first(int counter0, int counter1, int seed0, int seed1) {
    int c0 = counter0;
    int c1 = counter1;
    int c2 = 0;
    int c3 = 0;
    int k0 = seed0;
    int k1 = seed1;
    for (int round = 0; round < ROUNDS; round++) {
      long p0 = (c0 & 0xFFFF_FFFFL) * 0xD251_1F53L;
      long p1 = (c2 & 0xFFFF_FFFFL) * 0xCD9E_8D57L;
      int next0 = (int) (p1 >>> 32) ^ c1 ^ k0;
      int next2 = (int) (p0 >>> 32) ^ c3 ^ k1;
      c1 = (int) p1;
      c3 = (int) p0;
      c0 = next0;
      c2 = next2;
      k0 += 0x9E37_79B9;
      k1 += 0xBB67_AE85;
    }
    return c0;
  }
}
