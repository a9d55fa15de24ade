package xyz.openledger.protocol.api;

import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.json.DecimalText;

/**
 * Slots to buy ahead, all or none.
 *
 * @param slots 1 to 1,000
 * @param periodMillis for how long, from now: a minute to 30 days
 * @param slotHourMaxNanoOpen the most that one slot may cost an hour
 */
public record ReservationRequest(
    int slots, long periodMillis, @DecimalText long slotHourMaxNanoOpen) {
  private static final long MONTH_MILLIS = 30 * 86_400_000L;
  private static final long NANO_OPEN_MAX = 1_000_000_000_000_000L;

  /** Checks the ranges. */
  public ReservationRequest {
    Check.range("slots", slots, 1, 1_000);
    Check.range("periodMillis", periodMillis, 60_000, MONTH_MILLIS);
    Check.range("slotHourMaxNanoOpen", slotHourMaxNanoOpen, 1, NANO_OPEN_MAX);
  }
}
