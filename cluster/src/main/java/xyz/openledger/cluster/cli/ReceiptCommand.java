package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.cluster.cli.Table.Field;
import xyz.openledger.cluster.evidence.CheckableProof;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Division;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.api.Anchor;
import xyz.openledger.protocol.api.ReceiptProof;
import xyz.openledger.protocol.api.ReceiptView;
import xyz.openledger.protocol.client.OpenLedgerClient;
import xyz.openledger.protocol.json.Json;

@Command(
    name = "receipt",
    description = "Shows what is left of a job for anyone to check, and checks it.",
    subcommands = {
      ReceiptVerifyCommand.class,
      ReceiptRecheckCommand.class,
      ReceiptLogCommand.class
    },
    footer = "%nExample: openledger receipt show job-u5xqnzl2 -o json > receipt.json")
final class ReceiptCommand {

  @Command(
      name = "show",
      description = "Shows a job's receipt; with -o json, the file that receipt verify reads.",
      footer = "%nExample: openledger receipt show job-u5xqnzl2 -o json > receipt.json")
  int show(
      @Mixin Member member,
      @Parameters(paramLabel = "JOB", description = "id or prefix") String job,
      @Option(
              names = "--first",
              description = "the receipt of what was answered before it was verified")
          boolean first) {
    OpenLedgerClient client = member.client();
    if (member.json()) {
      ReceiptProof proof = first ? client.receipts().proveFirst(job) : client.receipts().prove(job);
      member.print(CheckableProof.of(proof), () -> "");
    } else {
      ReceiptView receipt = first ? client.receipts().showFirst(job) : client.receipts().show(job);
      member.print(receipt, () -> text(receipt, client));
    }
    return ExitCode.OK;
  }

  private static String text(ReceiptView receipt, OpenLedgerClient client) {
    var fields =
        new ArrayList<Field>(
            List.of(
                field("job", receipt.job()),
                field("leaf", receipt.index() + " of the log"),
                field("level", receipt.level().name().toLowerCase(Locale.ROOT)),
                field("document", Digest.of(Json.canonical(receipt.document())))));
    if (receipt.firstIndex() != null) {
      fields.add(
          field(
              "first answer",
              "leaf %d: openledger receipt show %s --first"
                  .formatted(receipt.firstIndex(), receipt.job())));
    }
    fields.addAll(amounts(Json.read(receipt.document(), Receipt.class)));
    client.receipts().anchors().stream()
        .limit(200)
        .filter(anchor -> anchor.size() > receipt.index())
        .reduce((_, older) -> older)
        .ifPresent(anchor -> fields.add(field("checkpoint", describe(anchor))));
    return Table.fields(fields) + "\n" + Json.pretty(receipt.document()) + "\n";
  }

  /** What was charged, and who gets which part of it. */
  static List<Field> amounts(Receipt receipt) {
    var fields = new ArrayList<>(List.of(field("charged", Money.text(receipt.chargedNanoOpen()))));
    Division division = receipt.division();
    if (division != null) {
      fields.add(field("  nodes", Money.text(division.nodesNanoOpen())));
      share(fields, "  platform", division.platformNanoOpen(), null);
      share(fields, "  model", division.modelNanoOpen(), division.modelOwner());
      share(fields, "  stakers", division.stakersNanoOpen(), null);
      share(fields, "  data", division.dataNanoOpen(), null);
      share(fields, "  carried on", division.carriedNanoOpen(), null);
      fields.add(field("returned", Money.text(division.refundedNanoOpen())));
    }
    return fields;
  }

  private static void share(List<Field> fields, String name, long amount, @Nullable Address to) {
    if (amount != 0) {
      fields.add(field(name, Money.text(amount) + (to == null ? "" : " to " + to)));
    }
  }

  /** The first checkpoint that covers the receipt. */
  private static String describe(Anchor anchor) {
    String place = anchor.block() == null ? "not on the chain yet" : "block " + anchor.block();
    String transaction =
        anchor.transaction() == null ? "" : ", transaction " + anchor.transaction();
    return "size %d, root %s, %s%s".formatted(anchor.size(), anchor.root(), place, transaction);
  }
}
