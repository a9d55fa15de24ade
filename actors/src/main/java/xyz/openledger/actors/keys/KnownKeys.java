package xyz.openledger.actors.keys;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.member.Following;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

/**
 * What this member knows of the API keys. Asks twice a second which were issued and revoked since;
 * read from any thread. Who has not heard for {@link #DEAF_MAX} lets nobody in, since a key may
 * have been revoked meanwhile.
 */
public final class KnownKeys {
  /** How long what is known may be believed. */
  public static final Duration DEAF_MAX = Duration.ofSeconds(30);

  private final LongSupplier nanoTime;
  private final Map<Digest, ApiKey> byToken = new ConcurrentHashMap<>();
  private final Map<String, ApiKey> byName = new ConcurrentHashMap<>();
  private final CompletableFuture<Long> first = new CompletableFuture<>();
  private String origin = "";
  private volatile long revision;
  private volatile boolean whole;

  /** When the question was put whose answer left nothing more to ask. */
  private volatile long askedNanos;

  /** Nothing yet. */
  public KnownKeys() {
    this(System::nanoTime);
  }

  KnownKeys(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * The key of a token with that digest.
   *
   * @throws ProblemException {@code unavailable} if it cannot be known which keys are revoked
   */
  public Optional<ApiKey> find(Digest token) {
    requireFresh();
    return Optional.ofNullable(byToken.get(token));
  }

  /** The key of that name, in the same way. */
  public Optional<ApiKey> named(String name) {
    requireFresh();
    return Optional.ofNullable(byName.get(name));
  }

  /** Completes once all keys are known, as they were when this member began to ask. */
  public CompletionStage<Long> known() {
    return first;
  }

  /** How much is known. */
  public long revision() {
    return revision;
  }

  private void requireFresh() {
    if (!whole || nanoTime.getAsLong() - askedNanos > DEAF_MAX.toNanos()) {
      throw new ProblemException(
          Problem.UNAVAILABLE,
          "Authorization",
          "this member has not heard for %d s which keys are revoked; try again, or ask another"
              .formatted(DEAF_MAX.toSeconds()));
    }
  }

  /** What to ask next. */
  public KeyMessage.Since question(ActorRef<KeyMessage.Changes> replyTo) {
    return new KeyMessage.Since(revision, nanoTime.getAsLong(), replyTo);
  }

  /** Takes note of changes; answers whether there are more to ask for. */
  public synchronized boolean learn(KeyMessage.Changes changes) {
    boolean other = !origin.isEmpty() && !origin.equals(changes.origin());
    // A home that came back from an older copy of its disk knows less than it said before; an
    // answer that was overtaken does too, but was asked for earlier.
    boolean older = changes.revision() < revision && changes.mark() > askedNanos;
    if (other || older || (revision > 0 && revision < changes.forgotten())) {
      return beginAnew();
    }
    origin = changes.origin();
    for (KeyMessage.Change change : changes.changes()) {
      if (change.revision() > revision) {
        put(change.name(), change.key());
        revision = change.revision();
      }
    }
    boolean more = revision < changes.revision() && !changes.changes().isEmpty();
    if (!more) {
      askedNanos = whole ? Math.max(askedNanos, changes.mark()) : changes.mark();
      whole = true;
      first.complete(revision);
    }
    return more;
  }

  /** Another journal, or one that has forgotten what was revoked since. */
  private boolean beginAnew() {
    whole = false;
    origin = "";
    revision = 0;
    byToken.clear();
    byName.clear();
    return true;
  }

  private void put(String name, @Nullable ApiKey key) {
    ApiKey before = key == null ? byName.remove(name) : byName.put(name, key);
    if (before != null) {
      byToken.remove(before.token());
    }
    if (key != null) {
      byToken.put(key.token(), key);
    }
  }

  /** Keeps asking. */
  public Behavior<Object> follower(ActorRef<KeyMessage> keys) {
    return Following.of(KeyMessage.Changes.class, self -> keys.tell(question(self)), this::learn);
  }
}
