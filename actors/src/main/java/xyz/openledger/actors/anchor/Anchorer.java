package xyz.openledger.actors.anchor;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.SnapshotAdapter;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.jspecify.annotations.Nullable;
import xyz.openledger.chainanchor.outbox.Action;
import xyz.openledger.chainanchor.outbox.Observation;
import xyz.openledger.chainanchor.outbox.Outbox;
import xyz.openledger.chainanchor.outbox.OutboxEvent;
import xyz.openledger.chainanchor.outbox.OutboxSettings;
import xyz.openledger.chainanchor.outbox.OutboxSnapshot;

/**
 * The {@link Outbox}, durable, with hands: polls the chain, writes down what that means, and
 * carries out what follows. One in the cluster, since one key sends. While the chain is away
 * nothing is lost: what is planned waits.
 *
 * <pre>
 *   tick ─▶ poll ─▶ observations ─▶ [events] ─▶ actions ─▶ chain ─▶ observations ─▶ …
 * </pre>
 */
public final class Anchorer extends EventSourcedBehavior<AnchorMessage, OutboxEvent, Outbox> {
  /** Under which the outbox's events are journaled. */
  public static final String PERSISTENCE_ID = "anchorer";

  /** Events; a call is about six of them on its way to a final block. */
  static final int SNAPSHOT_EVERY = 1_000;

  /** Actions in flight at once. */
  private static final int CARRYING_MAX = 16;

  private final ActorContext<AnchorMessage> context;
  private final OutboxSettings settings;
  private final Chain chain;
  private final Executor blocking;
  private final Clock clock;
  private final Set<Action> carrying = new HashSet<>();

  /** What failed last, so that one reason is told once. */
  private String lastFailure = "";

  private final StallNews stalls = new StallNews();
  private boolean polling;
  private boolean reachable;

  private Anchorer(
      ActorContext<AnchorMessage> context,
      OutboxSettings settings,
      Chain chain,
      Executor blocking,
      Clock clock) {
    super(PersistenceId.ofUniqueId(PERSISTENCE_ID));
    this.context = context;
    this.settings = settings;
    this.chain = chain;
    this.blocking = blocking;
    this.clock = clock;
  }

  /**
   * An anchorer.
   *
   * @param blocking where calls to the chain wait for their answers
   */
  public static Behavior<AnchorMessage> create(
      OutboxSettings settings, Chain chain, Duration poll, Executor blocking, Clock clock) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(AnchorMessage.Tick.INSTANCE, Duration.ZERO, poll);
                  return new Anchorer(context, settings, chain, blocking, clock);
                }));
  }

  @Override
  public Outbox emptyState() {
    return new Outbox(settings);
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY, 2);
  }

  @Override
  public SnapshotAdapter<Outbox> snapshotAdapter() {
    return new SnapshotAdapter<>() {
      @Override
      public Object toJournal(Outbox outbox) {
        return outbox.snapshot();
      }

      @Override
      public Outbox fromJournal(Object snapshot) {
        return Outbox.of(settings, (OutboxSnapshot) snapshot);
      }
    };
  }

  @Override
  public EventHandler<Outbox, OutboxEvent> eventHandler() {
    return (outbox, event) -> {
      outbox.apply(event);
      return outbox;
    };
  }

  @Override
  public CommandHandler<AnchorMessage, OutboxEvent, Outbox> commandHandler() {
    return (outbox, message) ->
        switch (message) {
          case AnchorMessage.Plan(var id, var intent) -> planned(outbox.plan(id, intent));
          case AnchorMessage.PlanAnchor(var size, var root) ->
              planned(outbox.planAnchor(size, root));
          case AnchorMessage.Retire(var id) -> planned(outbox.retire(id));
          case AnchorMessage.Polled polled -> polled(outbox, polled);
          case AnchorMessage.CarriedOut done -> carriedOut(outbox, done);
          case AnchorMessage.Tick _ -> {
            poll();
            yield Effect().none();
          }
          case AnchorMessage.ShowRow(var id, var replyTo) -> {
            var last = outbox.finalRow(id);
            replyTo.tell(
                new AnchorMessage.RowReply(
                    id,
                    outbox.row(id).or(() -> last).orElse(null),
                    last.isPresent(),
                    outbox.abandoned(id).orElse(null)));
            yield Effect().none();
          }
          case AnchorMessage.Show(var replyTo) -> {
            replyTo.tell(
                new AnchorMessage.Standing(
                    outbox.head().orElse(null),
                    reachable,
                    outbox.anchorProgress(),
                    outbox.anchorCost(),
                    outbox.rows(),
                    outbox.finalRows(),
                    outbox.stalls()));
            yield Effect().none();
          }
        };
  }

  private Effect<OutboxEvent, Outbox> polled(Outbox outbox, AnchorMessage.Polled polled) {
    polling = false;
    if (reachable == (polled.failure() != null)) {
      reachable = polled.failure() == null;
      context
          .getLog()
          .info(reachable ? "the chain answers" : "the chain is away: {}", polled.failure());
    }
    var events = new ArrayList<OutboxEvent>();
    for (Observation observation : polled.observations()) {
      events.addAll(outbox.observe(observation));
    }
    return write(events);
  }

  private Effect<OutboxEvent, Outbox> carriedOut(Outbox outbox, AnchorMessage.CarriedOut done) {
    carrying.remove(done.action());
    String failure = done.failure();
    if (failure != null && !failure.equals(lastFailure)) {
      context.getLog().warn("{} failed and is tried again: {}", done.action(), failure);
      lastFailure = failure;
    }
    Observation observation = done.observation();
    return write(observation == null ? List.of() : outbox.observe(observation));
  }

  /** What is planned already is said every second, and changes nothing. */
  private Effect<OutboxEvent, Outbox> planned(List<OutboxEvent> events) {
    return events.isEmpty() ? Effect().none() : write(events);
  }

  private Effect<OutboxEvent, Outbox> write(List<OutboxEvent> events) {
    return (events.isEmpty() ? Effect().none() : Effect().persist(events))
        .thenRun(
            outbox -> {
              stalls
                  .news(outbox.stalls())
                  .forEach((id, reason) -> context.getLog().warn("{} waits: {}", id, reason));
              act(outbox);
            });
  }

  private void act(Outbox outbox) {
    for (Action action : outbox.actions(clock.millis(), CARRYING_MAX - carrying.size())) {
      if (carrying.add(action)) {
        pipe(
            () -> chain.carryOut(action).orElse(null),
            (observation, failure) -> new AnchorMessage.CarriedOut(action, observation, failure));
      }
    }
  }

  private void poll() {
    if (!polling) {
      polling = true;
      pipe(
          chain::poll,
          (observations, failure) ->
              new AnchorMessage.Polled(observations == null ? List.of() : observations, failure));
    }
  }

  private interface Call<T> {
    @Nullable T call() throws IOException;
  }

  private interface Heard<T> {
    AnchorMessage message(@Nullable T answer, @Nullable String failure);
  }

  private <T> void pipe(Call<T> call, Heard<T> heard) {
    context.pipeToSelf(
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return heard.message(call.call(), null);
              } catch (IOException | RuntimeException failure) {
                return heard.message(null, String.valueOf(failure.getMessage()));
              }
            },
            blocking),
        (message, impossible) -> message == null ? heard.message(null, "stopped") : message);
  }
}
