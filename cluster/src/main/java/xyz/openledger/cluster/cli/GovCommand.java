package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import xyz.openledger.pools.governance.GovernedRules;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.api.GovernanceView;
import xyz.openledger.protocol.client.RulesFile;
import xyz.openledger.protocol.json.Json;

@Command(
    name = "gov",
    description =
        "Shows and sets the governed values: what the scheduler obeys, whatever a job asks.",
    footer = "%nExample: openledger gov show")
final class GovCommand {

  /** What programs read of rules that were checked. */
  record Checked(long epoch, Digest ruleHash, JsonNode rules, List<String> says) {}

  @Command(
      name = "show",
      description = "Shows the rules that are in force, their epoch and their hash.",
      footer = "%nExample: openledger gov show -o json")
  int show(@Mixin Member member) {
    GovernanceView view = member.client().network().governance();
    member.print(view, () -> text(view));
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
      return "nothing is governed: epoch 0\n";
    }
    return Text.printable(
        Table.fields(
                List.of(
                    field("epoch", view.epoch()),
                    field("rules", view.ruleHash()),
                    field("source", view.source()),
                    field("since", Text.moment(view.sinceMillis()))))
            + "\n"
            + list(RulesText.lines(GovernedRules.read(Json.write(rules)))));
  }

  private static String list(List<String> lines) {
    var text = new StringBuilder();
    lines.forEach(line -> text.append("- ").append(line).append('\n'));
    return text.toString();
  }
}
