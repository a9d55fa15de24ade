package xyz.openledger.actors.models;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import xyz.openledger.protocol.Digest;

/**
 * What this member knows of the catalogue. Asks twice a second for what has changed since; read
 * from any thread.
 */
public final class ServedModels {
  private static final Duration INTERVAL = Duration.ofMillis(500);

  private final ConcurrentSkipListMap<String, ServedModel> models = new ConcurrentSkipListMap<>();
  private final Map<Digest, ServedModel> byManifest = new ConcurrentHashMap<>();
  private volatile long revision;

  private enum Ask {
    NOW
  }

  /** The model that is served under a name. */
  public Optional<ServedModel> find(String name) {
    return Optional.ofNullable(models.get(name));
  }

  /** A model that is served, by its manifest. */
  public Optional<ServedModel> find(Digest manifest) {
    return Optional.ofNullable(byManifest.get(manifest));
  }

  /** Served models after a name, in the order of their names. */
  public List<ServedModel> after(String name, int max) {
    return models.tailMap(name, false).values().stream().limit(max).toList();
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
        byManifest.remove(before.manifest(), before);
      }
      if (model != null) {
        byManifest.put(model.manifest(), model);
      }
      revision = Math.max(revision, change.revision());
    }
    return revision < changes.revision() && !changes.changes().isEmpty();
  }

  /** Keeps asking. */
  public Behavior<Object> follower(ActorRef<CatalogueMessage> catalogue) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  ActorRef<CatalogueMessage.Changes> self = context.getSelf().narrow();
                  Runnable ask = () -> catalogue.tell(new CatalogueMessage.Since(revision, self));
                  ask.run();
                  timers.startTimerWithFixedDelay(Ask.NOW, INTERVAL);
                  return Behaviors.receive(Object.class)
                      .onMessage(
                          CatalogueMessage.Changes.class,
                          changes -> {
                            if (learn(changes)) {
                              ask.run();
                            }
                            return Behaviors.same();
                          })
                      .onMessage(
                          Ask.class,
                          _ -> {
                            ask.run();
                            return Behaviors.same();
                          })
                      .build();
                }));
  }
}
