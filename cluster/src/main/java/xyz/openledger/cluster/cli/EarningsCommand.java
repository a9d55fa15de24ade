package xyz.openledger.cluster.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.api.EarningsClaim;
import xyz.openledger.protocol.api.EarningsStatement;
import xyz.openledger.protocol.api.NodeSummary;
import xyz.openledger.protocol.client.OpenLedgerClient;

@Command(
    name = "earnings",
    description = "Shows what nodes and models earned, what is withheld and why; claims it.",
    subcommands = EarningsForecastCommand.class,
    footer = "%nExample: openledger earnings node-k7pw3zmx")
final class EarningsCommand implements Callable<Integer> {
  private static final int NODES_MAX = 200;
  private static final Pattern OWNER = Pattern.compile("0x[0-9a-fA-F]{40}");

  @Mixin Member member;

  @Parameters(
      paramLabel = "NODE",
      arity = "0..1",
      description = "id, prefix or name; an owner's address for his models; all nodes without one")
  @Nullable String node;

  @Option(
      names = "--csv",
      description = "a node's statement as rows of whole nano-OPEN, for spreadsheets")
  boolean csv;

  EarningsCommand(Shell shell) {
    this.member = new Member(shell);
  }

  @Override
  public Integer call() {
    var client = member.client();
    if (node != null) {
      EarningsStatement statement =
          OWNER.matcher(node).matches()
              ? client.accounts().modelEarnings(Address.parse(node))
              : client.accounts().earnings(NodeNames.id(client, node));
      if (csv) {
        member.shell().out().print(EarningsText.csv(statement));
        member.shell().out().flush();
        return ExitCode.OK;
      }
      member.print(
          statement,
          () ->
              EarningsText.standing(statement)
                  + EarningsText.forecast(client, statement)
                  + "\n"
                  + lines(statement));
      return ExitCode.OK;
    }
    if (csv) {
      throw CommandFailure.usage("name the node", "--csv", "openledger earnings NODE --csv");
    }
    List<EarningsStatement> statements = statements(client);
    member.print(statements, () -> summary(statements));
    return ExitCode.OK;
  }

  @Command(
      name = "claim",
      description = "Has the member send an owner what he may claim, on chain.",
      footer = "%nExample: openledger earnings claim 0x70997970C51812dc3A010C7d01b50e0d17dc79C8")
  int claim(
      @Mixin Member asked,
      @Option(
              names = "--relayed",
              description =
                  "the member sends it and pays its gas, the contract pays the owner: the way it"
                      + " always goes, for scripts that say so")
          boolean relayed,
      @Parameters(
              paramLabel = "OWNER",
              arity = "0..1",
              description =
                  "his address; may be left out if one owner alone has something to claim")
          @Nullable String owner) {
    var client = asked.client();
    Address claimant = owner == null ? onlyClaimant(client) : Address.parse(owner);
    EarningsClaim claim = client.accounts().claim(claimant);
    asked.print(
        claim,
        () ->
            "%s to %s, payout epoch %d%s; the member paid the gas%n"
                .formatted(
                    Money.text(claim.amountNanoOpen()),
                    claim.owner(),
                    claim.epoch(),
                    claim.transaction() == null ? "" : ", transaction " + claim.transaction()));
    return ExitCode.OK;
  }

  private static List<EarningsStatement> statements(OpenLedgerClient client) {
    var statements = new ArrayList<EarningsStatement>();
    for (NodeSummary each : client.network().nodes(null)) {
      if (statements.size() == NODES_MAX) {
        break;
      }
      statements.add(client.accounts().earnings(each.id().value()));
    }
    return statements;
  }

  private static Address onlyClaimant(OpenLedgerClient client) {
    var owners = new TreeSet<Address>();
    statements(client).stream()
        .filter(statement -> statement.claimableNanoOpen() > 0)
        .forEach(statement -> owners.add(statement.owner()));
    if (owners.isEmpty()) {
      throw CommandFailure.failed("nobody has anything to claim yet", "openledger earnings");
    }
    if (owners.size() > 1) {
      throw CommandFailure.usage(
          owners.size() + " owners have something to claim; name one",
          "OWNER",
          "openledger earnings claim " + owners.first());
    }
    return owners.first();
  }

  private static String summary(List<EarningsStatement> statements) {
    var table = Table.of("NODE", "OWNER", "EARNED", "PUBLISHING", "CLAIMABLE", "WITHHELD");
    for (EarningsStatement statement : statements) {
      var of = statement.node();
      table.row(
          of == null ? "-" : Text.shortId(of.value()),
          statement.owner(),
          Money.text(statement.earnedNanoOpen()),
          Money.text(statement.publishingNanoOpen()),
          Money.text(statement.claimableNanoOpen()),
          Money.text(statement.withheldNanoOpen()));
    }
    return table.text();
  }

  private static String lines(EarningsStatement statement) {
    var table =
        Table.of("REPLICA", "NET", "FEE", "STANDING", "WHEN", "HELD BECAUSE", "RELEASED BY");
    for (EarningsStatement.Line line : statement.lines()) {
      table.row(
          line.replica(),
          Money.text(line.netNanoOpen()),
          Money.text(line.feeNanoOpen()),
          line.standing().name().toLowerCase(Locale.ROOT),
          line.epoch() == 0 ? when(line) : "%s (epoch %d)".formatted(when(line), line.epoch()),
          because(line),
          line.releasedBy() == null ? "-" : line.releasedBy());
    }
    return table.text();
  }

  private static String when(EarningsStatement.Line line) {
    return EarningsText.when(line.standing(), line.withinMillis());
  }

  private static String because(EarningsStatement.Line line) {
    String why = line.why() == null ? "-" : line.why();
    return line.reason().isEmpty() ? why : "%s: %s".formatted(line.reason(), why);
  }
}
