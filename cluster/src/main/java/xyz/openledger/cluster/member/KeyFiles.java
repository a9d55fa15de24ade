package xyz.openledger.cluster.member;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xyz.openledger.actors.keys.ApiKey;
import xyz.openledger.actors.keys.KeyMessage;
import xyz.openledger.actors.keys.Reservation;
import xyz.openledger.cluster.http.PrivateFiles;
import xyz.openledger.cluster.http.api.Scope;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.KeyLimits;
import xyz.openledger.protocol.json.DecimalText;
import xyz.openledger.protocol.json.Json;

/**
 * The files in which a member of an earlier release kept its API keys and what they had spent. They
 * are moved into the journal at the first start, and stay behind as {@code tokens.json.moved}.
 */
final class KeyFiles {
  private static final Logger LOG = LoggerFactory.getLogger(KeyFiles.class);
  private static final int NAME_LETTERS_MAX = 63;

  private final Path folder;
  private final String issuer;

  private final SessionKeys sessions;

  KeyFiles(Path folder, String issuer, SessionKeys sessions) {
    this.sessions = sessions;
    this.folder = folder;
    this.issuer = issuer;
  }

  /** The form of {@code tokens.json}. */
  record Stored(int version, List<Entry> tokens) {}

  /** One key. */
  record Entry(
      String name, TenantId tenant, Set<Scope> scopes, Digest digest, @Nullable KeyLimits limits) {}

  /** A job that was not known to be over. */
  record Running(JobId job, @DecimalText long mostNanoOpen) {}

  /** What a key had spent. */
  record Spent(int version, @DecimalText long spentNanoOpen, List<Running> running) {}

  /** Where the keys go. */
  interface Destination {
    /** The key of that name. */
    Optional<ApiKey> named(String name);

    /** Issues a key, with what it had spent; one that is issued already changes nothing. */
    CompletionStage<ApiKey> move(ApiKey key, KeyMessage.Spending spent);
  }

  /** Moves what is there; nothing if it is moved already. Waits for the disk. */
  void move(Destination keys) throws IOException {
    Path file = folder.resolve("tokens.json");
    if (!Files.exists(file)) {
      return;
    }
    PrivateFiles.requirePrivate(file);
    List<Entry> entries = Json.read(Files.readAllBytes(file), Stored.class).tokens();
    for (Entry entry : entries) {
      move(keys, entry);
    }
    Files.move(file, folder.resolve("tokens.json.moved"), StandardCopyOption.REPLACE_EXISTING);
    LOG.info("{} API keys of {} are in the journal now, for all members", entries.size(), file);
  }

  private void move(Destination keys, Entry entry) throws IOException {
    KeyMessage.Spending spent = spent(entry.name());
    ApiKey key = key(entry, entry.name());
    Optional<ApiKey> known = keys.named(entry.name());
    if (known.isPresent() && !known.get().token().equals(key.token())) {
      String suffix = "-" + entry.digest().hex().substring(0, 8);
      String free =
          entry
                  .name()
                  .substring(0, Math.min(entry.name().length(), NAME_LETTERS_MAX - suffix.length()))
              + suffix;
      LOG.warn("another member has a key {}; this one's is called {} now", entry.name(), free);
      key = key(entry, free);
    }
    try {
      keys.move(key, spent).toCompletableFuture().join();
    } catch (CompletionException refused) {
      throw new IOException(
          "the API key %s cannot be moved into the journal: %s"
              .formatted(
                  entry.name(),
                  Objects.requireNonNullElse(refused.getCause(), refused).getMessage()),
          refused);
    }
    if (!key.name().equals(entry.name())) {
      sessions.rename(entry.tenant(), entry.name(), key.name());
    }
  }

  private ApiKey key(Entry entry, String name) {
    return new ApiKey(
        name,
        entry.tenant(),
        entry.scopes().stream().map(Scope::word).collect(Collectors.toSet()),
        entry.digest(),
        entry.limits() == null ? KeyLimits.NONE : entry.limits(),
        issuer);
  }

  private KeyMessage.Spending spent(String name) throws IOException {
    String hash = Digest.of(name.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 32);
    Path file = folder.resolve("spending").resolve(hash + ".json");
    if (!Files.exists(file)) {
      return new KeyMessage.Spending(0, List.of());
    }
    Spent spent = Json.read(Files.readAllBytes(file), Spent.class);
    return new KeyMessage.Spending(
        spent.spentNanoOpen(),
        spent.running().stream()
            .map(one -> new Reservation(one.job(), one.mostNanoOpen()))
            .toList());
  }
}
