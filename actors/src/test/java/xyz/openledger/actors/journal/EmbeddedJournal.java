package xyz.openledger.actors.journal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.testkit.javadsl.TestKit;

/**
 * An actor system on the embedded journal in a directory of its own; closing it ends the system.
 */
final class EmbeddedJournal implements AutoCloseable {
  /** Machines that run many builds at once are slow; a test that passes never waits this long. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ActorSystem system;

  private EmbeddedJournal(ActorSystem system) {
    this.system = system;
  }

  static EmbeddedJournal in(Path directory) {
    return in(directory, "");
  }

  /** With further settings, which go before the usual ones. */
  static EmbeddedJournal in(Path directory, String settings) {
    return new EmbeddedJournal(ActorSystem.create("journal", config(directory, settings)));
  }

  static Config config(Path directory, String settings) {
    return ConfigFactory.parseString(settings)
        .withFallback(
            ConfigFactory.parseString(
                """
                pekko.loglevel = WARNING
                pekko.loggers = ["org.apache.pekko.event.slf4j.Slf4jLogger"]
                pekko.logging-filter = "org.apache.pekko.event.slf4j.Slf4jLoggingFilter"
                pekko.actor.provider = local
                pekko.coordinated-shutdown.exit-jvm = off
                pekko.persistence.journal.plugin = "openledger.journal.lmdb"
                pekko.persistence.snapshot-store.plugin = "openledger.snapshots.lmdb"
                openledger.journal.directory = "%1$s/journal"
                openledger.snapshots.directory = "%1$s/snapshots"
                openledger.journal.bytes-max = 64 MiB
                openledger.snapshots.bytes-max = 64 MiB
                """
                    .formatted(directory)))
        .withFallback(ConfigFactory.load());
  }

  ActorSystem system() {
    return system;
  }

  ActorRef journal() {
    return Persistence.get(system).journalFor(LmdbJournal.PLUGIN_ID, ConfigFactory.empty());
  }

  ActorRef snapshots() {
    return Persistence.get(system)
        .snapshotStoreFor(LmdbSnapshotStore.PLUGIN_ID, ConfigFactory.empty());
  }

  LmdbReadJournal queries() {
    return PersistenceQuery.get(system)
        .getReadJournalFor(LmdbReadJournal.class, LmdbReadJournal.IDENTIFIER);
  }

  EventStore store() {
    return EmbeddedStores.of(system).events();
  }

  /** Someone who talks to the plugins as a persistent actor does. */
  TestKit actor() {
    return new TestKit(system);
  }

  @Override
  public void close() {
    TestKit.shutdownActorSystem(system, scala.concurrent.duration.Duration.create("60s"), true);
  }
}
