package xyz.openledger.verification.dispute;

/**
 * A chess clock: a side's time runs while its answer is awaited, over all rounds together.
 *
 * @param sinceMillis when the round began
 */
public record Clocks(long claimantLeftMillis, long challengerLeftMillis, long sinceMillis) {

  long left(Side side, long nowMillis) {
    long left = side == Side.CLAIMANT ? claimantLeftMillis : challengerLeftMillis;
    return left - Math.max(0, nowMillis - sinceMillis);
  }

  /** The clocks after a side has answered. */
  Clocks answered(Side side, long nowMillis) {
    return side == Side.CLAIMANT
        ? new Clocks(left(side, nowMillis), challengerLeftMillis, sinceMillis)
        : new Clocks(claimantLeftMillis, left(side, nowMillis), sinceMillis);
  }

  Clocks nextRound(long nowMillis) {
    return new Clocks(claimantLeftMillis, challengerLeftMillis, nowMillis);
  }
}
