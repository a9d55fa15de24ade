package xyz.openledger.actors.claim;

import java.time.Clock;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import xyz.openledger.actors.claim.ClaimMessage.Answer;
import xyz.openledger.protocol.Problem;

/** Gives claims out and takes each back once, durable. One in the cluster. */
public final class ClaimsEntity
    extends EventSourcedBehavior<ClaimMessage, ClaimEvent, ClaimsState> {
  /** Under which claims are journaled. */
  public static final String PERSISTENCE_ID = "claims";

  private final Clock clock;

  private ClaimsEntity(Clock clock) {
    super(PersistenceId.ofUniqueId(PERSISTENCE_ID));
    this.clock = clock;
  }

  /** The claims. */
  public static Behavior<ClaimMessage> create(Clock clock) {
    return new ClaimsEntity(clock);
  }

  @Override
  public ClaimsState emptyState() {
    return new ClaimsState();
  }

  @Override
  public EventHandler<ClaimsState, ClaimEvent> eventHandler() {
    return ClaimsState::apply;
  }

  @Override
  public CommandHandler<ClaimMessage, ClaimEvent, ClaimsState> commandHandler() {
    return (state, message) ->
        switch (message) {
          case ClaimMessage.Issue issue -> issue(state, issue);
          case ClaimMessage.Spend spend -> spend(state, spend);
        };
  }

  private Effect<ClaimEvent, ClaimsState> issue(ClaimsState state, ClaimMessage.Issue issue) {
    var answer = new Answer(null, "", issue.pool(), issue.owner());
    if (state.claim(issue.token()) != null) {
      return answer(issue.replyTo(), answer);
    }
    return Effect()
        .persist(
            (ClaimEvent)
                new ClaimEvent.Issued(
                    issue.token(), issue.pool(), issue.owner(), issue.expiresAtMillis()))
        .thenRun((ClaimsState _) -> issue.replyTo().tell(answer));
  }

  private Effect<ClaimEvent, ClaimsState> spend(ClaimsState state, ClaimMessage.Spend spend) {
    var claim = state.claim(spend.token());
    if (claim == null) {
      return refuse(
          spend, Problem.CLAIM_UNKNOWN, "no such claim; ask the pool's operator for a new one");
    }
    var answer = new Answer(null, "", claim.pool(), claim.owner());
    if (claim.spentBy() != null) {
      return claim.spentBy().equals(spend.node())
          ? answer(spend.replyTo(), answer)
          : refuse(spend, Problem.CLAIM_USED, "another machine has used this claim");
    }
    if (clock.millis() > claim.expiresAtMillis()) {
      return refuse(spend, Problem.CLAIM_EXPIRED, "this claim has expired; ask for a new one");
    }
    return Effect()
        .persist((ClaimEvent) new ClaimEvent.Spent(spend.token(), spend.node(), clock.millis()))
        .thenRun((ClaimsState _) -> spend.replyTo().tell(answer));
  }

  private Effect<ClaimEvent, ClaimsState> refuse(
      ClaimMessage.Spend spend, Problem problem, String detail) {
    return answer(spend.replyTo(), new Answer(problem, detail, null, null));
  }

  private Effect<ClaimEvent, ClaimsState> answer(ActorRef<Answer> replyTo, Answer answer) {
    replyTo.tell(answer);
    return Effect().none();
  }
}
