package xyz.openledger.actors.journal;

import com.typesafe.config.Config;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.snapshot.japi.SnapshotStore;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.concurrent.Future;

/**
 * The snapshot plugin {@code openledger.snapshots.lmdb}. A snapshot is durable when it is answered,
 * so that the events before it may be deleted.
 */
public final class LmdbSnapshotStore extends SnapshotStore {
  /** The id of the plugin, which is also its configuration path. */
  public static final String PLUGIN_ID = "openledger.snapshots.lmdb";

  private final StoredSnapshots store;
  private final EventSerialization serialization;
  private final Executor readers;

  /** Opens the store that {@code openledger.snapshots} describes. */
  public LmdbSnapshotStore(Config plugin) {
    var system = context().system();
    this.store = EmbeddedStores.of(system).snapshots();
    this.serialization = new EventSerialization(system, store.directory().settings());
    this.readers = system.dispatchers().lookup(plugin.getString("reader-dispatcher"));
  }

  @Override
  public Future<Optional<SelectedSnapshot>> doLoadAsync(
      String persistenceId, SnapshotSelectionCriteria criteria) {
    return Answers.asScala(
        store.settled().thenApplyAsync(_ -> load(persistenceId, criteria), readers));
  }

  private Optional<SelectedSnapshot> load(
      String persistenceId, SnapshotSelectionCriteria criteria) {
    var found = store.latest(persistenceId, selection(criteria));
    return Optional.ofNullable(found).map(this::selected);
  }

  private SelectedSnapshot selected(StoredEvent stored) {
    var metadata = stored.metadata();
    return SelectedSnapshot.apply(
        new SnapshotMetadata(
            stored.persistenceId(),
            stored.sequenceNumber(),
            stored.timestampMillis(),
            metadata == null ? Option.empty() : Option.apply(serialization.deserialize(metadata))),
        serialization.deserialize(stored.event()));
  }

  @Override
  public Future<Void> doSaveAsync(SnapshotMetadata metadata, Object snapshot) {
    try {
      return Answers.done(store.save(metadata.persistenceId(), toStored(metadata, snapshot)));
    } catch (Exception refusal) {
      return Answers.done(CompletableFuture.<@Nullable Void>failedFuture(refusal));
    }
  }

  private NewEvent toStored(SnapshotMetadata metadata, Object snapshot) throws Exception {
    var what = "a snapshot of " + metadata.persistenceId();
    var extra = metadata.metadata();
    return new NewEvent(
        metadata.sequenceNr(),
        metadata.timestamp(),
        "",
        "",
        List.of(),
        serialization.serialize(snapshot, what),
        extra.isDefined() ? serialization.serialize(extra.get(), what + " metadata") : null);
  }

  @Override
  public Future<Void> doDeleteAsync(SnapshotMetadata metadata) {
    // Pekko names a snapshot whose time it does not know by timestamp 0.
    long millis = metadata.timestamp();
    long number = metadata.sequenceNr();
    var one =
        new StoredSnapshots.Selection(
            number, number, millis, millis == 0 ? Long.MAX_VALUE : millis);
    return Answers.done(store.delete(metadata.persistenceId(), one));
  }

  @Override
  public Future<Void> doDeleteAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
    return Answers.done(store.delete(persistenceId, selection(criteria)));
  }

  private static StoredSnapshots.Selection selection(SnapshotSelectionCriteria criteria) {
    return new StoredSnapshots.Selection(
        criteria.minSequenceNr(),
        criteria.maxSequenceNr(),
        criteria.minTimestamp(),
        criteria.maxTimestamp());
  }
}
