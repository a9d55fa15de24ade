package xyz.openledger.cluster.member;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xyz.openledger.actors.governance.GovernanceMessage;
import xyz.openledger.actors.governance.RuleSource;
import xyz.openledger.actors.member.Member;
import xyz.openledger.pools.governance.GovernedRules;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.api.GovernanceBoard;
import xyz.openledger.protocol.api.GovernanceSimulation;
import xyz.openledger.protocol.api.GovernanceView;
import xyz.openledger.protocol.json.Json;

/** What there is to say about the governed values, and what their operator says. */
final class GovernanceAnswers {
  private static final Logger LOG = LoggerFactory.getLogger(GovernanceAnswers.class);
  private static final String OPERATOR = "operator";

  private final Member member;
  private final Ask ask;
  private final Supplier<@Nullable GovernanceBoard> board;

  GovernanceAnswers(Member member) {
    this(member, () -> null);
  }

  GovernanceAnswers(Member member, Supplier<@Nullable GovernanceBoard> board) {
    this.member = member;
    this.ask = new Ask(member.system());
    this.board = board;
  }

  CompletionStage<GovernanceView> show() {
    return ask.<GovernanceMessage, GovernanceMessage.Answer>of(
            member.governance(), GovernanceMessage.Show::new)
        .thenApply(answer -> view(answer).with(board.get()));
  }

  /** The rules with that hash, of those that were ever in force. */
  CompletionStage<GovernanceView> show(Digest ruleHash) {
    return ask.<GovernanceMessage, GovernanceMessage.Answer>of(
            member.governance(), replyTo -> new GovernanceMessage.ShowRules(ruleHash, replyTo))
        .thenApply(
            answer -> {
              Problem problem = answer.problem();
              if (problem != null) {
                throw new ProblemException(problem, answer.field(), answer.detail());
              }
              return view(answer);
            });
  }

  CompletionStage<GovernanceView> set(JsonNode rules) {
    return adopt(new String(Json.write(rules), StandardCharsets.UTF_8), OPERATOR)
        .thenApply(
            answer -> {
              Problem problem = answer.problem();
              if (problem != null) {
                throw new ProblemException(problem, answer.field(), answer.detail());
              }
              return view(answer).with(board.get());
            });
  }

  CompletionStage<GovernanceSimulation> simulate(JsonNode rules) {
    return new Rehearsal(member).under(rules);
  }

  /**
   * Adopts what a source has, if its epoch is above that in force. Rules that cannot be read are no
   * rules that could be left out: the member does not start with them.
   */
  void adopt(RuleSource source) throws IOException {
    Optional<String> rules = source.read();
    if (rules.isEmpty()) {
      return;
    }
    GovernanceMessage.Answer answer =
        adopt(rules.get(), source.name()).toCompletableFuture().join();
    if (answer.problem() == Problem.WRONG_STATE) {
      LOG.warn("governance rules of source {}: {}", source.name(), answer.detail());
    } else if (answer.problem() != null) {
      throw new ProblemException(
          answer.problem(), answer.field(), "in the governance rules: " + answer.detail());
    }
  }

  /** Puts voted rules in force; answers why not. */
  Optional<String> adoptVoted(GovernedRules rules, String source) {
    GovernanceMessage.Answer answer =
        adopt(new String(rules.canonical(), StandardCharsets.UTF_8), source)
            .toCompletableFuture()
            .join();
    return answer.problem() == null ? Optional.empty() : Optional.of(answer.detail());
  }

  /** This member knows at once; others soon. */
  private CompletionStage<GovernanceMessage.Answer> adopt(String rules, String source) {
    return ask.<GovernanceMessage, GovernanceMessage.Answer>of(
            member.governance(), replyTo -> new GovernanceMessage.Adopt(rules, source, replyTo))
        .thenApply(
            answer -> {
              member.rules().learn(answer);
              return answer;
            });
  }

  private static GovernanceView view(GovernanceMessage.Answer answer) {
    byte[] json = answer.rules().getBytes(StandardCharsets.UTF_8);
    GovernedRules rules = json.length == 0 ? GovernedRules.NONE : GovernedRules.read(json);
    return new GovernanceView(
        rules.epoch(),
        rules.hash(),
        answer.source(),
        answer.sinceMillis(),
        json.length == 0 ? null : Json.tree(json));
  }
}
