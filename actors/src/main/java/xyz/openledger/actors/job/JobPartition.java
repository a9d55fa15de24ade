package xyz.openledger.actors.job;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
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
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.node.HeardBy;
import xyz.openledger.pools.governance.Governed;
import xyz.openledger.pools.governance.GovernedRules;
import xyz.openledger.pools.governance.Ruling;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

/**
 * Holds the live jobs of one of {@value #COUNT} partitions. The rules are in {@link JobRules}; this
 * writes down what was said, and tells the neighbours what follows.
 *
 * <pre>
 *   Submit ──▶ [Submitted] ──▶ hold ──▶ request ──▶ [Placed] ──▶ dispatch
 *                                                        │
 *                     ┌── commitments of all ◀───────────┘  (with one replica: straight to the outcome)
 *                     ▼
 *               [Committed] ──▶ reveal ──▶ [Revealed, Finished] ──▶ settle, append ──▶ [Settled]
 *
 *   [ ] is one durable write
 * </pre>
 */
public final class JobPartition extends EventSourcedBehavior<JobMessage, JobEvent, PartitionState> {
  /** The number of partitions; fixed for the life of a journal. */
  public static final int COUNT = 1_024;

  /** The most live jobs of one partition; more are refused until some end. */
  static final int LIVE_MAX = 4_096;

  /** Sharding's name for partitions. */
  public static final EntityTypeKey<JobMessage> KEY =
      EntityTypeKey.create(JobMessage.class, "job-partition");

  /** Marks the events for the views. */
  public static final String TAG = "job";

  private static final Duration TICK = Duration.ofMillis(500);
  private static final int SNAPSHOT_EVERY = 1_000;

  private final Clock clock;
  private final Conduct conduct;
  private final Supplier<GovernedRules> rules;
  private final long listeningSinceMillis;

  private JobPartition(
      ActorContext<JobMessage> context, String partition, Neighbours neighbours, Clock clock) {
    super(PersistenceId.of(KEY.name(), partition));
    this.clock = clock;
    this.listeningSinceMillis = clock.millis();
    this.rules = neighbours.rules();
    this.conduct = new Conduct("partition-" + partition, context, neighbours, clock);
  }

  /** The partition with that number. */
  public static Behavior<JobMessage> create(String partition, Neighbours neighbours, Clock clock) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(JobMessage.Tick.INSTANCE, TICK);
                  return new JobPartition(context, partition, neighbours, clock);
                }));
  }

  /** The partition that holds a job. */
  public static String of(JobId job) {
    byte[] bytes = job.bytes();
    return Integer.toString(((bytes[0] & 0xff) << 2) | ((bytes[1] & 0xff) >>> 6));
  }

  @Override
  public PartitionState emptyState() {
    return new PartitionState();
  }

  @Override
  public EventHandler<PartitionState, JobEvent> eventHandler() {
    return PartitionState::apply;
  }

  @Override
  public Set<String> tagsFor(JobEvent event) {
    return Set.of(TAG);
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY, 2);
  }

  @Override
  public SnapshotAdapter<PartitionState> snapshotAdapter() {
    return new SnapshotAdapter<>() {
      @Override
      public Object toJournal(PartitionState state) {
        return state.snapshot();
      }

      @Override
      public PartitionState fromJournal(Object snapshot) {
        return PartitionState.of((PartitionSnapshot) snapshot);
      }
    };
  }

  @Override
  public SignalHandler<PartitionState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), conduct::resume)
        .build();
  }

  @Override
  public CommandHandler<JobMessage, JobEvent, PartitionState> commandHandler() {
    return (state, message) ->
        switch (message) {
          case JobMessage.Submit submit -> submit(state, submit);
          case JobMessage.Cancel cancel -> cancel(state, cancel);
          case JobMessage.Drain(var id, var reason) -> drain(state.job(id), reason);
          case JobMessage.Show(var id, var replyTo) -> {
            replyTo.tell(conduct.show(state.job(id)));
            yield Effect().none();
          }
          case JobMessage.Held held -> held(state, held);
          case JobMessage.Granted granted -> granted(state, granted);
          case JobMessage.Queued queued -> {
            conduct.queued(queued);
            yield Effect().none();
          }
          case JobMessage.Unplaceable unplaceable -> unplaceable(state, unplaceable);
          case JobMessage.Committed said ->
              hear(Testimony.committed(state, said, clock.millis()), said.heardBy());
          case JobMessage.Revealed said -> revealed(state, said);
          case JobMessage.ProductsChecked checked -> {
            JobMessage.Revealed said = conduct.checked(checked);
            yield said == null ? Effect().none() : revealed(state, said);
          }
          case JobMessage.Lost said ->
              hear(Testimony.lost(state, said, clock.millis()), said.heardBy());
          case JobMessage.Preempt said ->
              hear(Preemptions.of(state.job(said.replica().job()), said, clock.millis()), null);
          case JobMessage.Straggles said ->
              hear(Hedges.of(state.job(said.replica().job()), said, clock.millis()), null);
          case JobMessage.Moved moved -> settle(state, moved.job(), conduct.moved(moved));
          case JobMessage.Logged logged ->
              settle(state, logged.job(), conduct.logged(state.job(logged.job()), logged));
          case JobMessage.Acknowledged answer -> {
            conduct.acknowledged(answer);
            yield Effect().none();
          }
          case JobMessage.AcknowledgedThrough(var number) -> {
            conduct.acknowledgedThrough(number, state);
            yield Effect().none();
          }
          case JobMessage.Tick _ -> tick(state);
          case JobMessage.Wake(var replyTo) -> {
            replyTo.tell(JobMessage.Awake.INSTANCE);
            yield Effect().none();
          }
        };
  }

  private Effect<JobEvent, PartitionState> submit(PartitionState state, JobMessage.Submit submit) {
    Job known = state.job(submit.job());
    if (known != null) {
      conduct.repeat(known, submit);
      return Effect().none();
    }
    SettledJob past = state.settled(submit.job());
    if (past != null) {
      submit.replyTo().tell(past.reply(submit.spec()));
      return Effect().none();
    }
    if (state.size() >= LIVE_MAX) {
      submit
          .replyTo()
          .tell(
              new JobMessage.SubmitReply(
                  submit.job(), "refused", Problem.TOO_MANY_REQUESTS, "too many live jobs"));
      return Effect().none();
    }
    GovernedRules now = rules.get();
    Governed governed = null;
    switch (now.rule(submit.spec())) {
      case Ruling.Refused(_, var reason) -> {
        submit
            .replyTo()
            .tell(
                new JobMessage.SubmitReply(
                    submit.job(), "refused", Problem.GOVERNANCE_FORBIDS, reason));
        return Effect().none();
      }
      case Ruling.Admitted(var said) -> governed = said.equals(Governed.FREELY) ? null : said;
    }
    var submitted =
        new JobEvent.Submitted(
            submit.job(),
            submit.tenant(),
            submit.spec(),
            submit.code(),
            state.nextHoldNumber(),
            now.epoch(),
            now.hash(),
            clock.millis(),
            governed,
            submit.modelOwner(),
            submit.licences().isEmpty() ? null : submit.licences());
    List<JobEvent> events;
    try {
      events = Claims.with(submitted, submit.claim());
    } catch (ProblemException refused) {
      submit
          .replyTo()
          .tell(
              new JobMessage.SubmitReply(
                  submit.job(), "refused", refused.problem(), refused.detail()));
      return Effect().none();
    }
    conduct.progress(submit.job()).submitters.add(submit.replyTo());
    return write(events);
  }

  private Effect<JobEvent, PartitionState> cancel(PartitionState state, JobMessage.Cancel cancel) {
    Job job = state.job(cancel.job());
    // What was answered has been of use, and who gave it waits for being paid.
    if (job == null
        || !job.tenant().equals(cancel.tenant())
        || job.finished() != null
        || job.answered() != null) {
      cancel.replyTo().tell(conduct.show(job));
      return Effect().none();
    }
    var step =
        new JobRules.Step.Finish(
            JobEvent.End.CANCELLED, Problem.CANCELLED, "cancelled by the requester");
    return Effect()
        .persist(Consequences.finish(job, step, clock.millis()))
        .thenRun(
            (PartitionState after) -> {
              cancel.replyTo().tell(conduct.show(after.job(cancel.job())));
              conduct.advance(after.job(cancel.job()));
            });
  }

  /** What runs already was paid for under the rules that admitted it, and ends under them. */
  private Effect<JobEvent, PartitionState> drain(@Nullable Job job, String reason) {
    boolean runs =
        job != null
            && job.tasks().stream()
                .flatMap(task -> task.replicas().stream())
                .anyMatch(replica -> replica.phase() != JobReplica.Phase.LOST);
    if (job == null || job.finished() != null || runs) {
      return Effect().none();
    }
    var step = new JobRules.Step.Finish(JobEvent.End.CANCELLED, Problem.GOVERNANCE_FORBIDS, reason);
    return write(Consequences.finish(job, step, clock.millis()));
  }

  private Effect<JobEvent, PartitionState> held(PartitionState state, JobMessage.Held held) {
    Job job = state.job(held.job());
    if (job == null || job.finished() != null) {
      return Effect().none();
    }
    if (held.problem() == null) {
      conduct.held(job);
      return Effect().none();
    }
    return write(
        new JobEvent.Finished(
            job.id(), JobEvent.End.REFUSED, held.problem(), held.detail(), null, clock.millis()));
  }

  private Effect<JobEvent, PartitionState> granted(
      PartitionState state, JobMessage.Granted granted) {
    Job job = state.job(granted.job());
    List<Grant> wanted = conduct.wanted(job, granted.grants());
    if (job == null || wanted.isEmpty()) {
      return Effect().none();
    }
    return write(
        new JobEvent.Placed(
            granted.job(),
            SavedStates.assign(job, wanted),
            conduct.why(granted, wanted),
            clock.millis()));
  }

  private Effect<JobEvent, PartitionState> unplaceable(
      PartitionState state, JobMessage.Unplaceable unplaceable) {
    Job job = state.job(unplaceable.task().job());
    if (job == null || job.finished() != null || conduct.elsewhere(job, unplaceable)) {
      return Effect().none();
    }
    return write(
        new JobEvent.Finished(
            job.id(),
            JobEvent.End.REFUSED,
            Problem.UNSATISFIABLE_POLICY,
            String.join("; ", unplaceable.explanation()),
            null,
            clock.millis()));
  }

  private Effect<JobEvent, PartitionState> revealed(
      PartitionState state, JobMessage.Revealed said) {
    conduct.compare(state.job(said.replica().job()), said);
    Job unchecked = Testimony.unchecked(state, said);
    if (unchecked != null) {
      conduct.check(unchecked, said);
      return Effect().none();
    }
    return hear(Testimony.revealed(state, said, clock.millis()), said.heardBy());
  }

  private Effect<JobEvent, PartitionState> settle(
      PartitionState state, JobId id, boolean complete) {
    Job job = state.job(id);
    if (!complete || job == null || job.finished() == null) {
      return Effect().none();
    }
    return Effect()
        .persist(new JobEvent.Settled(id, conduct.progress(id).logIndex, clock.millis()))
        .thenRun((PartitionState _) -> conduct.forget(job));
  }

  private Effect<JobEvent, PartitionState> tick(PartitionState state) {
    var events = new ArrayList<JobEvent>();
    for (Job job : state.jobs()) {
      events.addAll(Consequences.overdue(job, listeningSinceMillis, clock.millis()));
    }
    conduct.askAgain(state);
    return events.isEmpty() ? Effect().none() : write(events);
  }

  /** What a node said has been heard once it is written down, or was stale. */
  private Effect<JobEvent, PartitionState> hear(List<JobEvent> events, @Nullable HeardBy heardBy) {
    if (!events.isEmpty()) {
      return write(events, heardBy);
    }
    if (heardBy != null) {
      heardBy.tell();
    }
    return Effect().none();
  }

  private Effect<JobEvent, PartitionState> write(JobEvent event) {
    return write(List.of(event));
  }

  private Effect<JobEvent, PartitionState> write(List<JobEvent> events) {
    return write(events, null);
  }

  private Effect<JobEvent, PartitionState> write(List<JobEvent> events, @Nullable HeardBy heardBy) {
    return Effect()
        .persist(events)
        .thenRun(
            (PartitionState after) -> {
              if (heardBy != null) {
                heardBy.tell();
              }
              events.stream()
                  .map(JobEvent::job)
                  .distinct()
                  .forEach(id -> conduct.advance(after.job(id)));
            });
  }
}
