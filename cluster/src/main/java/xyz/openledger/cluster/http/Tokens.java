package xyz.openledger.cluster.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import xyz.openledger.cluster.http.api.Scope;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.KeyLimits;
import xyz.openledger.protocol.json.Json;

/**
 * Bearer tokens, kept as SHA-256 alone: who reads the file learns no token. A token has 256 random
 * bits, so that no slow hash is needed. Safe for many threads.
 */
public final class Tokens {
  /** What every token starts with. */
  public static final String PREFIX = "olt1-";

  private static final int SECRET_BYTES = 32;
  private static final int TOKENS_MAX = 10_000;

  /** The most keys that a tenant issues, so that none fills the list for the others. */
  static final int OF_TENANT_MAX = 64;

  private final Path file;
  private final Map<Digest, Principal> principals = new ConcurrentHashMap<>();

  private Tokens(Path file) {
    this.file = file;
  }

  /** The file's form. */
  record Stored(int version, List<Entry> tokens) {}

  /** One token. */
  record Entry(
      String name, TenantId tenant, Set<Scope> scopes, Digest digest, @Nullable KeyLimits limits) {}

  /**
   * Reads the tokens of {@code file}; none, if there is no file yet.
   *
   * @param file such as {@code .openledger/keys/tokens.json}
   * @throws xyz.openledger.protocol.ProblemException {@code invalid-request} if it is damaged
   */
  public static Tokens open(Path file) throws IOException {
    var tokens = new Tokens(file);
    if (Files.exists(file)) {
      PrivateFiles.requirePrivate(file);
      for (Entry entry : Json.read(Files.readAllBytes(file), Stored.class).tokens()) {
        tokens.principals.put(
            entry.digest(),
            new Principal(
                entry.name(),
                entry.tenant(),
                entry.scopes(),
                entry.limits() == null ? KeyLimits.NONE : entry.limits()));
      }
    }
    return tokens;
  }

  /**
   * Makes a token, which is shown by this answer alone. One of the same name ceases to be valid.
   *
   * @param name 1 to 63 characters
   */
  public synchronized String issue(String name, TenantId tenant, Set<Scope> scopes)
      throws IOException {
    return issue(new Principal(name, tenant, scopes));
  }

  /**
   * Makes a token of a name that none has.
   *
   * @throws ProblemException {@code wrong-state} if there is one, or the tenant has too many
   */
  synchronized String issueAnother(Principal principal) throws IOException {
    if (named(principal.name()).isPresent()) {
      throw new ProblemException(
          Problem.WRONG_STATE,
          "name",
          "there is a key %s already; revoke it first, or choose another name"
              .formatted(principal.name()));
    }
    if (of(principal.ownTenant()).size() >= OF_TENANT_MAX) {
      throw new ProblemException(
          Problem.TOO_LARGE,
          "name",
          "%d keys are issued already; revoke one".formatted(OF_TENANT_MAX));
    }
    return issue(principal);
  }

  /** The tokens of a tenant, by their names. */
  List<Principal> of(TenantId tenant) {
    return principals.values().stream()
        .filter(principal -> tenant.equals(principal.tenant()))
        .sorted(Comparator.comparing(Principal::name))
        .toList();
  }

  /** The token of that name. */
  Optional<Principal> named(String name) {
    return principals.values().stream()
        .filter(principal -> principal.name().equals(name))
        .findAny();
  }

  /** Where these are kept. */
  Path folder() {
    return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file lies in a folder");
  }

  private String issue(Principal principal) throws IOException {
    String name = principal.name();
    Set<Scope> scopes = principal.scopes();
    Check.text("name", name, 63);
    Check.size("scopes", scopes, 1, Scope.values().length);
    Check.range("tokens", principals.size(), 0, TOKENS_MAX - 1);
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    String token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    principals.values().removeIf(known -> known.name().equals(name));
    principals.put(digest(token), principal);
    save();
    return token;
  }

  /** Makes the token of that name invalid; answers whether there was one. */
  public synchronized boolean revoke(String name) throws IOException {
    boolean removed = principals.values().removeIf(principal -> principal.name().equals(name));
    if (removed) {
      save();
    }
    return removed;
  }

  /** Whose token it is. */
  public Optional<Principal> find(String token) {
    return Optional.ofNullable(principals.get(digest(token)));
  }

  private void save() throws IOException {
    var entries =
        principals.entrySet().stream()
            .map(
                entry ->
                    new Entry(
                        entry.getValue().name(),
                        entry.getValue().ownTenant(),
                        entry.getValue().scopes(),
                        entry.getKey(),
                        entry.getValue().limits().equals(KeyLimits.NONE)
                            ? null
                            : entry.getValue().limits()))
            .toList();
    PrivateFiles.write(file, Json.pretty(new Stored(1, entries)).getBytes(StandardCharsets.UTF_8));
  }

  private static Digest digest(String token) {
    return Digest.of(token.getBytes(StandardCharsets.UTF_8));
  }
}
