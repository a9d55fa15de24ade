package xyz.openledger.actors.governance;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.member.Following;
import xyz.openledger.pools.governance.GovernedRules;

/**
 * What this member knows of the governed values: jobs that it admits are admitted under them. Asks
 * twice a second, so another member's decision arrives soon. Read from any thread.
 */
public final class RulesInForce {
  private final CompletableFuture<GovernedRules> first = new CompletableFuture<>();
  private volatile Known inForce = new Known(GovernedRules.NONE, "");

  /** Rules and where they come from. */
  private record Known(GovernedRules rules, String source) {
    boolean isVoted() {
      return RuleSource.isVote(source);
    }
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
    return Following.of(
        GovernanceMessage.Answer.class,
        self -> governance.tell(new GovernanceMessage.Show(self)),
        answer -> {
          learn(answer);
          return false;
        });
  }
}
