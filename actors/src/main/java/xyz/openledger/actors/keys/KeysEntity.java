package xyz.openledger.actors.keys;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.SnapshotAdapter;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import xyz.openledger.actors.keys.KeyMessage.Answer;
import xyz.openledger.actors.member.Home;
import xyz.openledger.protocol.ProblemException;

/**
 * Holds the API keys and their counts, durable. One in the cluster; what may happen {@link ApiKeys}
 * decides. Answers when what it says is on disk: no job is submitted before it counts.
 */
public final class KeysEntity extends EventSourcedBehavior<KeyMessage, KeyEvent, ApiKeys> {
  /** Under which its events are journaled. */
  public static final String PERSISTENCE_ID = "api-keys";

  private static final int SNAPSHOT_EVERY = 10_000;

  private final Clock clock;
  private final long upSinceMillis;

  private KeysEntity(Clock clock) {
    super(PersistenceId.ofUniqueId(PERSISTENCE_ID));
    this.clock = clock;
    this.upSinceMillis = clock.millis();
  }

  /** The keys. */
  public static Behavior<KeyMessage> create(Clock clock) {
    return Behaviors.setup(_ -> new KeysEntity(clock));
  }

  /** The one of a cluster. */
  public static ActorRef<KeyMessage> start(ActorSystem<?> system, Clock clock) {
    // What nobody waits for any more would reserve for nothing, or revoke what was issued since.
    return Home.unbuffered(
        system,
        PERSISTENCE_ID,
        Behaviors.supervise(create(clock))
            .onFailure(
                SupervisorStrategy.restartWithBackoff(
                    Duration.ofMillis(200), Duration.ofSeconds(10), 0.2)));
  }

  @Override
  public ApiKeys emptyState() {
    return new ApiKeys();
  }

  @Override
  public EventHandler<ApiKeys, KeyEvent> eventHandler() {
    return (keys, event) -> {
      keys.apply(event);
      return keys;
    };
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY, 2);
  }

  @Override
  public SnapshotAdapter<ApiKeys> snapshotAdapter() {
    return new SnapshotAdapter<>() {
      @Override
      public Object toJournal(ApiKeys keys) {
        return keys.snapshot();
      }

      @Override
      public ApiKeys fromJournal(Object snapshot) {
        return ApiKeys.of((KeysSnapshot) snapshot);
      }
    };
  }

  @Override
  public CommandHandler<KeyMessage, KeyEvent, ApiKeys> commandHandler() {
    return (keys, message) ->
        switch (message) {
          case KeyMessage.Issue(var key, var byMember, var moved, var replyTo) ->
              decide(
                  replyTo,
                  () ->
                      moved == null
                          ? keys.issue(key, byMember, clock.millis())
                          : keys.move(key, moved.spentNanoOpen(), moved.running(), clock.millis()));
          case KeyMessage.Revoke(var name, var tenant, var replyTo) ->
              decide(replyTo, () -> keys.revoke(name, tenant, clock.millis()));
          case KeyMessage.Reserve reserve -> reserve(keys, reserve);
          case KeyMessage.BeganNothing(var name, var jobs) ->
              persist(keys.beganNothing(name, jobs), () -> {});
          case KeyMessage.End(var outcomes, var replyTo) ->
              decide(replyTo, () -> keys.ended(outcomes, upSinceMillis, clock.millis()));
          case KeyMessage.Since _, KeyMessage.Show _, KeyMessage.ShowPending _ -> {
            tell(keys, message);
            yield Effect().none();
          }
        };
  }

  private Effect<KeyEvent, ApiKeys> reserve(ApiKeys keys, KeyMessage.Reserve asked) {
    try {
      ApiKeys.Ruling ruling = keys.reserve(asked.name(), asked.jobs(), clock.millis());
      return persist(
          ruling.events(),
          () -> asked.replyTo().tell(new KeyMessage.Reserved(null, "", "", ruling.admitted())));
    } catch (ProblemException refused) {
      asked
          .replyTo()
          .tell(
              new KeyMessage.Reserved(
                  refused.problem(), refused.field(), refused.detail(), List.of()));
      return Effect().none();
    }
  }

  private Effect<KeyEvent, ApiKeys> decide(
      ActorRef<Answer> replyTo, Supplier<List<KeyEvent>> decision) {
    List<KeyEvent> events;
    try {
      events = decision.get();
    } catch (ProblemException refused) {
      replyTo.tell(new Answer(refused.problem(), refused.field(), refused.detail(), 0));
      return Effect().none();
    }
    return Effect()
        .persist(events)
        .thenRun((ApiKeys after) -> replyTo.tell(new Answer(null, "", "", after.revision())));
  }

  private Effect<KeyEvent, ApiKeys> persist(List<KeyEvent> events, Runnable then) {
    return Effect().persist(events).thenRun((ApiKeys _) -> then.run());
  }

  private static void tell(ApiKeys keys, KeyMessage message) {
    switch (message) {
      case KeyMessage.Since(var revision, var mark, var replyTo) ->
          replyTo.tell(
              new KeyMessage.Changes(
                  keys.since(revision, KeyMessage.KEYS_MAX),
                  keys.revision(),
                  keys.forgotten(),
                  keys.origin(),
                  mark));
      case KeyMessage.Show(var tenant, var replyTo) ->
          replyTo.tell(new KeyMessage.Shown(keys.of(tenant)));
      case KeyMessage.ShowPending(var name, var skip, var replyTo) ->
          replyTo.tell(new KeyMessage.AllPending(keys.pending(name, skip, KeyMessage.JOBS_MAX)));
      default -> throw new IllegalStateException(message + " asks for no answer alone");
    }
  }
}
