package xyz.openledger.pools;

/**
 * The rows that score at most a margin below the best of all, in the order of ids. Kept until one
 * of them changes or another joins them, so that who asks again reads these few and no others.
 *
 * @param rows and their scores, side by side; none if there are more than {@link #MAX}
 */
record Leaders(int margin, int best, int[] rows, short[] scores) {
  /** More are found anew each time. */
  static final int MAX = 1_024;

  private static final int[] NO_ROWS = {};
  private static final short[] NO_SCORES = {};

  /** There are too many to keep. */
  static Leaders tooMany(int margin, int best) {
    return new Leaders(margin, best, NO_ROWS, NO_SCORES);
  }

  /** Whether a row that had one score and now has another, or another node, leaves them alone. */
  boolean outlast(short before, short after) {
    int worst = Math.max(0, best - margin);
    return before < worst && after < worst;
  }
}
