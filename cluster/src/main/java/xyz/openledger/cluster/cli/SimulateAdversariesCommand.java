package xyz.openledger.cluster.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import xyz.openledger.actors.simulation.adversaries.Adversary;
import xyz.openledger.actors.simulation.adversaries.AdversaryFigures;
import xyz.openledger.actors.simulation.adversaries.AdversaryReport;

@Command(
    name = "adversaries",
    description = "Lets machines cheat in twelve ways against the rules that members decide by.",
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
    text.append(conduct());
    text.append(
        part(
            report,
            true,
            "Evidence is brought to court: whoever is caught loses its stake of 100 rewards, too"));
    text.append(
        part(
            report,
            false,
            "Nobody brings it: whoever is caught loses its reward and its standing"));
    text.append(hearings(report));
    text.append(sums(report, true, "where evidence is brought"));
    text.append(sums(report, false, "where nobody brings it"));
    return text.toString();
  }

  private static String conduct() {
    var table = Table.of("ADVERSARY", "WHAT IT DOES");
    for (Adversary adversary : Adversary.values()) {
      table.row(adversary.word(), adversary.conduct());
    }
    return "\n"
        + table.text()
        + """

        CAUGHT: of its cheats, those written down against it. WRONG, NONE: results accepted and
        wrong, and tasks without one. ACCUSED: honest replicas that dissented. COPIES: executions
        a task. GAIN: what a lease brought it beyond honest work, of a reward; below 0 it does not
        pay.
        """;
  }

  private static String hearings(AdversaryReport report) {
    long heard = report.rows().stream().mapToLong(row -> row.hearings().heard()).sum();
    int rounds = report.rows().stream().mapToInt(row -> row.hearings().roundsMax()).max().orElse(0);
    int bound =
        report.rows().stream().mapToInt(row -> row.hearings().roundsBound()).max().orElse(0);
    long millis =
        report.rows().stream().mapToLong(row -> row.hearings().millisMax()).max().orElse(0);
    return """

    Under dispute %d hearings were played: %d rounds at the most, where %d are possible; the longest
    took %s s by its clock, which leaves each side 60.
    """
        .formatted(heard, rounds, bound, number("%.1f", millis / 1_000.0));
  }

  /** In which rows cheating pays. */
  private static String sums(AdversaryReport report, boolean expels, String where) {
    String pays =
        report.rows().stream()
            .filter(row -> row.expels() == expels && row.gainMilliRewards() >= 0)
            .map(row -> row.adversary() + " under " + row.policy())
            .collect(Collectors.joining(", "));
    return "\nCheating pays %s: %s\n".formatted(where, pays.isEmpty() ? "in no row" : pays);
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
