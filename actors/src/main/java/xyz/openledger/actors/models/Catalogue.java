package xyz.openledger.actors.models;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.models.CatalogueMessage.Change;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;

/**
 * The names that are served, each with the revision at which it changed last. What may happen to it
 * is decided here, without actors. Not thread-safe.
 */
final class Catalogue {
  /** The most names, withdrawn ones included. */
  static final int NAMES_MAX = 100_000;

  private final Map<String, Change> names = new HashMap<>();
  private final TreeMap<Long, String> byRevision = new TreeMap<>();
  private long revision;

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
      added += names.containsKey(model.name()) ? 0 : 1;
    }
    if (names.size() + added > NAMES_MAX) {
      throw new ProblemException(
          Problem.TOO_LARGE, "name", "the catalogue holds at most %d names".formatted(NAMES_MAX));
    }
    return models.stream()
        .filter(model -> !isServed(model))
        .<CatalogueEvent>map(CatalogueEvent.Published::new)
        .toList();
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
      case CatalogueEvent.Published(var model) -> put(new Change(model.name(), model, revision));
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
  }

  private @Nullable ServedModel served(String name) {
    Change change = names.get(name);
    return change == null ? null : change.model();
  }

  private boolean isServed(ServedModel model) {
    ServedModel served = served(model.name());
    return served != null && served.manifest().equals(model.manifest());
  }
}
