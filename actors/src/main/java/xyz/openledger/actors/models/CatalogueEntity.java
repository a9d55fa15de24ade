package xyz.openledger.actors.models;

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
import xyz.openledger.actors.models.CatalogueMessage.Answer;
import xyz.openledger.protocol.ProblemException;

/** Holds the catalogue, durable. One in the cluster; what may happen {@link Catalogue} decides. */
public final class CatalogueEntity
    extends EventSourcedBehavior<CatalogueMessage, CatalogueEvent, Catalogue> {
  /** Under which its events are journaled. */
  public static final String PERSISTENCE_ID = "model-catalogue";

  private final Clock clock;

  private CatalogueEntity(Clock clock) {
    super(PersistenceId.ofUniqueId(PERSISTENCE_ID));
    this.clock = clock;
  }

  /** The catalogue. */
  public static Behavior<CatalogueMessage> create(Clock clock) {
    return new CatalogueEntity(clock);
  }

  @Override
  public Catalogue emptyState() {
    return new Catalogue();
  }

  @Override
  public EventHandler<Catalogue, CatalogueEvent> eventHandler() {
    return (catalogue, event) -> {
      catalogue.apply(event);
      return catalogue;
    };
  }

  @Override
  public CommandHandler<CatalogueMessage, CatalogueEvent, Catalogue> commandHandler() {
    return (catalogue, message) ->
        switch (message) {
          case CatalogueMessage.Publish(var models, var replyTo) ->
              decide(replyTo, () -> catalogue.publish(models));
          case CatalogueMessage.Withdraw(var name, var tenant, var replyTo) ->
              decide(
                  replyTo,
                  () -> catalogue.withdraw(name, tenant, clock.millis()).stream().toList());
          case CatalogueMessage.Since(var revision, var replyTo) -> {
            replyTo.tell(
                new CatalogueMessage.Changes(
                    catalogue.since(revision, CatalogueMessage.BATCH_MAX), catalogue.revision()));
            yield Effect().none();
          }
        };
  }

  private Effect<CatalogueEvent, Catalogue> decide(
      ActorRef<Answer> replyTo, Supplier<List<CatalogueEvent>> decision) {
    List<CatalogueEvent> events;
    try {
      events = decision.get();
    } catch (ProblemException refused) {
      replyTo.tell(new Answer(refused.problem(), refused.field(), refused.detail(), 0));
      return Effect().none();
    }
    return Effect()
        .persist(events)
        .thenRun((Catalogue after) -> replyTo.tell(new Answer(null, "", "", after.revision())));
  }
}
