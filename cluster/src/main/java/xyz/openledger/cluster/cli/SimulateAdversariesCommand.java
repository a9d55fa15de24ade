package xyz.openledger.cluster.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import xyz.openledger.actors.simulation.adversaries.AdversaryFigures;
import xyz.openledger.actors.simulation.adversaries.AdversaryReport;

@Command(
    name = "adversaries",
    description = "Lets machines cheat in eleven ways against the rules that members decide by.",
    footer = {
      "",
      "The same command prints the same bytes. What the columns mean: docs/verification.md.",
      "",
      "Example: openledger simulate adversaries --seed 7"
    })
final class SimulateAdversariesCommand implements Callable<Integer> {
  @Mixin Output output;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "7",
      description = "what everything is drawn from (default 7)")
  long seed;

  @Option(
      names = "--machines",
      paramLabel = "N",
      defaultValue = "40",
      description = "machines of as many owners (default 40)")
  int machines;

  @Option(
      names = "--share",
      paramLabel = "PERCENT",
      defaultValue = "20",
      description = "how many of them cheat (default 20)")
  int share;

  @Option(
      names = "--tasks",
      paramLabel = "N",
      defaultValue = "20000",
      description = "tasks for each adversary and policy (default 20000)")
  int tasks;

  SimulateAdversariesCommand(Shell shell) {
    this.output = new Output(shell);
  }

  @Override
  public Integer call() {
    AdversaryReport report =
        AdversaryReport.run(seed, machines, share, tasks, output.shell()::note);
    output.print(report, () -> text(report));
    return ExitCode.OK;
  }

  private static String text(AdversaryReport report) {
    var text = new StringBuilder();
    text.append(
        "%d machines of as many owners, %d %% of them cheat; %d tasks each; seed %d.\n"
            .formatted(
                report.machines(), report.adversaryPercent(), report.tasks(), report.seed()));
    text.append(part(report, false, "Whoever is caught loses its reward and its standing"));
    text.append(part(report, true, "Whoever is caught loses its stake of 100 rewards, too"));
    long pays = report.rows().stream().filter(row -> row.gainMilliRewards() >= 0).count();
    text.append(
        pays == 0
            ? "\nNo way of cheating pays better than honest work.\n"
            : "\nIn %d of %d rows cheating pays: GAIN is not below 0.\n"
                .formatted(pays, report.rows().size()));
    return text.toString();
  }

  private static String part(AdversaryReport report, boolean expels, String title) {
    var table =
        Table.of(
            "ADVERSARY",
            "POLICY",
            "CHEATED",
            "CAUGHT %",
            "WRONG ppm",
            "NONE ppm",
            "ACCUSED",
            "COPIES",
            "GAIN %");
    for (AdversaryFigures row : report.rows()) {
      if (row.expels() == expels) {
        table.row(
            row.adversary(),
            row.policy(),
            row.cheated(),
            number("%.1f", row.caughtPercent()),
            row.wrongPartsPerMillion(),
            row.undecidedPartsPerMillion(),
            row.accused(),
            number("%.2f", row.copies()),
            number("%+.1f", row.gainMilliRewards() / 10));
      }
    }
    return "\n" + title + "\n" + table.text();
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
