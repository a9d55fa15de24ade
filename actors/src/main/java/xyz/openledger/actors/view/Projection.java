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

  /**
   * A running projection.
   *
   * @param caughtUp completes once the views know all that stood in the journal when it was started
   */
  public record Running(
      UniqueKillSwitch stop, CompletionStage<Done> done, CompletionStage<Done> caughtUp) {}

  /** A projection of {@code journal} into {@code store}. */
  public Projection(ViewStore store, EventsByTagQuery journal) {
    this.store = store;
    this.journal = journal;
  }

  /**
   * Starts to follow one tag.
   *
   * @param committed is shown each batch of events after it has been committed
   * @param lastOffset of the tag's events in the journal; 0 if it has none
   */
  public Running follow(
      ActorSystem<?> system,
      String tag,
      Change change,
      Consumer<List<Object>> committed,
      long lastOffset) {
    var caughtUp = new CompletableFuture<Done>();
    reached(position(tag), lastOffset, caughtUp);
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
                        () -> {
                          long position = commit(tag, batch, change, committed);
                          reached(position, lastOffset, caughtUp);
                          return Done.getInstance();
                        },
                        system.executionContext()))
            .toMat(Sink.ignore(), Keep.both())
            .run(system);
    ended(running.second(), caughtUp);
    return new Running(running.first(), running.second(), caughtUp);
  }

  private static void reached(long position, long lastOffset, CompletableFuture<Done> caughtUp) {
    if (position >= lastOffset) {
      caughtUp.complete(Done.getInstance());
    }
  }

  /** Nobody waits for one that has stopped before it knew everything. */
  private static void ended(CompletionStage<Done> done, CompletableFuture<Done> caughtUp) {
    done.whenComplete(
        (_, failed) ->
            caughtUp.completeExceptionally(
                failed == null ? new IllegalStateException("the views were stopped") : failed));
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

  private long commit(
      String tag, List<EventEnvelope> batch, Change change, Consumer<List<Object>> committed) {
    var events = new ArrayList<Object>(batch.size());
    long last = ((Sequence) batch.getLast().offset()).value();
    try (var writing = store.write()) {
      for (EventEnvelope envelope : batch) {
        change.apply(writing, envelope.event());
        events.add(envelope.event());
      }
      writing.put(ViewStore.Table.OFFSETS, ViewStore.key(tag), ViewStore.number(last));
      writing.commit();
    }
    committed.accept(events);
    return last;
  }

  private static List<EventEnvelope> and(List<EventEnvelope> batch, EventEnvelope next) {
    batch.add(next);
    return batch;
  }

  /**
   * Follows one tag from its first event on, for views in memory.
   *
   * @param lastOffset of the tag's events in the journal; 0 if it has none
   */
  public Running followFromStart(
      ActorSystem<?> system, String tag, Consumer<Object> change, long lastOffset) {
    var caughtUp = new CompletableFuture<Done>();
    reached(0, lastOffset, caughtUp);
    var running =
        journal
            .eventsByTag(tag, Offset.noOffset())
            .viaMat(KillSwitches.single(), Keep.right())
            .map(
                envelope -> {
                  change.accept(envelope.event());
                  reached(((Sequence) envelope.offset()).value(), lastOffset, caughtUp);
                  return Done.getInstance();
                })
            .toMat(Sink.ignore(), Keep.both())
            .run(system);
    ended(running.second(), caughtUp);
    return new Running(running.first(), running.second(), caughtUp);
  }
}
