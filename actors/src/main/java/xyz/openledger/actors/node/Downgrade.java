package xyz.openledger.actors.node;

import xyz.openledger.actors.wire.MemberMessage;

/**
 * That a node performs at half of what it claims, or less.
 *
 * @param claimedPerSecond by its benchmark: steps of memory, or fuel within its quota
 * @param measuredPerSecond the median of the last challenges
 */
public record Downgrade(
    Measure measure, long claimedPerSecond, long measuredPerSecond, long sinceMillis)
    implements MemberMessage {
  /** Which part of its claim it does. */
  double part() {
    return (double) measuredPerSecond / Math.max(1, claimedPerSecond);
  }

  /** What its claimed speed is worth. */
  long believed(long claimedFuelPerSecond) {
    return Math.clamp(Math.round(claimedFuelPerSecond * part()), 1, claimedFuelPerSecond);
  }
}
