package xyz.openledger.actors.governance;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.governance.GovernedRules;

/**
 * What this member knows of the governed values: jobs that it admits are admitted under them. Asks
 * twice a second, so another member's decision arrives soon. Read from any thread.
 */
public final class RulesInForce {
  private static final Duration INTERVAL = Duration.ofMillis(500);

  private final CompletableFuture<GovernedRules> first = new CompletableFuture<>();
  private volatile Known inForce = new Known(GovernedRules.NONE, "");

  /** Rules and where they come from. */
  private record Known(GovernedRules rules, String source) {
    boolean isVoted() {
      return RuleSource.isVote(source);
    }
  }

  private enum Ask {
    NOW
  }

  /** The rules. */
  public GovernedRules rules() {
    return inForce.rules();
  }

  /** The voted rules; null if those in force were not voted. */
  public @Nullable GovernedRules voted() {
    Known now = inForce;
    return now.isVoted() ? now.rules() : null;
  }

  /** What follows a refusal so that one knows who decided: {@code (proposal 3)}, or nothing. */
  public String decidedBy() {
    Known now = inForce;
    int at = now.source().indexOf(", ");
    return now.isVoted() && at >= 0 ? " (" + now.source().substring(at + 2) + ")" : "";
  }

  /** Completes once they are known. */
  public CompletionStage<GovernedRules> known() {
    return first;
  }

  /** Takes note of an answer; what was voted prevails, and then the higher epoch. */
  public synchronized void learn(GovernanceMessage.Answer answer) {
    if (!answer.rules().isEmpty()) {
      GovernedRules told = GovernedRules.read(answer.rules().getBytes(StandardCharsets.UTF_8));
      var heard = new Known(told, answer.source());
      boolean above =
          heard.isVoted() == inForce.isVoted()
              ? told.epoch() > inForce.rules().epoch()
              : heard.isVoted();
      inForce = above ? heard : inForce;
    }
    first.complete(inForce.rules());
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
