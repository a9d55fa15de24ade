package xyz.openledger.actors.pool;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.pubsub.Topic;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.SnapshotAdapter;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import xyz.openledger.actors.account.AccountsMessage;
import xyz.openledger.pools.EpochSecret;
import xyz.openledger.pools.Pool;
import xyz.openledger.pools.PoolTerms;
import xyz.openledger.pools.queue.Quotas;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

/**
 * A pool: the one owner of its nodes' slots. Durable: its terms, its nodes' offers, and how far its
 * fences have come. Not durable: who waits and who runs, which the jobs know and say again.
 *
 * <pre>
 *   job partition ──Request──▶ ┌──────┐ ◀──NodeUp, NodeDown── twins
 *                 ◀─Granted─── │ pool │
 *                 ──Release──▶ └──────┘ ──summary──▶ all members
 * </pre>
 */
public final class PoolEntity extends EventSourcedBehavior<PoolMessage, PoolEvent, PoolState> {
  /** Sharding's name for pools. */
  public static final EntityTypeKey<PoolMessage> KEY =
      EntityTypeKey.create(PoolMessage.class, "pool");

  private static final Duration TICK = Duration.ofMillis(500);

  /** After a start, no more events than this are read again, however many there were. */
  static final int SNAPSHOT_EVERY = 1_000;

  private final PoolId id;
  private final Clock clock;
  private final Desk desk;
  private final Treasury treasury;

  private PoolEntity(PoolId id, Desk desk, Treasury treasury, Clock clock) {
    super(PersistenceId.of(KEY.name(), id.value()));
    this.id = id;
    this.clock = clock;
    this.desk = desk;
    this.treasury = treasury;
  }

  /** The pool with that id, of whose surroundings nothing is known. */
  public static Behavior<PoolMessage> create(
      String id,
      EpochSecret secret,
      ActorRef<Topic.Command<PoolNews>> news,
      ActorRef<AccountsMessage> accounts,
      Clock clock) {
    return create(id, secret, news, accounts, clock, Surroundings.UNKNOWN);
  }

  /** The pool with that id. */
  public static Behavior<PoolMessage> create(
      String id,
      EpochSecret secret,
      ActorRef<Topic.Command<PoolNews>> news,
      ActorRef<AccountsMessage> accounts,
      Clock clock,
      Surroundings surroundings) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(PoolMessage.Tick.INSTANCE, TICK);
                  PoolId pool = PoolId.parse(id);
                  return new PoolEntity(
                      pool,
                      new Desk(pool, secret, news, clock, surroundings),
                      new Treasury(pool, context, accounts, clock),
                      clock);
                }));
  }

  @Override
  public PoolState emptyState() {
    return PoolState.EMPTY;
  }

  @Override
  public EventHandler<PoolState, PoolEvent> eventHandler() {
    return PoolState::apply;
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY, 2);
  }

  @Override
  public SnapshotAdapter<PoolState> snapshotAdapter() {
    return new SnapshotAdapter<>() {
      @Override
      public Object toJournal(PoolState state) {
        return PoolSnapshot.of(state);
      }

      @Override
      public PoolState fromJournal(Object snapshot) {
        return ((PoolSnapshot) snapshot).state();
      }
    };
  }

  @Override
  public SignalHandler<PoolState> signalHandler() {
    return newSignalHandlerBuilder().onSignal(RecoveryCompleted.instance(), this::resume).build();
  }

  private void resume(PoolState state) {
    desk.resume(state);
    treasury.resume(state.market());
  }

  @Override
  public CommandHandler<PoolMessage, PoolEvent, PoolState> commandHandler() {
    return (state, message) ->
        switch (message) {
          case PoolMessage.Open(var pool, var replyTo) -> open(state, pool, replyTo);
          case PoolMessage.Amend(var terms, var replyTo) -> amend(state, terms, replyTo);
          case PoolMessage.SetQuota set -> quota(state, set);
          case PoolMessage.NodeUp up -> up(state, up);
          case PoolMessage.NodeDown down -> down(state, down);
          case PoolMessage.Request request -> serve(state, () -> desk.request(request));
          case PoolMessage.Leased leased -> then(() -> desk.leased(leased));
          case PoolMessage.Release(var replicas, var end) ->
              serve(state, () -> desk.release(replicas, end));
          case PoolMessage.NextFence(var seen, var replyTo) ->
              serve(state, () -> desk.fence(seen, replyTo));
          case PoolMessage.Withdraw(var task) -> then(() -> desk.withdraw(task));
          case PoolMessage.Reputations(var records) -> then(() -> desk.reputations(records));
          case PoolMessage.Staked(var node, var nanoOpen) ->
              then(() -> desk.staked(node, nanoOpen));
          case PoolMessage.Show(var replyTo) -> then(() -> replyTo.tell(desk.view(state)));
          case PoolMessage.Survey survey -> then(() -> survey.replyTo().tell(desk.survey(survey)));
          case PoolMessage.Prospects wanted ->
              then(() -> wanted.replyTo().tell(desk.prospects(wanted)));
          case PoolMessage.Warm warm -> then(() -> desk.warm(warm));
          case PoolMessage.ShowMarket(var of, var rounds, var replyTo) ->
              then(() -> replyTo.tell(desk.marketView(of, rounds)));
          case PoolMessage.Reserve reserve -> reserve(state, reserve);
          case PoolMessage.Afforded afforded -> afforded(state, afforded);
          case PoolMessage.Paid paid -> paid(state, paid);
          case PoolMessage.Tick _ -> tick(state);
        };
  }

  private Effect<PoolEvent, PoolState> open(
      PoolState state, Pool pool, ActorRef<PoolView> replyTo) {
    return state.pool() == null ? terms(pool, replyTo) : then(() -> replyTo.tell(desk.view(state)));
  }

  private Effect<PoolEvent, PoolState> amend(
      PoolState state, PoolTerms terms, ActorRef<PoolView> replyTo) {
    Pool pool = state.pool();
    return pool == null || pool.terms().equals(terms)
        ? then(() -> replyTo.tell(desk.view(state)))
        : terms(new Pool(pool.id(), pool.name(), pool.operator(), terms), replyTo);
  }

  private Effect<PoolEvent, PoolState> quota(PoolState state, PoolMessage.SetQuota set) {
    Quotas before = state.quotas();
    if (state.pool() == null
        || !before.takes(set.tenant())
        || before.with(set.tenant(), set.quota()).equals(before)) {
      return then(() -> set.replyTo().tell(desk.view(state)));
    }
    return Effect()
        .persist(new PoolEvent.QuotaSet(id, set.tenant(), set.quota(), clock.millis()))
        .thenRun(
            (PoolState after) -> {
              desk.limit(after.quotas());
              set.replyTo().tell(desk.view(after));
            });
  }

  private Effect<PoolEvent, PoolState> terms(Pool pool, ActorRef<PoolView> replyTo) {
    return Effect()
        .persist(
            new PoolEvent.Opened(
                id,
                pool.name(),
                pool.operator(),
                pool.terms().scoreMargin(),
                pool.terms().explorationBasisPoints(),
                pool.terms().queueMax(),
                pool.terms().admit(),
                pool.terms().clearingMillis(),
                pool.terms().preemptAfterMillis(),
                pool.terms().noticeMillis(),
                pool.terms().prefer(),
                clock.millis()))
        .thenRun(
            (PoolState after) -> {
              desk.resume(after);
              replyTo.tell(desk.view(after));
            });
  }

  private Effect<PoolEvent, PoolState> up(PoolState state, PoolMessage.NodeUp up) {
    if (up.offer().equals(state.offers().get(up.offer().node()))) {
      return serve(state, () -> desk.up(up));
    }
    return Effect()
        .persist(new PoolEvent.Listed(id, up.offer(), clock.millis()))
        .thenRun((PoolState _) -> desk.up(up));
  }

  private Effect<PoolEvent, PoolState> down(PoolState state, PoolMessage.NodeDown down) {
    desk.down(down);
    return down.left() && state.offers().containsKey(down.node())
        ? Effect().persist(new PoolEvent.Delisted(id, down.node(), clock.millis()))
        : Effect().none();
  }

  /** What the market comes to is written down before anybody hears of it. */
  private Effect<PoolEvent, PoolState> tick(PoolState state) {
    treasury.tick(state.market());
    if (desk.needsFences(state)) {
      return serve(state, desk::tick);
    }
    List<PoolEvent> events = desk.trades();
    return events.isEmpty() ? serve(state, desk::tick) : traded(events, desk::tick);
  }

  private Effect<PoolEvent, PoolState> traded(List<PoolEvent> events, Runnable then) {
    return Effect()
        .persist(events)
        .thenRun(
            (PoolState after) -> {
              desk.traded(after);
              treasury.say(after.market());
              treasury.answer(after.market());
              then.run();
            });
  }

  private Effect<PoolEvent, PoolState> reserve(PoolState state, PoolMessage.Reserve reserve) {
    if (state.market().of(reserve.order()).isEmpty()) {
      return then(() -> treasury.afford(reserve));
    }
    treasury.answerLater(reserve);
    return then(() -> treasury.answer(state.market()));
  }

  private Effect<PoolEvent, PoolState> afforded(PoolState state, PoolMessage.Afforded afforded) {
    PoolMessage.Reserve reserve = afforded.reserve();
    try {
      if (!state.market().of(reserve.order()).isEmpty()) {
        return reserve(state, reserve);
      }
      List<Booking> bookings = desk.book(state, reserve, afforded.availableNanoOpen());
      treasury.answerLater(reserve);
      return traded(List.of(new PoolEvent.Booked(id, bookings, clock.millis())), () -> {});
    } catch (ProblemException refused) {
      reserve
          .replyTo()
          .tell(
              new PoolMessage.ReserveReply(
                  List.of(), refused.problem(), String.valueOf(refused.getMessage())));
      return Effect().none();
    }
  }

  private Effect<PoolEvent, PoolState> paid(PoolState state, PoolMessage.Paid paid) {
    MarketState.Booked booked = state.market().bookings().get(paid.booking());
    Problem problem = paid.problem();
    if (booked == null || problem == Problem.TOO_MANY_REQUESTS) {
      return Effect().none();
    }
    JobId booking = paid.booking();
    long now = clock.millis();
    var closed = new PoolEvent.BookingClosed(id, booking, now);
    if (paid.held() && booked.phase() == MarketState.Phase.HOLDING) {
      return problem == null
          ? traded(List.of(new PoolEvent.BookingBegan(id, booking, now)), () -> {})
          : traded(
              List.of(new PoolEvent.BookingEnded(id, booking, 0, paid.detail(), now), closed),
              () -> treasury.acknowledge(List.of(booked.booking().number())));
    }
    if (!paid.held() && booked.phase() == MarketState.Phase.ENDED && problem == null) {
      return traded(
          List.of(closed), () -> treasury.acknowledge(List.of(booked.booking().number())));
    }
    return Effect().none();
  }

  /** Does what may lease, once there are fences on disk for it. */
  private Effect<PoolEvent, PoolState> serve(PoolState state, Runnable action) {
    if (!desk.needsFences(state)) {
      return then(action);
    }
    return Effect()
        .persist(new PoolEvent.Fenced(id, state.fencedTo() + Fences.BLOCK, clock.millis()))
        .thenRun(
            (PoolState after) -> {
              desk.fencesTo(after.fencedTo());
              action.run();
            });
  }

  private Effect<PoolEvent, PoolState> then(Runnable action) {
    action.run();
    return Effect().none();
  }
}
