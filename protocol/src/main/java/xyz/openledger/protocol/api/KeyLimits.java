package xyz.openledger.protocol.api;

import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.json.DecimalText;

/**
 * What an API key may do at most.
 *
 * @param spendCapNanoOpen what jobs under it may cost in all; absent for whatever the account has
 * @param requestsPerMinuteMax in a minute of the clock; absent for no bound of its own
 * @param expiresAtMillis when it ends by itself; absent for never
 */
public record KeyLimits(
    @DecimalText @Nullable Long spendCapNanoOpen,
    @Nullable Integer requestsPerMinuteMax,
    @Nullable Long expiresAtMillis) {
  /** No limits. */
  public static final KeyLimits NONE = new KeyLimits(null, null, null);

  private static final long NANO_OPEN_MAX = 1_000_000_000_000_000_000L;
  private static final int REQUESTS_MAX = 1_000_000;

  /** Checks the ranges. */
  public KeyLimits {
    if (spendCapNanoOpen != null) {
      Check.range("spendCapNanoOpen", spendCapNanoOpen, 1, NANO_OPEN_MAX);
    }
    if (requestsPerMinuteMax != null) {
      Check.range("requestsPerMinuteMax", requestsPerMinuteMax, 1, REQUESTS_MAX);
    }
    if (expiresAtMillis != null) {
      Check.range("expiresAtMillis", expiresAtMillis, 1, Long.MAX_VALUE);
    }
  }
}
