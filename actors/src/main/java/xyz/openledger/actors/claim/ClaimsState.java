package xyz.openledger.actors.claim;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;

/** The last {@value #CLAIMS_MAX} claims. Mutable; changed by {@link #apply} alone. */
final class ClaimsState {
  static final int CLAIMS_MAX = 100_000;

  private final Map<Digest, Claim> claims =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, Claim> eldest) {
          return size() > CLAIMS_MAX;
        }
      };

  /**
   * One claim.
   *
   * @param spentBy null while it can be used
   */
  record Claim(PoolId pool, Address owner, long expiresAtMillis, @Nullable NodeId spentBy) {}

  ClaimsState apply(ClaimEvent event) {
    switch (event) {
      case ClaimEvent.Issued(var token, var pool, var owner, var expires) ->
          claims.put(token, new Claim(pool, owner, expires, null));
      case ClaimEvent.Spent(var token, var node, _) ->
          claims.computeIfPresent(
              token,
              (_, claim) -> new Claim(claim.pool(), claim.owner(), claim.expiresAtMillis(), node));
    }
    return this;
  }

  @Nullable Claim claim(Digest token) {
    return claims.get(token);
  }
}
