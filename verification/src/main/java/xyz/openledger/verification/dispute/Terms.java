package xyz.openledger.verification.dispute;

/**
 * What a dispute may take, and what it costs to lose one.
 *
 * @param sideMillis all answers of one side together
 * @param bondNanoOpen what each side puts up to enter the first level; it doubles at each of the
 *     three, so that whoever drags on a lost dispute pays for the other's work
 */
public record Terms(long sideMillis, long bondNanoOpen) {
  /** Checks the ranges. */
  public Terms {
    if (sideMillis < 1 || bondNanoOpen < 0 || bondNanoOpen > Long.MAX_VALUE / 8) {
      throw new IllegalArgumentException("time and bond must be sensible");
    }
  }

  /** What a side has put up once the dispute has come to a level, 0 to 2. */
  long staked(int level) {
    return bondNanoOpen * ((2L << level) - 1);
  }
}
