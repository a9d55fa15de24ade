package xyz.openledger.actors.tuning;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.member.Home;
import xyz.openledger.actors.tuning.TuningMessage.Answer;
import xyz.openledger.pools.EpochSecret;
import xyz.openledger.pools.SegmentDraw;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.TuningId;

/**
 * Keeps trainings going, durable. One in the cluster. What comes next {@link TuningRules} decides:
 * this writes it down, has it done, and asks how it went until it is over. A job is written down
 * before it is submitted, under a name of its own; so after a crash it is found, not paid again.
 */
public final class TuningEntity
    extends EventSourcedBehavior<TuningMessage, TuningEvent, TuningRuns> {
  /** Under which its events are journaled. */
  public static final String PERSISTENCE_ID = "trainings";

  private static final Duration TICK = Duration.ofMillis(250);

  private final ActorContext<TuningMessage> context;
  private final EpochSecret secret;
  private final TuningWork work;
  private final Clock clock;

  /** What was asked and not answered yet: an order's serial, or that of none for publishing. */
  private final Set<Asking> asking = new HashSet<>();

  private final TuningStops stops = new TuningStops();

  private record Asking(TuningId run, int serial) {
    static final int PUBLISH = -1;
  }

  private TuningEntity(
      ActorContext<TuningMessage> context, EpochSecret secret, TuningWork work, Clock clock) {
    super(PersistenceId.ofUniqueId(PERSISTENCE_ID));
    this.context = context;
    this.secret = secret;
    this.work = work;
    this.clock = clock;
  }

  /** The trainings. */
  public static Behavior<TuningMessage> create(EpochSecret secret, TuningWork work, Clock clock) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(TuningMessage.Tick.INSTANCE, TICK);
                  return new TuningEntity(context, secret, work, clock);
                }));
  }

  /** The one of a cluster. */
  public static ActorRef<TuningMessage> start(
      ActorSystem<?> system, EpochSecret secret, TuningWork work, Clock clock) {
    return Home.singleton(
        system,
        PERSISTENCE_ID,
        Behaviors.supervise(create(secret, work, clock))
            .onFailure(
                SupervisorStrategy.restartWithBackoff(
                    Duration.ofMillis(200), Duration.ofSeconds(10), 0.2)));
  }

  @Override
  public TuningRuns emptyState() {
    return new TuningRuns();
  }

  @Override
  public EventHandler<TuningRuns, TuningEvent> eventHandler() {
    return (runs, event) -> {
      runs.apply(event);
      return runs;
    };
  }

  @Override
  public SignalHandler<TuningRuns> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), runs -> runs.over().forEach(stops::want))
        .build();
  }

  @Override
  public CommandHandler<TuningMessage, TuningEvent, TuningRuns> commandHandler() {
    return (runs, message) ->
        switch (message) {
          case TuningMessage.Start start ->
              decide(
                  start.run(),
                  start.tenant(),
                  start.replyTo(),
                  () -> runs.start(start, clock.millis()));
          case TuningMessage.Cancel(var run, var tenant, var replyTo) -> {
            yield decide(run, tenant, replyTo, () -> runs.cancel(run, tenant, clock.millis()))
                .thenRun(after -> stop(after.run(run)));
          }
          case TuningMessage.Show(var run, var tenant, var replyTo) ->
              decide(run, tenant, replyTo, List::of);
          case TuningMessage.Page(var tenant, var after, var max, var replyTo) -> {
            replyTo.tell(
                new TuningMessage.Listed(
                    runs.page(tenant, after, Math.min(max, TuningMessage.BATCH_MAX)).stream()
                        .map(run -> TuningWords.view(run, work))
                        .toList()));
            yield Effect().none();
          }
          case TuningMessage.Hear hear -> {
            TuningRun run = runs.run(hear.run());
            boolean seen = run != null && reaches(hear.tenant(), run);
            replyTo(hear, seen ? run : null);
            yield Effect().none();
          }
          case TuningMessage.Reported said -> {
            asking.remove(new Asking(said.run(), said.serial()));
            yield write(said.run(), runs.reported(said, work, clock.millis()));
          }
          case TuningMessage.Published said -> {
            asking.remove(new Asking(said.run(), Asking.PUBLISH));
            yield write(said.run(), published(runs.run(said.run()), said));
          }
          case TuningMessage.Stopped(var run, var serial, var over) -> {
            stops.heard(run, serial, over, asking.contains(new Asking(run, serial)));
            yield Effect().none();
          }
          case TuningMessage.Tick _ -> {
            runs.live().forEach(this::follow);
            stops.due(runs).forEach(this::cancel);
            yield next(runs);
          }
        };
  }

  private static boolean reaches(@Nullable TenantId tenant, TuningRun run) {
    return tenant == null || tenant.equals(run.tenant());
  }

  private static void replyTo(TuningMessage.Hear hear, @Nullable TuningRun run) {
    int max = Math.min(hear.max(), TuningMessage.BATCH_MAX);
    hear.replyTo()
        .tell(
            new TuningMessage.Heard(run == null ? null : TuningWords.news(run, hear.from(), max)));
  }

  /** Writes down what was decided, and answers how the training stands then. */
  private org.apache.pekko.persistence.typed.javadsl.EffectBuilder<TuningEvent, TuningRuns> decide(
      TuningId id,
      @Nullable TenantId tenant,
      ActorRef<Answer> replyTo,
      Supplier<List<TuningEvent>> decision) {
    List<TuningEvent> events;
    try {
      events = decision.get();
    } catch (ProblemException refused) {
      replyTo.tell(new Answer(refused.problem(), refused.field(), refused.detail(), null));
      return Effect().none();
    }
    return (events.isEmpty() ? Effect().none() : Effect().persist(events))
        .thenRun((TuningRuns after) -> replyTo.tell(answer(after, id, tenant)));
  }

  private Answer answer(TuningRuns runs, TuningId id, @Nullable TenantId tenant) {
    try {
      return new Answer(null, "", "", TuningWords.view(runs.require(id, tenant), work));
    } catch (ProblemException refused) {
      return new Answer(refused.problem(), refused.field(), refused.detail(), null);
    }
  }

  private Effect<TuningEvent, TuningRuns> write(TuningId id, List<TuningEvent> events) {
    return events.isEmpty()
        ? Effect().none()
        : Effect()
            .persist(events)
            .thenRun(
                after -> {
                  if (after.run(id) != null) {
                    context.getSelf().tell(TuningMessage.Tick.INSTANCE);
                  }
                });
  }

  /** Writes down what all trainings need next; what was written down, the next tick begins. */
  private Effect<TuningEvent, TuningRuns> next(TuningRuns runs) {
    var events = new ArrayList<TuningEvent>();
    for (TuningRun run : runs.live()) {
      for (TuningRules.Step step : TuningRules.next(run)) {
        switch (step) {
          case TuningRules.Step.Submit(var order) ->
              events.add(new TuningEvent.Ordered(run.id(), order, clock.millis()));
          case TuningRules.Step.Draw(var count) ->
              events.add(
                  new TuningEvent.Drawn(
                      run.id(),
                      List.copyOf(
                          SegmentDraw.of(secret, run.id().value(), run.unconfirmed(), count)),
                      clock.millis()));
          case TuningRules.Step.Fail(var problem, var detail) ->
              events.add(new TuningEvent.Finished(run.id(), problem, detail, null, clock.millis()));
          case TuningRules.Step.Publish _ -> publish(run);
        }
      }
    }
    return events.isEmpty() ? Effect().none() : write(events.getFirst().run(), events);
  }

  private void follow(TuningRun run) {
    for (TuningEvent.Order order : run.open()) {
      if (asking.add(new Asking(run.id(), order.serial()))) {
        context.pipeToSelf(
            work.follow(run, order),
            (report, failed) -> {
              if (failed != null) {
                context.getLog().warn("{} job {}: {}", run.id(), order.serial(), failed.toString());
              }
              return new TuningMessage.Reported(run.id(), order.serial(), report);
            });
      }
    }
  }

  private void publish(TuningRun run) {
    if (asking.add(new Asking(run.id(), Asking.PUBLISH))) {
      context.pipeToSelf(
          work.publish(run),
          (adapter, failed) -> {
            Throwable cause =
                failed != null && failed.getCause() != null ? failed.getCause() : failed;
            return cause instanceof ProblemException refused
                ? new TuningMessage.Published(
                    run.id(), null, refused.problem(), refused.field() + " " + refused.detail())
                : new TuningMessage.Published(
                    run.id(), adapter, null, cause == null ? "" : cause.toString());
          });
    }
  }

  /** What could not be done just now is done at another tick; what was refused ends it. */
  private List<TuningEvent> published(@Nullable TuningRun run, TuningMessage.Published said) {
    if (run == null || run.finished() != null) {
      return List.of();
    }
    Problem problem = said.problem();
    if (said.adapter() == null && problem == null) {
      context.getLog().warn("{} is not published: {}", run.id(), said.detail());
      return List.of();
    }
    return List.of(
        new TuningEvent.Finished(
            run.id(), problem, said.detail().strip(), said.adapter(), clock.millis()));
  }

  private void stop(@Nullable TuningRun run) {
    if (run != null && run.finished() != null) {
      stops.want(run);
      context.getSelf().tell(TuningMessage.Tick.INSTANCE);
    }
  }

  private void cancel(TuningStops.Stop stop) {
    context.pipeToSelf(
        work.cancel(stop.run(), stop.order()),
        (over, failed) ->
            new TuningMessage.Stopped(
                stop.run().id(), stop.order().serial(), failed == null && over));
  }
}
