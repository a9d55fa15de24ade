package xyz.openledger.actors.view;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.query.Sequence;
import org.apache.pekko.persistence.query.javadsl.EventsByTagQuery;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;

/**
 * Keeps the views in step with the journal: reads its events by tag, in order, and writes what they
 * change together with how far it has read. After a crash it goes on where the views stand.
 */
public final class Projection {
  private static final int BATCH_MAX = 256;

  private final ViewStore store;
  private final EventsByTagQuery journal;

  /** What one tag's events change. */
  @FunctionalInterface
  public interface Change {
    /** Applies one event within the transaction. */
    void apply(ViewStore.Writing writing, Object event);
  }

  /** A running projection. */
  public record Running(UniqueKillSwitch stop, CompletionStage<Done> done) {}

  /** A projection of {@code journal} into {@code store}. */
  public Projection(ViewStore store, EventsByTagQuery journal) {
    this.store = store;
    this.journal = journal;
  }

  /**
   * Starts to follow one tag.
   *
   * @param committed is shown each batch of events after it has been committed
   */
  public Running follow(
      ActorSystem<?> system, String tag, Change change, Consumer<List<Object>> committed) {
    var running =
        journal
            .eventsByTag(tag, offset(tag))
            .viaMat(KillSwitches.single(), Keep.right())
            .batch(BATCH_MAX, first -> new ArrayList<>(List.of(first)), Projection::and)
            // Away from this stream: what arrives during one commit gathers for the next.
            .mapAsync(
                1,
                batch ->
                    CompletableFuture.supplyAsync(
                        () -> commit(tag, batch, change, committed), system.executionContext()))
            .toMat(Sink.ignore(), Keep.both())
            .run(system);
    return new Running(running.first(), running.second());
  }

  /** How far a tag has been read: the journal's offset, 0 for not at all. */
  public long position(String tag) {
    byte[] known = store.get(ViewStore.Table.OFFSETS, ViewStore.key(tag));
    return known == null ? 0 : ByteBuffer.wrap(known).getLong();
  }

  private Offset offset(String tag) {
    long position = position(tag);
    return position == 0 ? Offset.noOffset() : Offset.sequence(position);
  }

  private Done commit(
      String tag, List<EventEnvelope> batch, Change change, Consumer<List<Object>> committed) {
    var events = new ArrayList<Object>(batch.size());
    try (var writing = store.write()) {
      for (EventEnvelope envelope : batch) {
        change.apply(writing, envelope.event());
        events.add(envelope.event());
      }
      long last = ((Sequence) batch.getLast().offset()).value();
      writing.put(ViewStore.Table.OFFSETS, ViewStore.key(tag), ViewStore.number(last));
      writing.commit();
    }
    committed.accept(events);
    return Done.getInstance();
  }

  private static List<EventEnvelope> and(List<EventEnvelope> batch, EventEnvelope next) {
    batch.add(next);
    return batch;
  }

  /** Follows one tag from its first event on, for views in memory. */
  public Running followFromStart(ActorSystem<?> system, String tag, Consumer<Object> change) {
    var running =
        journal
            .eventsByTag(tag, Offset.noOffset())
            .viaMat(KillSwitches.single(), Keep.right())
            .map(
                envelope -> {
                  change.accept(envelope.event());
                  return Done.getInstance();
                })
            .toMat(Sink.ignore(), Keep.both())
            .run(system);
    return new Running(running.first(), running.second());
  }
}
