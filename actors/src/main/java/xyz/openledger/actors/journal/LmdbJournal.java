package xyz.openledger.actors.journal;

import com.typesafe.config.Config;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.japi.AsyncWriteJournal;
import org.jspecify.annotations.Nullable;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The journal plugin {@code openledger.journal.lmdb}. It serializes events here and leaves their
 * storing to {@link EventStore}; Pekko makes the only instance of an actor system.
 */
public final class LmdbJournal extends AsyncWriteJournal {
  /** The id of the plugin, which is also its configuration path. */
  public static final String PLUGIN_ID = "openledger.journal.lmdb";

  private final EventStore store;
  private final EventSerialization serialization;
  private final Executor readers;

  /** Opens the journal that {@code openledger.journal} describes. */
  public LmdbJournal(Config plugin) {
    var system = context().system();
    this.store = EmbeddedStores.of(system).events();
    this.serialization = new EventSerialization(system, store.directory().settings());
    this.readers = system.dispatchers().lookup(plugin.getString("replay-dispatcher"));
  }

  @Override
  public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(Iterable<AtomicWrite> writes) {
    var answers = new ArrayList<Optional<Exception>>();
    var accepted = new ArrayList<NewEvent>();
    String persistenceId = "";
    for (var write : writes) {
      persistenceId = write.persistenceId(); // one actor's, the same for all
      try {
        accepted.addAll(serialize(write));
        answers.add(Optional.empty());
      } catch (Exception rejection) {
        answers.add(Optional.of(rejection));
      }
    }
    return Answers.asScala(append(persistenceId, accepted).thenApply(_ -> answers));
  }

  /**
   * All of an actor's waiting writes go together: a later one is never stored without an earlier.
   */
  private CompletableFuture<@Nullable Void> append(String persistenceId, List<NewEvent> events) {
    return events.isEmpty()
        ? CompletableFuture.completedFuture(null)
        : store.append(persistenceId, events);
  }

  private List<NewEvent> serialize(AtomicWrite write) throws Exception {
    var events = new ArrayList<NewEvent>(write.size());
    for (var event : CollectionConverters.asJava(write.payload())) {
      events.add(serialization.toStored(event, "an event of " + write.persistenceId()));
    }
    return events;
  }

  @Override
  public Future<Void> doAsyncDeleteMessagesTo(String persistenceId, long toSequenceNumber) {
    return Answers.done(store.deleteTo(persistenceId, toSequenceNumber));
  }

  @Override
  public Future<Long> doAsyncReadHighestSequenceNr(String persistenceId, long from) {
    // A restarted actor may ask before what its predecessor wrote is stored: it waits for that.
    return Answers.asScala(
        store.settled().thenApplyAsync(_ -> store.highestSequenceNumber(persistenceId), readers));
  }

  @Override
  public Future<Void> doAsyncReplayMessages(
      String persistenceId, long from, long to, long max, Consumer<PersistentRepr> replay) {
    return Answers.asScala(
        CompletableFuture.runAsync(() -> replay(persistenceId, from, to, max, replay), readers));
  }

  private void replay(
      String persistenceId, long from, long to, long max, Consumer<PersistentRepr> replay) {
    var pages = store.eventsOf(persistenceId, from, to);
    long left = max;
    while (left > 0 && !pages.exhausted()) {
      var page = pages.next();
      for (var event : page.subList(0, (int) Math.min(left, page.size()))) {
        replay.accept(serialization.toEvent(event));
      }
      left -= page.size();
      if (page.isEmpty()) {
        return;
      }
    }
  }
}
