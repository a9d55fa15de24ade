package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import xyz.openledger.cluster.bench.AuctionBench;
import xyz.openledger.cluster.bench.AuctionReport;

@Command(
    name = "auction",
    description = "Measures orders per CPU-second of the market, and that a replay gives the same.",
    footer = {
      "",
      "Beside exchange-core: benchmarks/auction-beside-exchange-core. Figures:"
          + " docs/performance.md.",
      "",
      "Example: openledger bench auction --orders 500000 --rounds 5 -o json"
    })
final class BenchAuctionCommand implements Callable<Integer> {
  private static final int ORDERS_MAX = 1_000_000;
  private static final int ROUNDS_MAX = 100;

  @Mixin Output output;

  @Option(
      names = "--orders",
      paramLabel = "N",
      defaultValue = "500000",
      description = "orders of one round (default 500000)")
  int orders;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "1000",
      description = "orders between two clearings (default 1000)")
  int batch;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "rounds, after those that warm up (default 5)")
  int rounds;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "4",
      description = "rounds thrown away (default 4)")
  int warmUp;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "the orders are drawn from it (default 1)")
  long seed;

  @Option(
      names = "--peer",
      paramLabel = "DIR",
      description = "exchange-core, as its script made it, to run in turn with")
  @Nullable Path peer;

  @Spec CommandSpec spec = CommandSpec.create();

  BenchAuctionCommand(Shell shell) {
    this.output = new Output(shell);
  }

  @Override
  public Integer call() throws Exception {
    check("--orders", orders, 1, ORDERS_MAX);
    check("--batch", batch, 1, ORDERS_MAX);
    check("--rounds", rounds, 1, ROUNDS_MAX);
    check("--warm-up", warmUp, 0, ROUNDS_MAX);
    Shell shell = output.shell();
    AuctionReport report =
        AuctionBench.run(
            new AuctionBench.Options(
                orders,
                batch,
                rounds,
                warmUp,
                seed,
                peer == null ? null : shell.resolve(peer),
                shell.resolve(Path.of(".openledger/bench"))),
            shell::note);
    output.print(report, () -> text(report));
    return report.findings().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }

  private void check(String option, int value, int min, int max) {
    if (value < min || value > max) {
      throw new ParameterException(
          spec.commandLine(), "%s must be %d to %d, is %d".formatted(option, min, max, value));
    }
  }

  private static String text(AuctionReport report) {
    var now = report.surroundings();
    var text =
        new StringBuilder(
            Table.fields(
                List.of(
                    field("at", now.at()),
                    field("machine", "%d cores of %s".formatted(now.cores(), now.cpu())),
                    field("java", now.java()),
                    field(
                        "load", "%s before, %s after".formatted(now.loadBefore(), now.loadAfter())),
                    field(
                        "orders",
                        "%s a round, seed %d; cleared every %s"
                            .formatted(
                                Text.count(report.orders()),
                                report.seed(),
                                Text.count(report.batch()))),
                    field("replay", report.replay() + ", every round"))));
    var table = Table.of("WHO", "ORDERS/CPU-S", "LEAST", "MOST", "ORDERS/S", "TRADES");
    row(table, "market (batch auction)", report.ordersPerCpuSecond(), report.rounds());
    if (!report.peer().isEmpty()) {
      row(
          table,
          "exchange-core 0.5.3 (continuous)",
          report.peerOrdersPerCpuSecond(),
          report.peer());
    }
    text.append('\n').append(table.text());
    if (!report.peer().isEmpty()) {
      text.append(
          String.format(
              Locale.ROOT,
              "%nA different mechanism for the same orders, in turn: %.2f times (goal: 0.5)%n",
              report.ratio()));
    }
    report.findings().forEach(finding -> text.append("NOT AS IT MUST BE: %s\n".formatted(finding)));
    return text.toString();
  }

  private static void row(Table table, String who, double median, List<AuctionReport.Run> runs) {
    table.row(
        who,
        Text.count((long) median),
        Text.count(
            (long)
                runs.stream().mapToDouble(AuctionReport.Run::ordersPerCpuSecond).min().orElse(0)),
        Text.count(
            (long)
                runs.stream().mapToDouble(AuctionReport.Run::ordersPerCpuSecond).max().orElse(0)),
        Text.count(
            (long) runs.stream().mapToDouble(AuctionReport.Run::ordersPerSecond).max().orElse(0)),
        Text.count(runs.getLast().trades()));
  }
}
