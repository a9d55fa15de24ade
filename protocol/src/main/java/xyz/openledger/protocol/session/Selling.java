package xyz.openledger.protocol.session;

import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Price;

/**
 * What of a machine is for sale beside its on-demand slots, and the least it takes. Seen by the
 * member alone.
 *
 * @param reservationNanoOpenPerGigafuel the least it takes on the spot: below that it stays idle
 * @param spotSlots how many of its slots may run spot work at once
 * @param reservedSlots how many of its slots may be bought ahead at once
 * @param reservedNanoOpenPerSlotHour the least it takes for keeping a slot for somebody, by the
 *     hour
 */
public record Selling(
    long reservationNanoOpenPerGigafuel,
    int spotSlots,
    int reservedSlots,
    long reservedNanoOpenPerSlotHour) {
  /** Neither spot nor reserved. */
  public static final Selling NOTHING = new Selling(0, 0, 0, 0);

  /** The most a slot may cost an hour: with it, 30 days of a slot are still a legal price. */
  public static final long NANO_OPEN_PER_SLOT_HOUR_MAX = 100_000_000_000L;

  /** Checks the ranges. */
  public Selling {
    Check.range(
        "reservationNanoOpenPerGigafuel",
        reservationNanoOpenPerGigafuel,
        0,
        Price.NANO_OPEN_PER_GIGAFUEL_MAX);
    Check.range("spotSlots", spotSlots, 0, Terms.SLOTS_MAX);
    Check.range("reservedSlots", reservedSlots, 0, Terms.SLOTS_MAX);
    Check.range(
        "reservedNanoOpenPerSlotHour",
        reservedNanoOpenPerSlotHour,
        reservedSlots == 0 ? 0 : 1,
        NANO_OPEN_PER_SLOT_HOUR_MAX);
  }
}
