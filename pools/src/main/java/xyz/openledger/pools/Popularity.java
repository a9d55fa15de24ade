package xyz.openledger.pools;

/**
 * About how often each of very many things was asked for lately; never less than it was. Kept in
 * two counters a thing, which it shares with others, and halved again and again, so that what is
 * not asked for any more is forgotten.
 */
final class Popularity {
  private static final int COUNTERS = 1 << 12;
  private static final int HALVED_AFTER = 1 << 14;
  private static final int MIXER = 0x9e3779b9;

  private final int[] one = new int[COUNTERS];
  private final int[] other = new int[COUNTERS];
  private int asked;

  /** It is asked for once more; answers about how often it was. */
  int ask(Object thing) {
    if (++asked == HALVED_AFTER) {
      asked = 0;
      for (int i = 0; i < COUNTERS; i++) {
        one[i] /= 2;
        other[i] /= 2;
      }
    }
    int mixed = thing.hashCode() * MIXER;
    int first = mixed >>> (Integer.SIZE - Integer.numberOfTrailingZeros(COUNTERS));
    int second = mixed & (COUNTERS - 1);
    return Math.min(++one[first], ++other[second]);
  }
}
