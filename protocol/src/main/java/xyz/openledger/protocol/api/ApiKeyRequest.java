package xyz.openledger.protocol.api;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;

/**
 * Issue an API key.
 *
 * @param name letters, digits, dots and dashes, 63 at most; no other key may have it
 * @param scopes such as {@code jobs:read}; those of the caller's own at most
 * @param limits absent for none
 */
public record ApiKeyRequest(String name, List<String> scopes, @Nullable KeyLimits limits) {
  private static final int SCOPES_MAX = 32;

  /** Checks that both are there. */
  public ApiKeyRequest {
    Check.text("name", Check.present("name", name), 63);
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw Check.refusal("name", "must be letters, digits, dots and dashes");
    }
    scopes = List.copyOf(Check.size("scopes", Check.present("scopes", scopes), 1, SCOPES_MAX));
  }
}
