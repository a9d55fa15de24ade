package xyz.openledger.actors.governance;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.governance.GovernanceEntity.InForce;
import xyz.openledger.actors.governance.GovernanceMessage.Answer;
import xyz.openledger.pools.governance.GovernedRules;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

/** Holds the governed values that are in force, durable. One in the cluster; epochs only grow. */
public final class GovernanceEntity
    extends EventSourcedBehavior<GovernanceMessage, GovernanceEvent, InForce> {
  /** Under which they are journaled. */
  public static final String PERSISTENCE_ID = "governance";

  /** So many of the last rules are remembered, 16 KiB each at the most. */
  private static final int REMEMBERED_MAX = 1_024;

  private final Clock clock;

  /**
   * What was adopted.
   *
   * @param adopted last; null if nothing is governed
   * @param ever with those before it, by their hashes, oldest first; changed in place
   */
  record InForce(
      GovernanceEvent.@Nullable Adopted adopted, Map<Digest, GovernanceEvent.Adopted> ever) {
    InForce after(GovernanceEvent.Adopted next) {
      ever.put(next.ruleHash(), next);
      if (ever.size() > REMEMBERED_MAX) {
        ever.remove(ever.keySet().iterator().next());
      }
      return new InForce(next, ever);
    }

    long epoch() {
      return adopted == null ? 0 : adopted.epoch();
    }

    boolean isVoted() {
      return adopted != null && RuleSource.isVote(adopted.source());
    }
  }

  private GovernanceEntity(Clock clock) {
    super(PersistenceId.ofUniqueId(PERSISTENCE_ID));
    this.clock = clock;
  }

  /** The governed values. */
  public static Behavior<GovernanceMessage> create(Clock clock) {
    return new GovernanceEntity(clock);
  }

  @Override
  public InForce emptyState() {
    return new InForce(null, new LinkedHashMap<>());
  }

  @Override
  public EventHandler<InForce, GovernanceEvent> eventHandler() {
    return (state, event) ->
        switch (event) {
          case GovernanceEvent.Adopted adopted -> state.after(adopted);
        };
  }

  @Override
  public CommandHandler<GovernanceMessage, GovernanceEvent, InForce> commandHandler() {
    return (state, message) ->
        switch (message) {
          case GovernanceMessage.Adopt adopt -> adopt(state, adopt);
          case GovernanceMessage.Show(var replyTo) -> {
            replyTo.tell(answer(state, null, "", ""));
            yield Effect().none();
          }
          case GovernanceMessage.ShowRules(var hash, var replyTo) -> {
            GovernanceEvent.Adopted then = state.ever().get(hash);
            replyTo.tell(
                then == null
                    ? new Answer(
                        Problem.NOT_FOUND,
                        "hash",
                        "no rules %s were in force".formatted(hash),
                        "",
                        "",
                        0)
                    : answer(new InForce(then, state.ever()), null, "", ""));
            yield Effect().none();
          }
        };
  }

  private Effect<GovernanceEvent, InForce> adopt(InForce state, GovernanceMessage.Adopt adopt) {
    GovernedRules rules;
    try {
      rules = GovernedRules.read(adopt.rules().getBytes(StandardCharsets.UTF_8));
    } catch (ProblemException refused) {
      return refuse(state, adopt, refused.problem(), refused.field(), refused.detail());
    }
    GovernanceEvent.Adopted adopted = state.adopted();
    boolean voted = RuleSource.isVote(adopt.source());
    boolean same = adopted != null && adopted.ruleHash().equals(rules.hash());
    if (same && (state.isVoted() || !voted)) {
      adopt.replyTo().tell(answer(state, null, "", ""));
      return Effect().none();
    }
    if (state.isVoted() && !voted) {
      return refuse(
          state,
          adopt,
          Problem.WRONG_STATE,
          "",
          "governance epoch %d was voted; only another vote changes it: openledger gov propose"
              .formatted(state.epoch()));
    }
    if (rules.epoch() <= state.epoch() && voted == state.isVoted()) {
      return refuse(
          state,
          adopt,
          Problem.WRONG_STATE,
          "epoch",
          "governance epoch %d is in force; other rules need a higher one, not %d"
              .formatted(state.epoch(), rules.epoch()));
    }
    return Effect()
        .persist(
            (GovernanceEvent)
                new GovernanceEvent.Adopted(
                    rules.epoch(),
                    rules.hash(),
                    new String(rules.canonical(), StandardCharsets.UTF_8),
                    adopt.source(),
                    clock.millis()))
        .thenRun((InForce after) -> adopt.replyTo().tell(answer(after, null, "", "")));
  }

  private Effect<GovernanceEvent, InForce> refuse(
      InForce state, GovernanceMessage.Adopt adopt, Problem problem, String field, String detail) {
    adopt.replyTo().tell(answer(state, problem, field, detail));
    return Effect().none();
  }

  private static Answer answer(
      InForce state, @Nullable Problem problem, String field, String detail) {
    GovernanceEvent.Adopted adopted = state.adopted();
    return adopted == null
        ? new Answer(problem, field, detail, "", "", 0)
        : new Answer(problem, field, detail, adopted.rules(), adopted.source(), adopted.atMillis());
  }
}
