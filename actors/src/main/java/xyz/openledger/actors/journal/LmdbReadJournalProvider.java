package xyz.openledger.actors.journal;

import com.typesafe.config.Config;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.persistence.query.ReadJournalProvider;

/** Makes the {@link LmdbReadJournal} of an actor system; Pekko finds it by its configuration. */
public final class LmdbReadJournalProvider implements ReadJournalProvider {
  private final LmdbReadJournal readJournal;

  /** Opens the journal that {@code openledger.journal} describes. */
  public LmdbReadJournalProvider(ExtendedActorSystem system, Config plugin) {
    this.readJournal = new LmdbReadJournal(system, plugin.getString("reader-dispatcher"));
  }

  @Override
  public LmdbReadJournal javadslReadJournal() {
    return readJournal;
  }

  /** The Java queries; a Scala view of them is not offered. */
  @Override
  public org.apache.pekko.persistence.query.scaladsl.ReadJournal scaladslReadJournal() {
    return new org.apache.pekko.persistence.query.scaladsl.ReadJournal() {};
  }
}
