package xyz.openledger.protocol.client;

/**
 * How long to wait before trying again: twice as long each time, with jitter, so that many clients
 * of one member do not come back at once.
 *
 * @param firstMillis before the second attempt
 * @param maxMillis the longest wait of our own choice
 * @param askedMaxMillis the longest wait that a member may ask for by {@code Retry-After}
 */
public record Backoff(long firstMillis, long maxMillis, long askedMaxMillis) {
  /** 0.1 s, doubled up to 2 s; a member may ask for 10 s. */
  public static final Backoff DEFAULT = new Backoff(100, 2_000, 10_000);

  /**
   * The wait after attempt number {@code attempt}, in milliseconds.
   *
   * @param attempt 1 for the first
   * @param askedSeconds what {@code Retry-After} said; 0 if nothing
   * @param chance in [0, 1): our own wait is spread over its upper half
   */
  public long delayMillis(int attempt, long askedSeconds, double chance) {
    long own = Math.min(maxMillis, firstMillis << Math.min(attempt - 1, 20));
    long spread = own / 2 + (long) (own / 2.0 * chance);
    long asked = Math.min(askedMaxMillis, Math.max(0, Math.min(askedSeconds, 3_600)) * 1_000);
    return Math.max(spread, asked);
  }
}
