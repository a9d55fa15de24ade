package xyz.openledger.actors.journal;

import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;
import org.apache.pekko.actor.ExtensionIdProvider;
import org.jspecify.annotations.Nullable;

/**
 * The stores of one actor system: opened when first asked for, shared by the plugins, and closed
 * when every actor has stopped, so that the next system may open them as soon as this one has
 * terminated.
 */
public final class EmbeddedStores implements Extension {
  private final ExtendedActorSystem system;
  private @Nullable EventStore events;
  private @Nullable StoredSnapshots snapshots;

  private EmbeddedStores(ExtendedActorSystem system) {
    this.system = system;
  }

  /**
   * Opens the stores that the system's configuration describes. The plugins do so when they are
   * first used; a member that does it at its start fails there, with a sentence, if a directory is
   * not usable.
   *
   * @throws JournalException.Unusable when a directory holds another format, or is in use
   */
  public static void open(ActorSystem system) {
    of(system).events();
    of(system).snapshots();
  }

  static EmbeddedStores of(ActorSystem system) {
    return Id.INSTANCE.get(system);
  }

  synchronized EventStore events() {
    var opened = events;
    if (opened == null) {
      opened =
          EventStore.open(StoreSettings.from(system.settings().config(), "openledger.journal"));
      events = opened;
      system.registerOnTermination(opened::close);
    }
    return opened;
  }

  synchronized StoredSnapshots snapshots() {
    var opened = snapshots;
    if (opened == null) {
      opened =
          StoredSnapshots.open(
              StoreSettings.from(system.settings().config(), "openledger.snapshots"));
      snapshots = opened;
      system.registerOnTermination(opened::close);
    }
    return opened;
  }

  private static final class Id extends AbstractExtensionId<EmbeddedStores>
      implements ExtensionIdProvider {
    private static final Id INSTANCE = new Id();

    @Override
    public Id lookup() {
      return INSTANCE;
    }

    @Override
    public EmbeddedStores createExtension(ExtendedActorSystem system) {
      return new EmbeddedStores(system);
    }
  }
}
