package xyz.openledger.protocol.api;

import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.TenantId;

/**
 * A quota to set, or to take away.
 *
 * @param tenant absent for all that have no quota of their own
 * @param guaranteed slots that are its own; absent to take the quota away
 * @param max how many it may use, those included that it borrows; {@code guaranteed} if absent
 * @param lend how many of its own others may use while it leaves them free; 0 if absent
 * @param weight how much it counts where shares are compared, 1 to 1,000; 1 if absent
 */
public record PoolQuotaChange(
    @Nullable TenantId tenant,
    @Nullable Integer guaranteed,
    @Nullable Integer max,
    @Nullable Integer lend,
    @Nullable Integer weight) {
  /** The most slots of a quota. */
  public static final int SLOTS_MAX = 10_000_000;

  /** Checks the ranges, and that nothing is said of a quota that is taken away. */
  public PoolQuotaChange {
    if (guaranteed == null) {
      absent("max", max);
      absent("lend", lend);
      absent("weight", weight);
    } else {
      Check.range("guaranteed", guaranteed.intValue(), 0, SLOTS_MAX);
      if (max != null) {
        Check.range("max", max.intValue(), guaranteed, SLOTS_MAX);
      }
      if (lend != null) {
        Check.range("lend", lend.intValue(), 0, guaranteed);
      }
      if (weight != null) {
        Check.range("weight", weight.intValue(), 1, 1_000);
      }
    }
  }

  private static void absent(String field, @Nullable Integer value) {
    if (value != null) {
      throw Check.refusal(field, "belongs to a quota; say guaranteed as well");
    }
  }
}
