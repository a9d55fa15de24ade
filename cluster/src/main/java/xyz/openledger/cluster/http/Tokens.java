package xyz.openledger.cluster.http;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import xyz.openledger.actors.keys.ApiKey;
import xyz.openledger.cluster.http.api.KeysApi;
import xyz.openledger.cluster.http.api.Scope;
import xyz.openledger.protocol.Digest;

/**
 * Bearer tokens, of which the network keeps the SHA-256 alone: who reads its journal learns no
 * token. A token has 256 random bits, so that no slow hash is needed. Safe for many threads.
 *
 * @param issuer the member that issues, as {@code host:port}
 */
public record Tokens(KeysApi keys, String issuer) {
  /** What every token starts with. */
  public static final String PREFIX = "olt1-";

  private static final int SECRET_BYTES = 32;

  /** A token, which is shown by this answer alone, and its key. */
  public record Issued(String token, ApiKey key) {}

  /** Makes a token of a name that no key has. */
  CompletionStage<Issued> issue(Principal principal) {
    return issue(principal, false);
  }

  /** The same for the member itself: one of the same name that it issued before ends. */
  public CompletionStage<Issued> issueOwn(Principal principal) {
    return issue(principal, true);
  }

  private CompletionStage<Issued> issue(Principal principal, boolean byMember) {
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    String token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    var key =
        new ApiKey(
            principal.name(),
            principal.ownTenant(),
            principal.scopes().stream().map(Scope::word).collect(Collectors.toSet()),
            digest(token),
            principal.limits(),
            issuer);
    return keys.issue(key, byMember).thenApply(issued -> new Issued(token, issued));
  }

  /** Whose token it is. */
  public Optional<Principal> find(String token) {
    return keys.find(digest(token)).map(Tokens::principal);
  }

  /** The token of that name. */
  Optional<Principal> named(String name) {
    return keys.named(name).map(Tokens::principal);
  }

  /** Who acts under a key; scopes that a newer release has given it are of no use here. */
  static Principal principal(ApiKey key) {
    return new Principal(
        key.name(),
        key.tenant(),
        Arrays.stream(Scope.values())
            .filter(scope -> key.scopes().contains(scope.word()))
            .collect(Collectors.toSet()),
        key.limits());
  }

  /** What is kept of a token. */
  public static Digest digest(String token) {
    return Digest.of(token.getBytes(StandardCharsets.UTF_8));
  }
}
