package xyz.openledger.nativekernels.strict;

/**
 * How a product's panels are shared out. Each thread takes one large part, because every part reads
 * the whole left matrix again; small parts follow, so that a thread that was asleep does fewer.
 *
 * @param panels at least 1
 * @param large panels of a large part, of which there are {@code threads} unless panels run out
 * @param small panels of each other part
 */
record Shares(int panels, int threads, int large, int small) {
  /** Of the panels, in large parts. */
  private static final double LARGE = 0.75;

  private static final int SMALL_PARTS_A_THREAD = 2;

  /** Two panels fill the widest tile. */
  private static final int TILE_PANELS = 2;

  static Shares of(int panels, int threads) {
    if (threads == 1) {
      return new Shares(panels, 1, panels, panels);
    }
    int large = tiles((int) (LARGE * panels / threads));
    int rest = Math.max(0, panels - large * threads);
    int parts = SMALL_PARTS_A_THREAD * threads;
    return new Shares(panels, threads, large, tiles((rest + parts - 1) / parts));
  }

  private static int tiles(int panels) {
    return Math.max(1, (panels + TILE_PANELS - 1) / TILE_PANELS) * TILE_PANELS;
  }

  /** How many parts there are. */
  int parts() {
    int parts = Math.min(threads, (panels + large - 1) / large);
    int rest = Math.max(0, panels - large * threads);
    return parts + (rest + small - 1) / small;
  }

  /** The first panel of a part; of the part after the last, how many panels there are. */
  int start(int part) {
    long start =
        (long) Math.min(part, threads) * large + (long) Math.max(0, part - threads) * small;
    return (int) Math.min(panels, start);
  }
}
