package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.protocol.api.PublishedPayouts;
import xyz.openledger.protocol.api.ReopenRequest;
import xyz.openledger.protocol.api.ReopenedEpoch;

@Command(
    name = "payout",
    description = "Shows how payout epochs stand, and takes back one that the judge rejected.",
    subcommands = PayoutRejectCommand.class,
    footer = "%nExample: openledger payout show")
final class PayoutCommand {
  @Command(
      name = "show",
      description = "Shows which epoch pays, and which is on its way or can be challenged.",
      footer = "%nExample: openledger payout show")
  int show(@Mixin Member member) {
    PublishedPayouts payouts = member.client().accounts().payouts();
    member.print(payouts, () -> Table.fields(standing(payouts)));
    return ExitCode.OK;
  }

  private static List<Table.Field> standing(PublishedPayouts payouts) {
    var fields = new ArrayList<Table.Field>();
    fields.add(
        field(
            "pays",
            payouts.epoch() == 0
                ? "no epoch yet"
                : "epoch %d, to %d accounts".formatted(payouts.epoch(), payouts.payouts().size())));
    PublishedPayouts.Waiting waiting = payouts.waiting();
    fields.add(field("on its way", waiting == null ? "none" : "epoch " + waiting.epoch()));
    if (waiting != null) {
      fields.add(field("its root", waiting.root()));
    }
    return fields;
  }

  @Command(
      name = "reopen",
      description = "Takes a rejected payout epoch back, so that the next one pays what it would.",
      footer = {
        "",
        "Needs a token of the scope admin. The member looks at the final chain first, and refuses"
            + " an epoch that was not rejected.",
        "What it would have paid is earned again; the money that was sent for it stays with the"
            + " distributor and covers what comes next.",
        "",
        "Example: openledger payout reopen 7 --reason wrong-payee"
      })
  int reopen(
      @Mixin Member member,
      @Parameters(paramLabel = "EPOCH", description = "its number") long epoch,
      @Option(
              names = "--reason",
              required = true,
              paramLabel = "TEXT",
              description = "why the root was wrong; stands in the journal")
          String reason) {
    ReopenedEpoch reopened = member.client().accounts().reopen(epoch, new ReopenRequest(reason));
    member.print(
        reopened,
        () ->
            Table.fields(
                List.of(
                    field("epoch", reopened.epoch() + ", taken back; its number is not used again"),
                    field("rejected root", reopened.root()),
                    field("earned again", Money.text(reopened.returnedNanoOpen())),
                    field("kept by the distributor", Money.text(reopened.keptNanoOpen())),
                    field("by", reopened.by()),
                    field("reason", reopened.reason()))));
    return ExitCode.OK;
  }
}
