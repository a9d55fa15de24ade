package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import xyz.openledger.cluster.bench.LedgerCost;
import xyz.openledger.cluster.bench.LogAppends;
import xyz.openledger.cluster.bench.ReceiptHashing;
import xyz.openledger.cluster.bench.Surroundings;

@Command(
    name = "ledger",
    description =
        "Measures hashing and appending of receipts; reckons a chain's fees for a million.",
    footer = {
      "",
      "Dollars come from the fee formulas of the OP stack and the inputs named; nothing is asked of"
          + " a chain.",
      "",
      "Example: openledger bench ledger --batch 10000 --base-fee 20 --blob-fee 1 --dollars 3000"
    })
final class BenchLedgerCommand implements Callable<Integer> {
  private static final long SEED = 1;

  @Mixin Output output;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "10000",
      description = "receipts per checkpoint (default 10000)")
  long batch;

  @Option(
      names = "--vouchers",
      paramLabel = "N",
      defaultValue = "1000",
      description = "vouchers that are settled for the million jobs (default 1000)")
  long vouchers;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "24",
      description = "payout epochs for the million jobs (default 24)")
  long epochs;

  @Option(
      names = "--gas-price",
      paramLabel = "GWEI",
      defaultValue = "0.001",
      description = "the rollup's own price of gas (default 0.001)")
  double gasPrice;

  @Option(
      names = "--base-fee",
      paramLabel = "GWEI",
      defaultValue = "20",
      description = "base fee of the chain below (default 20)")
  double baseFee;

  @Option(
      names = "--blob-fee",
      paramLabel = "GWEI",
      defaultValue = "1",
      description = "blob fee of the chain below (default 1)")
  double blobFee;

  @Option(
      names = "--dollars",
      paramLabel = "N",
      defaultValue = "3000",
      description = "what the coin that pays the fees is worth (default 3000)")
  double dollars;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "rounds of hashing, half a CPU-second each (default 5)")
  int rounds;

  @Option(
      names = "--appends",
      paramLabel = "N",
      defaultValue = "20000",
      description = "receipts appended in a round; 0 for none (default 20000)")
  int appends;

  BenchLedgerCommand(Shell shell) {
    this.output = new Output(shell);
  }

  /** What programs read. */
  record Report(
      Surroundings surroundings,
      LedgerCost.Inputs inputs,
      List<LedgerCost.Row> perMillionJobs,
      List<Double> receiptsPerCpuSecond,
      List<LogAppends.Rate> appended) {}

  @Override
  public Integer call() throws Exception {
    if (batch < 1
        || vouchers < 0
        || epochs < 0
        || rounds < 1
        || rounds > 100
        || appends < 0
        || appends > 1_000_000) {
      throw CommandFailure.usage(
          "out of range", "--batch, --vouchers, --epochs, --rounds or --appends", "");
    }
    Path data = output.shell().resolve(Path.of(".openledger/bench"));
    Files.createDirectories(data);
    var before = Surroundings.before(data);
    var inputs =
        new LedgerCost.Inputs(batch, vouchers, epochs, gasPrice, baseFee, blobFee, dollars);
    var rates = ReceiptHashing.perCpuSecond(rounds, SEED);
    List<LogAppends.Rate> appended =
        appends == 0
            ? List.of()
            : LogAppends.measure(Files.createTempDirectory(data, "appends"), rounds, appends, SEED);
    var report = new Report(before.after(), inputs, LedgerCost.of(inputs), rates, appended);
    output.print(report, () -> text(report));
    return ExitCode.OK;
  }

  private static String text(Report report) {
    var now = report.surroundings();
    var rates = report.receiptsPerCpuSecond().stream().sorted().toList();
    String fields =
        Table.fields(
            List.of(
                field("at", now.at()),
                field("machine", "%d cores of %s".formatted(now.cores(), now.cpu())),
                field("java", now.java()),
                field("load", "%s before, %s after".formatted(now.loadBefore(), now.loadAfter())),
                field(
                    "receipts",
                    String.format(
                        Locale.ROOT,
                        "%,.0f hashed into the log per CPU-second (median; least %,.0f, most"
                            + " %,.0f)",
                        rates.get(rates.size() / 2),
                        rates.getFirst(),
                        rates.getLast()))));
    fields += appended(report.appended());
    var table = Table.of("A MILLION JOBS", "TRANSACTIONS", "GAS EACH", "BYTES EACH", "DOLLARS");
    double sum = 0;
    for (LedgerCost.Row row : report.perMillionJobs()) {
      table.row(
          row.what(), row.transactions(), row.gasEach(), row.bytesEach(), dollars(row.dollars()));
      sum += row.dollars();
    }
    table.row("together", "-", "-", "-", dollars(sum));
    var in = report.inputs();
    return fields
        + "\n"
        + table.text()
        + "With gas at %s gwei, a base fee of %s and a blob fee of %s gwei below, and %s dollars a coin.%n"
            .formatted(in.l2Gwei(), in.baseFeeGwei(), in.blobFeeGwei(), in.dollarsPerEther());
  }

  /** The round in the middle, with what the disk did just before it. */
  private static String appended(List<LogAppends.Rate> rates) {
    if (rates.isEmpty()) {
      return "";
    }
    var sorted =
        rates.stream().sorted(Comparator.comparingDouble(LogAppends.Rate::perSecond)).toList();
    var median = sorted.get(sorted.size() / 2);
    return Table.fields(
        List.of(
            field(
                "appended",
                String.format(
                    Locale.ROOT,
                    "%,.0f durable a second (median; least %,.0f, most %,.0f), %,.0f a CPU-second",
                    median.perSecond(),
                    sorted.getFirst().perSecond(),
                    sorted.getLast().perSecond(),
                    median.perCpuSecond())),
            field(
                "the disk alone",
                String.format(
                    Locale.ROOT,
                    "%,.0f fdatasync of 4 KiB a second; %.1f receipts appended in the time of one",
                    median.syncsPerSecond(),
                    median.perSecond() / median.syncsPerSecond()))));
  }

  private static String dollars(double amount) {
    return String.format(Locale.ROOT, "%.4f", amount);
  }
}
