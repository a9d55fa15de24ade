package xyz.openledger.actors.keys;

import java.util.Set;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.KeyLimits;

/**
 * Who acts under a token, and within which limits. The token itself nobody keeps.
 *
 * @param name 1 to 63 characters; no other key has it
 * @param scopes such as {@code jobs:read}, at least one
 * @param token SHA-256 of the token, which has 256 random bits, so that no slow hash is needed
 * @param issuer the member that issued it, as {@code host:port}
 */
public record ApiKey(
    String name,
    TenantId tenant,
    Set<String> scopes,
    Digest token,
    KeyLimits limits,
    String issuer) {
  private static final int NAME_LETTERS_MAX = 63;
  private static final int SCOPES_MAX = 32;

  /** Checks the lengths, and keeps its own copy. */
  public ApiKey {
    Check.text("name", name, NAME_LETTERS_MAX);
    scopes = Set.copyOf(Check.size("scopes", scopes, 1, SCOPES_MAX));
  }
}
