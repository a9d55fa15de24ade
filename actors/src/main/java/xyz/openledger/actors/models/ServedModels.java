package xyz.openledger.actors.models;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.member.Following;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;

/**
 * What this member knows of the catalogue. Asks twice a second for what has changed since; read
 * from any thread.
 */
public final class ServedModels {
  private final ConcurrentSkipListMap<String, ServedModel> models = new ConcurrentSkipListMap<>();

  /** Under how many names a model is served, the first one first. */
  private final Map<Digest, List<ServedModel>> byManifest = new ConcurrentHashMap<>();

  private final CompletableFuture<Long> first = new CompletableFuture<>();

  private volatile long revision;

  /** The model that is served under a name. */
  public Optional<ServedModel> find(String name) {
    return Optional.ofNullable(models.get(name));
  }

  /** A model that is served, by its manifest: as who published it first did. */
  public Optional<ServedModel> find(Digest manifest) {
    return Optional.ofNullable(byManifest.get(manifest)).map(List::getFirst);
  }

  /** Whom the first that publishes a model and names an owner has named; null if nobody has. */
  public @Nullable Address owner(Digest manifest) {
    return byManifest.getOrDefault(manifest, List.of()).stream()
        .map(ServedModel::owner)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** Under which licence the first that publishes a model and states one has it. */
  public Optional<String> licence(Digest manifest) {
    return byManifest.getOrDefault(manifest, List.of()).stream()
        .map(ServedModel::licence)
        .filter(Objects::nonNull)
        .findFirst();
  }

  /** Served models after a name, in the order of their names. */
  public List<ServedModel> after(String name, int max) {
    return models.tailMap(name, false).values().stream().limit(max).toList();
  }

  /** Completes once the whole catalogue is known, as it was when this member began to ask. */
  public CompletionStage<Long> known() {
    return first;
  }

  /** How much of the catalogue is known. */
  public long revision() {
    return revision;
  }

  /** Takes note of changes; answers whether there are more to ask for. */
  public synchronized boolean learn(CatalogueMessage.Changes changes) {
    for (CatalogueMessage.Change change : changes.changes()) {
      if (change.revision() <= revision) {
        // Known already, from an answer that overtook this one.
        continue;
      }
      ServedModel model = change.model();
      ServedModel before =
          model == null ? models.remove(change.name()) : models.put(change.name(), model);
      if (before != null) {
        byManifest.computeIfPresent(before.manifest(), (_, same) -> without(same, before));
      }
      if (model != null) {
        byManifest.merge(model.manifest(), List.of(model), ServedModels::inOrder);
      }
      revision = Math.max(revision, change.revision());
    }
    boolean more = revision < changes.revision() && !changes.changes().isEmpty();
    if (!more) {
      first.complete(revision);
    }
    return more;
  }

  private static @Nullable List<ServedModel> without(List<ServedModel> same, ServedModel gone) {
    List<ServedModel> left = same.stream().filter(model -> !model.equals(gone)).toList();
    return left.isEmpty() ? null : left;
  }

  private static List<ServedModel> inOrder(List<ServedModel> some, List<ServedModel> more) {
    return Stream.concat(some.stream(), more.stream())
        .sorted(Comparator.comparingLong(ServedModel::atMillis).thenComparing(ServedModel::name))
        .toList();
  }

  /** Keeps asking. */
  public Behavior<Object> follower(ActorRef<CatalogueMessage> catalogue) {
    return Following.of(
        CatalogueMessage.Changes.class,
        self -> catalogue.tell(new CatalogueMessage.Since(revision, self)),
        this::learn);
  }
}
