package xyz.openledger.cluster.member;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import xyz.openledger.cluster.http.PrivateFiles;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.protocol.keys.KeyFile;
import xyz.openledger.protocol.keys.Secp256k1Key;

/**
 * Which session key pays for which API key; and the session keys that are kept here, each in a file
 * of mode 0600. Safe for many threads.
 */
final class SessionKeys {
  private static final int ENTRIES_MAX = 10_000;

  /** The most keys of one tenant, so that none fills the list for the others. */
  static final int OF_TENANT_MAX = 64;

  private final Path folder;
  private final Path file;
  private List<Entry> entries;

  private SessionKeys(Path folder, Path file, List<Entry> entries) {
    this.folder = folder;
    this.file = file;
    this.entries = entries;
  }

  /** The file's form. */
  record Stored(int version, List<Entry> sessions) {}

  /** One session key of an API key. */
  record Entry(String apiKey, TenantId tenant, Address key) {}

  /** The keys below {@code keys}, the folder of a member's keys. */
  static SessionKeys open(Path keys) throws IOException {
    Path file = keys.resolve("sessions.json");
    if (!Files.exists(file)) {
      return new SessionKeys(keys.resolve("sessions"), file, List.of());
    }
    PrivateFiles.requirePrivate(file);
    List<Entry> entries = Json.read(Files.readAllBytes(file), Stored.class).sessions();
    return new SessionKeys(keys.resolve("sessions"), file, List.copyOf(entries));
  }

  /** All, oldest first. */
  synchronized List<Entry> entries() {
    return entries;
  }

  /** Those of an API key, or of all if it is empty; newest first. */
  List<Entry> of(TenantId tenant, String apiKey) {
    return entries().reversed().stream()
        .filter(entry -> entry.tenant().equals(tenant))
        .filter(entry -> apiKey.isEmpty() || entry.apiKey().equals(apiKey))
        .toList();
  }

  /**
   * Makes a session key for an API key, and keeps it.
   *
   * @param authorised whether the chain is known to have a key; one that it never got makes room
   */
  synchronized Entry make(TenantId tenant, String apiKey, Predicate<Address> authorised)
      throws IOException {
    makeRoom(tenant, apiKey, authorised);
    requireRoom(tenant);
    Secp256k1Key secret = Secp256k1Key.generate();
    Files.createDirectories(folder);
    KeyFile.save(path(secret.address()), secret);
    return add(new Entry(apiKey, tenant, secret.address()));
  }

  /**
   * Notes a session key that its owner keeps.
   *
   * @param authorised whether the chain is known to have a key; one that it never got makes room
   */
  synchronized Entry note(
      TenantId tenant, String apiKey, Address key, Predicate<Address> authorised)
      throws IOException {
    for (Entry known : entries) {
      if (known.key().equals(key)) {
        if (known.apiKey().equals(apiKey) && known.tenant().equals(tenant)) {
          return known;
        }
        throw new ProblemException(Problem.WRONG_STATE, "key", key + " serves another API key");
      }
    }
    makeRoom(tenant, apiKey, authorised);
    return add(new Entry(apiKey, tenant, key));
  }

  /**
   * Where a tenant has as many as it may, the oldest that nobody authorised is forgotten; its owner
   * may note it again. The newest of another API key stays: without any that would pay by what is
   * held in the books.
   */
  private void makeRoom(TenantId tenant, String apiKey, Predicate<Address> authorised)
      throws IOException {
    if (ofTenant(tenant) < OF_TENANT_MAX) {
      return;
    }
    for (Entry entry : entries) {
      if (entry.tenant().equals(tenant)
          && !authorised.test(entry.key())
          && (entry.apiKey().equals(apiKey)
              || !of(tenant, entry.apiKey()).getFirst().equals(entry))) {
        store(entries.stream().filter(other -> !other.equals(entry)).toList());
        return;
      }
    }
  }

  private long ofTenant(TenantId tenant) {
    return entries.stream().filter(entry -> entry.tenant().equals(tenant)).count();
  }

  /**
   * Drops keys that expired. The newest of an API key stays: without any it would pay by what is
   * held in the books.
   */
  synchronized void drop(Set<Address> expired) throws IOException {
    var newer = new HashSet<ApiKey>();
    var kept = new ArrayList<Entry>();
    for (Entry entry : entries.reversed()) {
      boolean newest = newer.add(new ApiKey(entry.tenant(), entry.apiKey()));
      if (newest || !expired.contains(entry.key())) {
        kept.add(entry);
      }
    }
    if (kept.size() < entries.size()) {
      store(kept.reversed());
    }
  }

  /** An API key has another name now; its session keys go with it. */
  synchronized void rename(TenantId tenant, String from, String to) throws IOException {
    List<Entry> renamed =
        entries.stream()
            .map(
                entry ->
                    entry.tenant().equals(tenant) && entry.apiKey().equals(from)
                        ? new Entry(to, tenant, entry.key())
                        : entry)
            .toList();
    if (!renamed.equals(entries)) {
      store(renamed);
    }
  }

  private record ApiKey(TenantId tenant, String name) {}

  /** The secret of a session key, if it is kept here. */
  Optional<Secp256k1Key> secret(Address key) {
    Path path = path(key);
    return Files.exists(path) ? Optional.of(KeyFile.secp256k1(path)) : Optional.empty();
  }

  private Entry add(Entry entry) throws IOException {
    requireRoom(entry.tenant());
    var more = new ArrayList<>(entries);
    more.add(entry);
    store(more);
    return entry;
  }

  private void requireRoom(TenantId tenant) {
    if (ofTenant(tenant) >= OF_TENANT_MAX) {
      throw new ProblemException(
          Problem.TOO_LARGE,
          "",
          "%d session keys of %s are known, the most that there may be"
              .formatted(OF_TENANT_MAX, tenant));
    }
    if (entries.size() >= ENTRIES_MAX) {
      throw new ProblemException(
          Problem.TOO_LARGE, "", "%d session keys are known".formatted(ENTRIES_MAX));
    }
  }

  private void store(List<Entry> now) throws IOException {
    PrivateFiles.write(file, Json.pretty(new Stored(1, now)).getBytes(StandardCharsets.UTF_8));
    entries = List.copyOf(now);
  }

  private Path path(Address key) {
    return folder.resolve(key.value() + ".pem");
  }
}
