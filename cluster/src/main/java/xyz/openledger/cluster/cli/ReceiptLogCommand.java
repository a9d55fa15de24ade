package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import xyz.openledger.cluster.cli.Table.Field;
import xyz.openledger.protocol.api.LogStatus;

@Command(
    name = "log",
    description =
        "Shows how far the receipt log is signed, witnessed and anchored, and who cosigns.",
    footer = "%nExample: openledger receipt log")
final class ReceiptLogCommand implements Callable<Integer> {
  @Mixin private final Member member;

  ReceiptLogCommand(Shell shell) {
    member = new Member(shell);
  }

  @Override
  public Integer call() {
    LogStatus log = member.client().receipts().log();
    member.print(log, () -> text(log));
    return ExitCode.OK;
  }

  private static String text(LogStatus log) {
    var fields =
        new ArrayList<Field>(
            List.of(
                field("log", log.origin()),
                field("key", log.key()),
                field("receipts", log.size()),
                field("signed", log.sealedSize()),
                field(
                    "witnessed",
                    log.quorum() == 0
                        ? "nobody is asked"
                        : "%d, by %d of %d"
                            .formatted(log.witnessedSize(), log.quorum(), log.witnesses().size())),
                field("mined", log.minedSize()),
                field("safe", log.safeSize()),
                field("final", log.finalSize())));
    for (LogStatus.Witness witness : log.witnesses()) {
      fields.add(
          field(
              "witness",
              witness.name() + (witness.fault() == null ? ", cosigns" : ", " + witness.fault())));
      fields.add(field("its key", witness.key()));
    }
    return Table.fields(fields) + waits(log);
  }

  /** Why what is signed is not on the chain yet, if something holds it. */
  private static String waits(LogStatus log) {
    if (log.quorum() > 0 && log.witnessedSize() < log.sealedSize()) {
      return "\nToo few witnesses have cosigned the last %d receipts; they are anchored once they do.\n"
          .formatted(log.sealedSize() - log.witnessedSize());
    }
    return log.chainReachable() || log.minedSize() >= log.sealedSize()
        ? ""
        : "\nThe chain is away; what waits is anchored by one transaction once it is back.\n";
  }
}
