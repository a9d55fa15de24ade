package xyz.openledger.actors.files;

import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import xyz.openledger.actors.wire.Fitting;
import xyz.openledger.protocol.ProblemException;

/** Holds files and batches, durable. One in the cluster; what may happen {@link Shelf} decides. */
public final class FilesEntity
    extends EventSourcedBehavior<FilesMessage, FilesEvent, FilesEntity.State> {
  /** Under which its events are journaled. */
  public static final String PERSISTENCE_ID = "files";

  private final Clock clock;

  /** What there is. */
  record State(Shelf shelf) {}

  private FilesEntity(Clock clock) {
    super(PersistenceId.ofUniqueId(PERSISTENCE_ID));
    this.clock = clock;
  }

  /** The files and batches. */
  public static Behavior<FilesMessage> create(Clock clock) {
    return new FilesEntity(clock);
  }

  @Override
  public State emptyState() {
    return new State(new Shelf());
  }

  @Override
  public EventHandler<State, FilesEvent> eventHandler() {
    return (state, event) -> {
      state.shelf().apply(event);
      return state;
    };
  }

  @Override
  public CommandHandler<FilesMessage, FilesEvent, State> commandHandler() {
    return (state, message) -> {
      Shelf shelf = state.shelf();
      return switch (message) {
        case FilesMessage.Keep(var file, var replyTo) ->
            decide(replyTo, file.id(), () -> shelf.keep(file));
        case FilesMessage.Delete(var id, var tenant, var replyTo) ->
            decide(replyTo, id, () -> shelf.delete(id, tenant, clock.millis()));
        case FilesMessage.Begin(var batch, var replyTo) ->
            decide(replyTo, batch.id(), () -> shelf.begin(batch));
        case FilesMessage.Cancel(var id, var tenant, var replyTo) ->
            decide(replyTo, id, () -> shelf.cancel(id, tenant, clock.millis()));
        case FilesMessage.End(var id, var end, var replyTo) ->
            decide(replyTo, id, () -> shelf.end(id, end));
        case FilesMessage.Show(var tenant, var filesLeft, var batchesLeft, var replyTo) -> {
          replyTo.tell(
              page(shelf.filesOf(tenant), filesLeft, shelf.batchesOf(tenant), batchesLeft));
          yield Effect().none();
        }
        case FilesMessage.ShowGoing(var batchesLeft, var replyTo) -> {
          replyTo.tell(page(List.of(), 0, shelf.going(), batchesLeft));
          yield Effect().none();
        }
      };
    };
  }

  /** The newest of the oldest that are left, as many as fit; both lists are oldest first. */
  static FilesMessage.Shown page(
      List<StoredFile> files, int filesLeft, List<StoredBatch> batches, int batchesLeft) {
    List<StoredFile> asked = files.subList(0, Math.min(filesLeft, files.size()));
    List<StoredBatch> begun = batches.subList(0, Math.min(batchesLeft, batches.size()));
    long half = Fitting.BYTES_MAX / 2;
    List<StoredFile> shown = Fitting.of(asked.reversed(), StoredFile::bytesInMessage, half);
    List<StoredBatch> with = Fitting.of(begun.reversed(), StoredBatch::bytesInMessage, half);
    return new FilesMessage.Shown(
        shown, with, asked.size() - shown.size(), begun.size() - with.size());
  }

  private Effect<FilesEvent, State> decide(
      ActorRef<FilesMessage.Answer> replyTo, String id, Supplier<List<FilesEvent>> decision) {
    List<FilesEvent> events;
    try {
      events = decision.get();
    } catch (ProblemException refused) {
      replyTo.tell(
          new FilesMessage.Answer(
              refused.problem(), refused.field(), refused.detail(), null, null));
      return Effect().none();
    }
    return Effect()
        .persist(events)
        .thenRun(
            (State after) ->
                replyTo.tell(
                    new FilesMessage.Answer(
                        null, "", "", after.shelf().fileNamed(id), after.shelf().batchNamed(id))));
  }
}
