package xyz.openledger.actors.models;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.models.CatalogueMessage.Change;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;

/**
 * The names that are served, each with the revision at which it changed last. What may happen to it
 * is decided here, without actors. Not thread-safe.
 */
final class Catalogue {
  /** The most names that are served at once. */
  static final int NAMES_MAX = 100_000;

  /**
   * Withdrawn names that are remembered, so that who follows hears of them; who follows asks twice
   * a second, and who starts anew needs none.
   */
  static final int WITHDRAWN_MAX = 10_000;

  /**
   * The most models whose first publisher is remembered, of all tenants and of one: about 200 bytes
   * each, for ever, since who names a model's owner must not be forgotten.
   */
  static final int PUBLISHED_MAX = 1_000_000;

  static final int PUBLISHED_BY_TENANT_MAX = 50_000;

  private final int publishedMax;
  private final int publishedByTenantMax;
  private final Map<String, Change> names = new HashMap<>();
  private final TreeMap<Long, String> byRevision = new TreeMap<>();
  private final LinkedHashSet<String> withdrawn = new LinkedHashSet<>();

  /**
   * Who published each model first, who alone names its owner and its licence: of all that the
   * journal names, since whoever withdraws a model has it no less for that.
   */
  private final Map<Digest, TenantId> publishers = new HashMap<>();

  /** How many of them each published. */
  private final Map<TenantId, Integer> published = new HashMap<>();

  private long revision;

  Catalogue() {
    this(PUBLISHED_MAX, PUBLISHED_BY_TENANT_MAX);
  }

  /** With other limits of how many models ever were published, by all and by one tenant. */
  Catalogue(int publishedMax, int publishedByTenantMax) {
    this.publishedMax = publishedMax;
    this.publishedByTenantMax = publishedByTenantMax;
  }

  /** What of these is new; refuses them all if one may not be. */
  List<CatalogueEvent> publish(List<ServedModel> models) {
    int added = 0;
    for (ServedModel model : models) {
      ServedModel served = served(model.name());
      if (served != null && !served.tenant().equals(model.tenant())) {
        throw new ProblemException(
            Problem.WRONG_STATE,
            "name",
            model.name() + " is served already, by another tenant; choose another name");
      }
      added += served == null ? 1 : 0;
    }
    if (names.size() - withdrawn.size() + added > NAMES_MAX) {
      throw new ProblemException(
          Problem.TOO_LARGE, "name", "the catalogue holds at most %d names".formatted(NAMES_MAX));
    }
    requireRoomForPublishers(models);
    return models.stream()
        .map(this::afterWhatIsServed)
        .map(this::ownedByItsPublisher)
        .filter(model -> !model.equals(served(model.name())))
        .<CatalogueEvent>map(CatalogueEvent.Published::new)
        .toList();
  }

  /** A tenant that publishes and withdraws for ever fills no memory, and not that of others. */
  private void requireRoomForPublishers(List<ServedModel> models) {
    var fresh = new HashMap<Digest, TenantId>();
    for (ServedModel model : models) {
      if (!publishers.containsKey(model.manifest())) {
        fresh.put(model.manifest(), model.tenant());
      }
    }
    for (TenantId tenant : Set.copyOf(fresh.values())) {
      int own = published.getOrDefault(tenant, 0) + Collections.frequency(fresh.values(), tenant);
      if (own > publishedByTenantMax || publishers.size() + fresh.size() > publishedMax) {
        throw new ProblemException(
            Problem.TOO_LARGE,
            "manifest",
            "%d models were ever published first by %s, %d by all; at most %d by one and %d by all may be: publish one of those again"
                .formatted(
                    published.getOrDefault(tenant, 0),
                    tenant,
                    publishers.size(),
                    publishedByTenantMax,
                    publishedMax));
      }
    }
  }

  /** What withdrawing a name means; nothing if it is not served. */
  Optional<CatalogueEvent> withdraw(String name, @Nullable TenantId tenant, long nowMillis) {
    ServedModel served = served(name);
    if (served == null || (tenant != null && !served.tenant().equals(tenant))) {
      throw new ProblemException(
          Problem.NOT_FOUND, "name", "no model %s of this tenant is served".formatted(name));
    }
    return Optional.of(new CatalogueEvent.Withdrawn(name, nowMillis));
  }

  /** Takes note of what happened. */
  void apply(CatalogueEvent event) {
    revision++;
    switch (event) {
      case CatalogueEvent.Published(var model) -> {
        if (publishers.putIfAbsent(model.manifest(), model.tenant()) == null) {
          published.merge(model.tenant(), 1, Integer::sum);
        }
        put(new Change(model.name(), ownedByItsPublisher(model), revision));
      }
      case CatalogueEvent.Withdrawn(var name, _) -> put(new Change(name, null, revision));
    }
  }

  /** The names that changed after a revision, the oldest change first. */
  List<Change> since(long after, int max) {
    return byRevision.tailMap(after, false).values().stream()
        .limit(max)
        .map(name -> Objects.requireNonNull(names.get(name)))
        .toList();
  }

  /** How many changes there were. */
  long revision() {
    return revision;
  }

  private void put(Change change) {
    Change before = names.put(change.name(), change);
    if (before != null) {
      byRevision.remove(before.revision());
    }
    byRevision.put(change.revision(), change.name());
    withdrawn.remove(change.name());
    if (change.model() == null) {
      withdrawn.add(change.name());
    }
    while (withdrawn.size() > WITHDRAWN_MAX) {
      String oldest = withdrawn.removeFirst();
      byRevision.remove(Objects.requireNonNull(names.remove(oldest)).revision());
    }
  }

  private @Nullable ServedModel served(String name) {
    Change change = names.get(name);
    return change == null ? null : change.model();
  }

  private ServedModel ownedByItsPublisher(ServedModel model) {
    TenantId publisher = publishers.getOrDefault(model.manifest(), model.tenant());
    return publisher.equals(model.tenant()) ? model : model.unowned();
  }

  /** Who publishes a model again does not come later by that. */
  private ServedModel afterWhatIsServed(ServedModel model) {
    ServedModel served = served(model.name());
    return served == null || !served.manifest().equals(model.manifest())
        ? model
        : model.after(served);
  }
}
