package xyz.openledger.actors.governance;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import xyz.openledger.pools.governance.GovernedRules;

/**
 * What this member knows of the governed values: jobs that it admits are admitted under them. Asks
 * twice a second, so another member's decision arrives soon. Read from any thread.
 */
public final class RulesInForce {
  private static final Duration INTERVAL = Duration.ofMillis(500);

  private final CompletableFuture<GovernedRules> first = new CompletableFuture<>();
  private volatile GovernedRules rules = GovernedRules.NONE;

  private enum Ask {
    NOW
  }

  /** The rules. */
  public GovernedRules rules() {
    return rules;
  }

  /** Completes once they are known. */
  public CompletionStage<GovernedRules> known() {
    return first;
  }

  /** Takes note of an answer; the higher epoch prevails. */
  public synchronized void learn(GovernanceMessage.Answer answer) {
    if (!answer.rules().isEmpty()) {
      GovernedRules told = GovernedRules.read(answer.rules().getBytes(StandardCharsets.UTF_8));
      rules = told.epoch() > rules.epoch() ? told : rules;
    }
    first.complete(rules);
  }

  /** Keeps asking. */
  public Behavior<Object> follower(ActorRef<GovernanceMessage> governance) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  ActorRef<GovernanceMessage.Answer> self = context.getSelf().narrow();
                  governance.tell(new GovernanceMessage.Show(self));
                  timers.startTimerWithFixedDelay(Ask.NOW, INTERVAL);
                  return Behaviors.receive(Object.class)
                      .onMessage(
                          GovernanceMessage.Answer.class,
                          answer -> {
                            learn(answer);
                            return Behaviors.same();
                          })
                      .onMessage(
                          Ask.class,
                          _ -> {
                            governance.tell(new GovernanceMessage.Show(self));
                            return Behaviors.same();
                          })
                      .build();
                }));
  }
}
