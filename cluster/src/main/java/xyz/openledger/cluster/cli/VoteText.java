package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import xyz.openledger.chainanchor.evm.Board;
import xyz.openledger.chainanchor.evm.GovernanceTerms;
import xyz.openledger.chainanchor.evm.Governor;
import xyz.openledger.chainanchor.evm.Proposal;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.api.GovernanceBoard;
import xyz.openledger.protocol.api.GovernanceSimulation;

/** Votes told to people. */
final class VoteText {
  private static final int PROPOSALS_MAX = 10;

  private VoteText() {}

  /** What programs read after votes were moved. */
  record Votes(Address account, String votes, String transaction) {}

  /** One proposal, and what comes next. */
  static String of(VotingChain.Vote vote) {
    var fields = new ArrayList<Table.Field>();
    fields.add(field("proposal", vote.proposal() + "  " + vote.title()));
    fields.add(field("id", vote.id()));
    fields.add(field("by", vote.proposer()));
    if (vote.ruleHash() != null) {
      fields.add(field("rules", "epoch " + vote.epoch() + ", " + vote.ruleHash()));
    }
    fields.add(field("state", vote.state()));
    fields.add(
        field(
            "votes",
            "%s for, %s against, %s abstained; quorum %s"
                .formatted(
                    vote.inFavour(),
                    vote.against(),
                    vote.abstained(),
                    vote.quorum().equals("0") ? "is known when voting begins" : vote.quorum())));
    if (vote.transaction() != null) {
      fields.add(field("transaction", vote.transaction()));
    }
    if (!vote.next().isEmpty()) {
      fields.add(field("next", vote.next()));
    }
    return Text.printable(Table.fields(fields));
  }

  /** How a member stands to the board; no fields if it follows none. */
  static List<Table.Field> board(@Nullable GovernanceBoard board) {
    if (board == null) {
      return List.of();
    }
    String text =
        switch (board.standing()) {
          case FOLLOWED ->
              board.epoch() == 0
                  ? "followed; nothing was voted yet"
                  : "followed, at epoch " + board.epoch();
          case KEPT -> "NOT followed, the rules above are kept: " + board.detail();
          case UNREAD -> "NOT read, the rules above are kept: " + board.detail();
        };
    String coming =
        board.latestEpoch() > board.epoch()
            ? "; epoch %d binds from %s"
                .formatted(board.latestEpoch(), Text.moment(board.effectiveAtMillis()))
            : "";
    return List.of(field("board", text + coming));
  }

  /** What rules would have changed. */
  static String of(GovernanceSimulation told) {
    var text =
        new StringBuilder(
            "of the last %d jobs, %d would have been refused and %d placed or ranked otherwise%n"
                .formatted(told.jobs(), told.refused(), told.changed()));
    for (GovernanceSimulation.Change change : told.changes()) {
      text.append(
          "%s %s: %s%s%n"
              .formatted(
                  change.job(),
                  change.name(),
                  change.refused() ? "refused: " : "",
                  String.join("; ", change.why())));
    }
    int untold = told.refused() + told.changed() - told.changes().size();
    return Text.printable(text + (untold > 0 ? "… and %d more%n".formatted(untold) : ""));
  }

  /** When what was published binds. */
  static String binds(Board.Reading reading) {
    Board.Epoch latest = reading.latest();
    return latest.equals(reading.inForce())
        ? "epoch %d is in force\n".formatted(latest.number())
        : "epoch %d is on the board and binds from %s, in %s; then: openledger gov show\n"
            .formatted(
                latest.number(),
                Text.moment(latest.effectiveAtSeconds() * 1_000),
                Text.duration(
                    Duration.ofSeconds(
                        Math.max(0, latest.effectiveAtSeconds() - reading.atSeconds()))));
  }

  /** By which terms is voted, and on what; nothing if the chain is not known here. */
  static String votes(Voter voter) throws IOException {
    if (voter.rpc == null && voter.memberFile().isEmpty()) {
      return "";
    }
    VotingChain chain;
    try {
      chain = new VotingChain(voter, voter.client().version());
    } catch (CommandFailure without) {
      return "";
    }
    var text = new StringBuilder("\n" + terms(chain.terms()));
    List<Proposal> all = chain.proposals();
    for (Proposal each : all.reversed().subList(0, Math.min(all.size(), PROPOSALS_MAX))) {
      text.append(
          "proposal %d, %s: %s%n"
              .formatted(
                  each.number(),
                  Text.shortened(each.description(), 60),
                  ProposalText.state(each, chain.standing(each))));
    }
    return Text.printable(text.toString());
  }

  /** By which terms is voted. */
  static String terms(GovernanceTerms terms) {
    return """
    votes      begin %s after a proposal (which needs %s GOPEN) and are taken for %s; the quorum is %d %%
               the timelock takes %s, the notice %s%s
    """
        .formatted(
            seconds(terms.delaySeconds()),
            ProposalText.govOpen(terms.thresholdNanoOpen()),
            seconds(terms.periodSeconds()),
            terms.quorumPercent(),
            seconds(terms.timelockSeconds()),
            seconds(terms.noticeSeconds()),
            terms.isForDevelopment() ? " (development parameters: a network would take days)" : "");
  }

  static Governor.Support support(String how) {
    return switch (how.toLowerCase(Locale.ROOT)) {
      case "for" -> Governor.Support.FOR;
      case "against" -> Governor.Support.AGAINST;
      case "abstain" -> Governor.Support.ABSTAIN;
      default ->
          throw CommandFailure.usage(
              "'%s' is neither for nor against nor abstain".formatted(how), "HOW", "");
    };
  }

  private static String seconds(long seconds) {
    return Text.duration(Duration.ofSeconds(seconds));
  }
}
