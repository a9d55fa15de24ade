package xyz.openledger.actors.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.batch.Batcher;
import xyz.openledger.chainanchor.log.Appending;
import xyz.openledger.chainanchor.log.LogEvent;
import xyz.openledger.chainanchor.log.LogLeaf;
import xyz.openledger.chainanchor.log.LogView;
import xyz.openledger.chainanchor.log.ReceiptLog;
import xyz.openledger.protocol.keys.Ed25519Key;

/**
 * The {@link ReceiptLog}, durable. One in the cluster. Appends a whole batch in one write, and
 * keeps the view that others read in step with it.
 */
public final class ReceiptLogEntity
    extends EventSourcedBehavior<Batcher.Batch<LogMessage>, LogEvent, ReceiptLogEntity.State> {
  /** Under which the log's events are journaled. */
  public static final String PERSISTENCE_ID = "receipt-log";

  private static final int BATCH_MAX = 512;
  private static final int QUEUE_MAX = 100_000;

  /** Characters of documents in one event: it must stay below the journal's record-bytes-max. */
  private static final long DOCUMENTS_MAX = 200_000;

  private final String origin;
  private final LogView view;
  private final Ed25519Key key;

  /** Until what was durable at the start has been read again. */
  private boolean recovering = true;

  /**
   * The sequencer and its last checkpoint.
   *
   * @param sealed null before the first
   */
  record State(ReceiptLog log, LogEvent.@Nullable CheckpointSealed sealed) {}

  private ReceiptLogEntity(String origin, LogView view, Ed25519Key key) {
    super(PersistenceId.ofUniqueId(PERSISTENCE_ID));
    this.origin = origin;
    this.view = view;
    this.key = key;
  }

  /** The log behind its batcher. */
  public static Behavior<LogMessage> create(String origin, LogView view, Ed25519Key key) {
    return Batcher.create(
        LogMessage.class,
        // What does not fit is asked again by the job's partition.
        new Batcher.Limits<>(
            BATCH_MAX, ReceiptLogEntity::characters, DOCUMENTS_MAX, QUEUE_MAX, _ -> {}),
        (ActorContext<?> _) -> new ReceiptLogEntity(origin, view, key));
  }

  @Override
  public State emptyState() {
    return new State(new ReceiptLog(origin), null);
  }

  @Override
  public EventHandler<State, LogEvent> eventHandler() {
    return (state, event) -> {
      state.log().apply(event);
      // Before a new event is durable this handler has seen it already. A view that was told now
      // could survive a crash that the event does not, and answer for leaves that are nowhere.
      if (recovering) {
        view.apply(event);
      }
      return event instanceof LogEvent.CheckpointSealed sealed
          ? new State(state.log(), sealed)
          : state;
    };
  }

  @Override
  public SignalHandler<State> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), _ -> recovering = false)
        .build();
  }

  @Override
  public CommandHandler<Batcher.Batch<LogMessage>, LogEvent, State> commandHandler() {
    return (state, batch) -> {
      List<LogMessage.Append> appends = all(batch, LogMessage.Append.class);
      List<LogLeaf> leaves = appends.stream().map(LogMessage.Append::leaf).toList();
      Appending appending = state.log().append(leaves, view);
      List<LogMessage.Seal> seals = all(batch, LogMessage.Seal.class);
      List<LogEvent> events = new ArrayList<>();
      appending.event().ifPresent(events::add);
      if (!seals.isEmpty()) {
        seal(state.log(), events).ifPresent(events::add);
      }
      List<LogMessage.KeepCosigned> cosigned = sealed(state.log(), batch);
      cosigned.stream()
          .map(LogMessage.KeepCosigned::cosigned)
          .distinct()
          .filter(event -> event.size() > keptSize())
          .forEach(events::add);
      return (events.isEmpty() ? Effect().none() : Effect().persist(events))
          .thenRun(
              (State after) -> {
                events.forEach(view::apply);
                for (int i = 0; i < appends.size(); i++) {
                  answer(appends.get(i), appending.placements().get(i));
                }
                cosigned.forEach(
                    asked -> asked.replyTo().tell(new LogMessage.Cosigned(asked.cosigned())));
                seals.forEach(asked -> asked.replyTo().tell(new LogMessage.Sealed(after.sealed())));
                batch.doneTo().tell(Batcher.Done.INSTANCE);
              });
    };
  }

  /** What was cosigned of this log; of a longer one there is nothing to keep. */
  private static List<LogMessage.KeepCosigned> sealed(
      ReceiptLog log, Batcher.Batch<LogMessage> batch) {
    return all(batch, LogMessage.KeepCosigned.class).stream()
        .filter(asked -> asked.cosigned().size() <= log.sealedSize())
        .toList();
  }

  private long keptSize() {
    return view.lastCosigned().map(note -> note.checkpoint().size()).orElse(0L);
  }

  /** The checkpoint over what there is and what is being written. */
  private Optional<LogEvent.CheckpointSealed> seal(ReceiptLog log, List<LogEvent> events) {
    var after = new ReceiptLog(origin, log.range(), log.sealedSize());
    events.forEach(after::apply);
    return after.seal(key);
  }

  private static void answer(LogMessage.Append asked, Appending.Placement placement) {
    asked
        .replyTo()
        .tell(
            switch (placement) {
              case Appending.Placement.At(var index) ->
                  new LogMessage.Appended(asked.leaf().key(), index, false);
              case Appending.Placement.Conflicting(var index) ->
                  new LogMessage.Appended(asked.leaf().key(), index, true);
            });
  }

  private static long characters(LogMessage message) {
    return message instanceof LogMessage.Append append ? append.leaf().document().length() : 0;
  }

  private static <M extends LogMessage> List<M> all(
      Batcher.Batch<LogMessage> batch, Class<M> type) {
    return batch.messages().stream().filter(type::isInstance).map(type::cast).toList();
  }
}
