package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.chainanchor.evm.Governor;
import xyz.openledger.pools.governance.GovernedRules;
import xyz.openledger.pools.governance.RuleBundle;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.api.GovernanceSimulation;
import xyz.openledger.protocol.api.GovernanceView;
import xyz.openledger.protocol.client.RulesFile;
import xyz.openledger.protocol.json.Json;

@Command(
    name = "gov",
    description =
        "Shows, sets and votes on the governed values: what the scheduler obeys, whatever a job"
            + " asks.",
    footer = "%nExample: openledger gov show")
final class GovCommand {

  /** What programs read of rules that were checked. */
  record Checked(long epoch, Digest ruleHash, JsonNode rules, List<String> says) {}

  @Command(
      name = "show",
      description = "Shows the rules in force and what is voted on; with an ID, one proposal.",
      footer = "%nExample: openledger gov show")
  int show(
      @Mixin Voter voter,
      @Parameters(paramLabel = "ID", arity = "0..1", description = "of a proposal, as a number")
          @Nullable String id)
      throws IOException {
    if (id != null) {
      var chain = new VotingChain(voter, voter.client().version());
      VotingChain.Vote told = chain.told(chain.find(id), null);
      voter.print(told, () -> VoteText.of(told));
      return ExitCode.OK;
    }
    GovernanceView view = voter.client().network().governance();
    String votes = voter.json() ? "" : VoteText.votes(voter);
    voter.print(view, () -> text(view) + votes);
    return ExitCode.OK;
  }

  @Command(
      name = "propose",
      description = "Proposes rules to the holders of GOPEN; their epoch is the next one.",
      footer = "%nExample: openledger gov propose examples/governance/rules.yaml")
  int propose(
      @Mixin Voter voter,
      @Parameters(paramLabel = "FILE", description = "YAML or JSON") Path file,
      @Option(names = "--title", paramLabel = "TEXT", description = "what it is about")
          @Nullable String title)
      throws IOException {
    GovernedRules rules = read(voter.shell().resolve(file));
    var chain = new VotingChain(voter, voter.client().version());
    String about = title != null ? title : "Rules of epoch " + rules.epoch();
    VotingChain.Vote told =
        chain.propose(chain.wallet(voter), rules, Check.text("--title", about, 200));
    if (rules.testVectors().isEmpty()) {
      voter.shell().note("these rules carry no vectors, so members obey them untested");
    }
    voter.print(told, () -> VoteText.of(told) + list(RulesText.lines(rules)));
    return ExitCode.OK;
  }

  @Command(
      name = "vote",
      description = "Casts the votes of an account: for, against or abstain.",
      footer = "%nExample: openledger gov vote 1 for --wait")
  int vote(
      @Mixin Voter voter,
      @Parameters(paramLabel = "ID", description = "of the proposal, as a number") String id,
      @Parameters(paramLabel = "HOW", description = "for, against or abstain") String how)
      throws IOException {
    Governor.Support support = VoteText.support(how);
    var chain = new VotingChain(voter, voter.client().version());
    VotingChain.Vote told = chain.vote(chain.wallet(voter), chain.find(id), support, voter.wait);
    voter.print(told, () -> VoteText.of(told));
    return ExitCode.OK;
  }

  @Command(
      name = "queue",
      description = "Hands what was accepted to the timelock; anybody may.",
      footer = "%nExample: openledger gov queue 1 --wait")
  int queue(
      @Mixin Voter voter,
      @Parameters(paramLabel = "ID", description = "of the proposal, as a number") String id)
      throws IOException {
    var chain = new VotingChain(voter, voter.client().version());
    VotingChain.Vote told = chain.queue(chain.wallet(voter), chain.find(id), voter.wait);
    voter.print(told, () -> VoteText.of(told));
    return ExitCode.OK;
  }

  @Command(
      name = "execute",
      description = "Has the timelock publish what was decided; anybody may.",
      footer = "%nExample: openledger gov execute 1 --wait")
  int execute(
      @Mixin Voter voter,
      @Parameters(paramLabel = "ID", description = "of the proposal, as a number") String id)
      throws IOException {
    var chain = new VotingChain(voter, voter.client().version());
    VotingChain.Vote told = chain.execute(chain.wallet(voter), chain.find(id), voter.wait);
    String binds = VoteText.binds(chain.board());
    voter.print(told, () -> VoteText.of(told) + binds);
    return ExitCode.OK;
  }

  @Command(
      name = "wrap",
      description =
          "Wraps OPEN into GOPEN, which votes; delegates it to its holder the first time.",
      footer = "%nExample: openledger gov wrap 500")
  int wrap(
      @Mixin Voter voter,
      @Parameters(paramLabel = "AMOUNT", converter = Money.Converter.class, description = "in OPEN")
          Money amount)
      throws IOException {
    var chain = new VotingChain(voter, voter.client().version());
    var wallet = chain.wallet(voter);
    String transaction = chain.wrap(wallet, amount.nanoOpen());
    long votes = chain.votesNanoOpen(wallet.address());
    voter.print(
        new VoteText.Votes(wallet.address(), ProposalText.govOpen(votes), transaction),
        () ->
            "%s has %s votes on what is proposed from now on\n"
                .formatted(wallet.address(), ProposalText.govOpen(votes)));
    return ExitCode.OK;
  }

  @Command(
      name = "delegate",
      description = "Gives the votes of an account to another, or to itself.",
      footer = "%nExample: openledger gov delegate 0x1111111111111111111111111111111111111111")
  int delegate(
      @Mixin Voter voter, @Parameters(paramLabel = "ADDRESS", description = "who votes") String to)
      throws IOException {
    var chain = new VotingChain(voter, voter.client().version());
    var account = new Address(to);
    String transaction = chain.delegate(chain.wallet(voter), account);
    long votes = chain.votesNanoOpen(account);
    voter.print(
        new VoteText.Votes(account, ProposalText.govOpen(votes), transaction),
        () ->
            "%s has %s votes on what is proposed from now on\n"
                .formatted(account, ProposalText.govOpen(votes)));
    return ExitCode.OK;
  }

  @Command(
      name = "simulate",
      description = "Replays the member's recorded jobs under rules, and tells the difference.",
      footer = "%nExample: openledger gov simulate examples/governance/rules.yaml")
  int simulate(
      @Mixin Member member,
      @Parameters(paramLabel = "FILE", description = "YAML or JSON") Path file) {
    GovernedRules rules = read(member.shell().resolve(file));
    GovernanceSimulation told =
        member.client().network().simulateGovernance(Json.tree(rules.canonical()));
    member.print(told, () -> VoteText.of(told));
    return ExitCode.OK;
  }

  @Command(
      name = "check",
      description = "Reads rules and says what they would mean; needs no member.",
      footer = "%nExample: openledger gov check examples/governance/rules.yaml")
  int check(
      @Mixin Output output,
      @Parameters(paramLabel = "FILE", description = "YAML or JSON") Path file) {
    GovernedRules rules = read(output.shell().resolve(file));
    RuleBundle.check(rules, rules.epoch());
    List<String> says = RulesText.lines(rules);
    output.print(
        new Checked(rules.epoch(), rules.hash(), Json.tree(rules.canonical()), says),
        () ->
            Text.printable(
                "%s can be read: epoch %d, rules %s\n%s"
                    .formatted(file, rules.epoch(), rules.hash(), list(says))));
    return ExitCode.OK;
  }

  @Command(
      name = "set",
      description = "Puts rules in force for the jobs to come; their epoch must be a higher one.",
      footer = "%nExample: openledger gov set examples/governance/rules.yaml")
  int set(
      @Mixin Member member,
      @Parameters(paramLabel = "FILE", description = "YAML or JSON") Path file) {
    GovernedRules rules = read(member.shell().resolve(file));
    GovernanceView view = member.client().network().setGovernance(Json.tree(rules.canonical()));
    member.print(view, () -> text(view));
    return ExitCode.OK;
  }

  @Command(
      name = "schema",
      description = "Prints the JSON Schema of rules, for editors.",
      footer = "%nExample: openledger gov schema > governance.schema.json")
  int schema(@Mixin Output output) throws IOException {
    try (InputStream schema = GovCommand.class.getResourceAsStream("governance.schema.json")) {
      Objects.requireNonNull(schema, "governance.schema.json is on the class path")
          .transferTo(output.shell().out());
    }
    output.shell().out().flush();
    return ExitCode.OK;
  }

  private static GovernedRules read(Path file) {
    return GovernedRules.read(Json.write(RulesFile.read(file)));
  }

  private static String text(GovernanceView view) {
    JsonNode rules = view.rules();
    if (rules == null) {
      return "nothing is governed: epoch 0\n" + Table.fields(VoteText.board(view.board()));
    }
    var fields =
        new ArrayList<>(
            List.of(
                field("epoch", view.epoch()),
                field("rules", view.ruleHash()),
                field("source", view.source()),
                field("since", Text.moment(view.sinceMillis()))));
    fields.addAll(VoteText.board(view.board()));
    return Text.printable(
        Table.fields(fields) + "\n" + list(RulesText.lines(GovernedRules.read(Json.write(rules)))));
  }

  private static String list(List<String> lines) {
    var text = new StringBuilder();
    lines.forEach(line -> text.append("- ").append(line).append('\n'));
    return text.toString();
  }
}
