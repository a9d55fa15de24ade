package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.math.BigDecimal;
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
  private static final int WEI_DIGITS = 18;

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
    LogStatus.Spent spent = log.spent();
    if (spent != null) {
      fields.addAll(spent(spent));
    }
    for (LogStatus.Witness witness : log.witnesses()) {
      fields.add(
          field(
              "witness",
              witness.name() + (witness.fault() == null ? ", cosigns" : ", " + witness.fault())));
      fields.add(field("its key", witness.key()));
    }
    List<LogStatus.Standstill> standstills = log.standstills();
    if (standstills != null) {
      standstills.forEach(each -> fields.add(field(each.id() + " waits", each.reason())));
    }
    return Table.fields(fields) + waits(log);
  }

  private static List<Field> spent(LogStatus.Spent spent) {
    var fields = new ArrayList<Field>();
    fields.add(
        field(
            "anchored",
            "%,d receipts by %,d transactions, %,d gas, %,d a receipt"
                .formatted(
                    spent.receipts(),
                    spent.anchors(),
                    spent.gas(),
                    spent.gas() / Math.max(1, spent.receipts()))));
    fields.add(field("fees paid", coins(spent.feeWei())));
    if (!spent.l1FeeWei().equals("0") || !spent.operatorFeeWei().equals("0")) {
      fields.add(field("of it for L1 data", coins(spent.l1FeeWei())));
      fields.add(field("of it for the operator", coins(spent.operatorFeeWei())));
    }
    return fields;
  }

  private static String coins(String wei) {
    return new BigDecimal(wei).movePointLeft(WEI_DIGITS).stripTrailingZeros().toPlainString()
        + " of the chain's coin";
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
