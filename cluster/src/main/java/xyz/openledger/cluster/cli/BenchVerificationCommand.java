package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import xyz.openledger.cluster.bench.VerificationBench;

@Command(
    name = "verification",
    description = "Measures the checks of an int8 product beside the product itself.",
    footer = {
      "",
      "One thread. What the checks are worth: docs/verification-proofs.md.",
      "",
      "Example: openledger bench verification --side 1024 --rounds 9 -o json"
    })
final class BenchVerificationCommand implements Callable<Integer> {
  @Mixin Output output;

  @Option(
      names = "--side",
      paramLabel = "N",
      defaultValue = "1024",
      description = "rows, inner and columns (default 1024)")
  int side;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "9",
      description = "rounds, after as many that warm up (default 9)")
  int rounds;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "the matrices are drawn from it (default 1)")
  long seed;

  @Spec CommandSpec spec = CommandSpec.create();

  BenchVerificationCommand(Shell shell) {
    this.output = new Output(shell);
  }

  @Override
  public Integer call() throws Exception {
    if (side < 1 || side > 4096 || rounds < 1 || rounds > 1000) {
      throw new ParameterException(
          spec.commandLine(), "--side must be 1 to 4096 and --rounds 1 to 1000");
    }
    Path data = output.shell().resolve(Path.of(".openledger/bench"));
    VerificationBench.Report report = VerificationBench.run(data, side, rounds, seed);
    output.print(report, () -> text(report));
    return ExitCode.OK;
  }

  private static String text(VerificationBench.Report report) {
    var now = report.surroundings();
    var fields =
        Table.fields(
            List.of(
                field("at", now.at()),
                field("machine", "%d cores of %s".formatted(now.cores(), now.cpu())),
                field("java", now.java()),
                field("load", "%s before, %s after".formatted(now.loadBefore(), now.loadAfter())),
                field("product", "int8, %d on each side, one thread".formatted(report.side())),
                field("sum-check", report.sumCheckBytes() + " bytes of proof")));
    var table = Table.of("WHAT", "MEDIAN MS", "LEAST MS", "OF JAVA'S", "OF C'S");
    for (VerificationBench.Row row : report.rows()) {
      table.row(
          row.what(),
          number(row.medianMillis()),
          number(row.leastMillis()),
          number(row.ofProductPercent()) + " %",
          number(row.ofNativePercent()) + " %");
    }
    return fields + "\n" + table.text();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
