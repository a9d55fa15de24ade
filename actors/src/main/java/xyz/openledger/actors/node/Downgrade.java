package xyz.openledger.actors.node;

import xyz.openledger.actors.wire.MemberMessage;

/**
 * That a node performs at half of what it claims, or less.
 *
 * @param claimedStepsPerSecond by its benchmark
 * @param measuredStepsPerSecond the median of the last challenges
 */
public record Downgrade(long claimedStepsPerSecond, long measuredStepsPerSecond, long sinceMillis)
    implements MemberMessage {
  /** What its claimed speed is worth. */
  long believed(long claimedFuelPerSecond) {
    double part = (double) measuredStepsPerSecond / Math.max(1, claimedStepsPerSecond);
    return Math.clamp(Math.round(claimedFuelPerSecond * part), 1, claimedFuelPerSecond);
  }
}
