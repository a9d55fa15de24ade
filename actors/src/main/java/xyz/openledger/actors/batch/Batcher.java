package xyz.openledger.actors.batch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Stands in front of a durable actor and hands it messages in batches: while one batch is being
 * written, the next one gathers. Under load the batches grow and the cost of a write is shared; an
 * idle actor answers at once.
 *
 * <pre>
 *   message ─▶ ┌─────────┐  Batch(1..n)   ┌─────────┐
 *   message ─▶ │ batcher │ ─────────────▶ │ durable │
 *   message ─▶ │  queue  │ ◀───────────── │  actor  │
 *              └─────────┘      Done      └─────────┘
 * </pre>
 */
public final class Batcher {

  /** Messages to be handled by one write, in order; answer {@link Done} when it is durable. */
  public record Batch<M>(List<M> messages, ActorRef<Done> doneTo) {}

  /** The batch has been handled. */
  public enum Done {
    INSTANCE
  }

  /**
   * How much is taken on.
   *
   * @param batchMax messages of one batch at the most
   * @param weight what a message weighs, in bytes or whatever {@code weightMax} counts
   * @param weightMax a batch grows no further once it weighs this much
   * @param queueMax messages waiting at the most; what comes beyond is given to {@code overflow}
   */
  public record Limits<M>(
      int batchMax, ToLongFunction<M> weight, long weightMax, int queueMax, Consumer<M> overflow) {}

  private Batcher() {}

  /**
   * A batcher in front of the durable actor that {@code child} makes. If that actor stops, so does
   * the batcher.
   */
  public static <M> Behavior<M> create(
      Class<M> type, Limits<M> limits, Function<ActorContext<?>, Behavior<Batch<M>>> child) {
    return Behaviors.<Object>setup(
            context -> {
              ActorRef<Batch<M>> durable = context.spawn(child.apply(context), "durable");
              context.watch(durable);
              return new Queue<>(type, limits, durable, context.getSelf().narrow()).idle();
            })
        .narrow();
  }

  private static final class Queue<M> {
    private final Class<M> type;
    private final Limits<M> limits;
    private final ActorRef<Batch<M>> durable;
    private final ActorRef<Done> self;
    private final Deque<M> waiting = new ArrayDeque<>();

    Queue(Class<M> type, Limits<M> limits, ActorRef<Batch<M>> durable, ActorRef<Done> self) {
      this.type = type;
      this.limits = limits;
      this.durable = durable;
      this.self = self;
    }

    Behavior<Object> idle() {
      return Behaviors.receiveMessage(
          message -> {
            waiting.add(type.cast(message));
            send();
            return busy();
          });
    }

    Behavior<Object> busy() {
      return Behaviors.receiveMessage(
          message -> {
            if (message != Done.INSTANCE) {
              take(type.cast(message));
              return Behaviors.same();
            }
            if (waiting.isEmpty()) {
              return idle();
            }
            send();
            return Behaviors.same();
          });
    }

    private void take(M message) {
      if (waiting.size() < limits.queueMax()) {
        waiting.add(message);
      } else {
        limits.overflow().accept(message);
      }
    }

    private void send() {
      var batch = new ArrayList<M>(Math.min(waiting.size(), limits.batchMax()));
      long weight = 0;
      while (!waiting.isEmpty()
          && batch.size() < limits.batchMax()
          && weight < limits.weightMax()) {
        M next = waiting.remove();
        weight += limits.weight().applyAsLong(next);
        batch.add(next);
      }
      durable.tell(new Batch<>(List.copyOf(batch), self));
    }
  }
}
