package xyz.openledger.protocol.api;

import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Check;

/**
 * Lets one machine join a pool.
 *
 * @param pool its id, or a prefix of it
 * @param owner whom the machine's earnings go to
 * @param ttlSeconds how long the code is good; 1 to {@value #TTL_SECONDS_MAX}
 */
public record ClaimRequest(String pool, Address owner, Integer ttlSeconds) {
  /** The longest a code is good. */
  public static final int TTL_SECONDS_MAX = 900;

  /** Checks the ranges; the longest time if it was left out. */
  public ClaimRequest(
      @Nullable String pool, @Nullable Address owner, @Nullable Integer ttlSeconds) {
    this.pool = Check.text("pool", pool, 31);
    this.owner = Check.present("owner", owner);
    this.ttlSeconds =
        ttlSeconds == null
            ? TTL_SECONDS_MAX
            : (Integer) Check.range("ttlSeconds", ttlSeconds.intValue(), 1, TTL_SECONDS_MAX);
  }
}
