package xyz.openledger.protocol.api;

import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.PoolId;

/**
 * A claim code.
 *
 * @param code {@code olc1-…}; holds the secret
 */
@Answer
public record Claim(String code, PoolId pool, Address owner, long expiresAtMillis) {
  /** Without the code, so that a log line gives nothing away. */
  @Override
  public String toString() {
    return "Claim[pool=" + pool + ", owner=" + owner + ", expiresAtMillis=" + expiresAtMillis + "]";
  }
}
