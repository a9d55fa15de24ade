package xyz.openledger.protocol.session;

import xyz.openledger.protocol.Check;

/**
 * A walk through the node's memory that the member wants walked now; see docs/verification.md.
 *
 * @param seed where it begins
 * @param steps how long it is
 */
public record CapacityAsk(long seed, int steps) {
  /** The longest walk. */
  public static final int STEPS_MAX = 1 << 30;

  /** Checks the range. */
  public CapacityAsk {
    Check.range("steps", steps, 1, STEPS_MAX);
  }
}
