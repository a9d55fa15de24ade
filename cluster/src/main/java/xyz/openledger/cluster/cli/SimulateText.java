package xyz.openledger.cluster.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import xyz.openledger.actors.simulation.Figures;
import xyz.openledger.actors.simulation.SimulationReport;
import xyz.openledger.actors.simulation.SimulationReport.Measured;

/** A {@link SimulationReport} for people. */
final class SimulateText {
  private static final List<Column> SCHEDULING =
      List.of(
          new Column("SETTLED", 0, Figures::settled),
          new Column("FAILED", 0, Figures::failed),
          new Column("WAIT s", 0, Figures::waitMeanSeconds),
          new Column("WAIT P95 s", 0, Figures::waitP95Seconds),
          new Column("DONE s", 0, Figures::completionMeanSeconds),
          new Column("USED %", 1, Figures::utilisationPercent),
          new Column("CAPACITY %", 1, Figures::capacityPercent),
          new Column("FRAGM %", 1, Figures::fragmentationPercent),
          new Column("COST OPEN", 4, Figures::costOpen),
          new Column("g CO2e", 1, Figures::carbonGrams),
          new Column("OBJECTIVE %", 1, Figures::objectivePercent),
          new Column("FAIRNESS", 3, Figures::fairness));

  private static final List<Column> BELIEF =
      List.of(
          new Column("COPIES", 2, Figures::copies),
          new Column("THEIR COST %", 1, Figures::replicationPercent),
          new Column("SPOT CHECKS", 0, Figures::spotChecks),
          new Column("REJECTED", 0, Figures::caught),
          new Column("WRONG", 0, Figures::wrong));

  private static final List<Column> VARIANTS =
      List.of(
          new Column("STOPPED", 0, Figures::preemptions),
          new Column("SHIFTED", 0, Figures::shifts),
          new Column("SAVED g", 1, Figures::carbonSavedGrams),
          new Column("SPOT LEASES", 0, Figures::spotLeases),
          new Column("SPOT OPEN", 6, Figures::spotOpenPerGigafuel),
          new Column("AHEAD h", 0, Figures::slotHoursAhead),
          new Column("AHEAD OPEN", 4, Figures::aheadOpenPerSlotHour),
          new Column("HURRIED s", 0, Figures::hurriedWaitSeconds));

  private static final String LEGEND =
      """
      Virtual time; nothing was run. Means of a job, unless said otherwise.
        WAIT from submission until each task has a first node; DONE until the verified result
        USED slots in use of those there, CAPACITY the same with each slot counted by its speed
        FRAGM of the free slots, what the work to come could not use
        COST paid, g CO2e emitted, for a settled job; OBJECTIVE how good the nodes are by each job's
        own weights, 100 being the best for each; FAIRNESS between tenants (Jain), 1 being alike
      More is better of SETTLED, USED, CAPACITY, OBJECTIVE and FAIRNESS, and less of all else.
      """;

  private static final String COPIES =
      """

      Verification: COPIES results for a task, THEIR COST what was paid for more than one, of all that was paid;
      SPOT CHECKS results repeated though their node was believed; REJECTED results; WRONG results that were accepted
      """;

  private static final String VARIANT =
      """

      Variants: STOPPED replicas that made room; SHIFTED tasks that waited for a clean hour, SAVED what that saved on
      the same machines; SPOT LEASES sold in clearings, SPOT OPEN the mean price of a gigafuel there;
      AHEAD slot-hours bought ahead and the price of one; HURRIED the wait of the jobs that such slots are for
      """;

  private final SimulationReport report;

  private SimulateText(SimulationReport report) {
    this.report = report;
  }

  private record Column(String name, int digits, Measured of) {}

  /**
   * The report in words and tables.
   *
   * @param more a command that says more than one seed can
   */
  static String of(SimulationReport report, String more) {
    return new SimulateText(report).text(more);
  }

  private String text(String more) {
    var text = new StringBuilder(head());
    text.append(LEGEND).append('\n').append(table(SCHEDULING, report.schedulers()));
    text.append(COPIES).append(table(BELIEF, report.schedulers()));
    List<String> variants =
        report.schedulers().stream().filter(each -> each.startsWith("openledger,")).toList();
    if (!variants.isEmpty()) {
      var beside = new ArrayList<>(List.of("openledger"));
      beside.addAll(variants);
      text.append(VARIANT).append(table(VARIANTS, beside));
    }
    foretold(text);
    behind(text);
    if (report.seeds() == 1) {
      text.append(
          "\n"
              + "One seed proves little: from seed to seed figures differ by more than schedulers"
              + " do. Over 30 seeds, in\n"
              + "pairs and with 95 % intervals: "
              + more
              + "\n");
    }
    differences(text);
    return text.toString();
  }

  private String head() {
    return "%d jobs on %d nodes%s, %s.\n"
        .formatted(
            report.jobs(),
            report.nodes(),
            report.loadPercent() == 0 ? "" : " at a load of " + report.loadPercent() + " %",
            report.seeds() == 1
                ? "seed " + report.seed()
                : "seeds %d to %d, of which each figure is the mean"
                    .formatted(report.seed(), report.seed() + report.seeds() - 1));
  }

  private String table(List<Column> columns, List<String> schedulers) {
    var names = new ArrayList<>(List.of("SCHEDULER"));
    columns.forEach(column -> names.add(column.name()));
    var table = Table.of(names.toArray(String[]::new));
    for (String scheduler : schedulers) {
      var cells = new ArrayList<>(List.of(scheduler));
      columns.forEach(
          column -> cells.add(number(report.mean(scheduler, column.of()), column.digits())));
      table.row(cells.toArray());
    }
    return table.text();
  }

  private void foretold(StringBuilder text) {
    var told = report.calibration();
    if (!told.isEmpty()) {
      text.append(
          "\nOf %s waits that openledger foretold, %s %% were within its p50 and %s %% within its p90 (90 is right).\n"
              .formatted(
                  number(told.getOrDefault("told", 0.0), 0),
                  number(told.getOrDefault("withinP50Percent", 0.0), 1),
                  number(told.getOrDefault("withinP90Percent", 0.0), 1)));
    }
  }

  private void behind(StringBuilder text) {
    var behind = report.behind();
    if (!behind.isEmpty()) {
      text.append("\nWhere openledger is behind:\n");
      behind.forEach(
          (figure, others) ->
              text.append("  %s: %s\n".formatted(figure, String.join(", ", others))));
    }
  }

  private void differences(StringBuilder text) {
    if (report.differences().isEmpty()) {
      return;
    }
    text.append("\nThe first less the second, seed by seed, with 95 % intervals\n");
    var table = Table.of("FIRST", "SECOND", "FIGURE", "DIFFERENCE", "FROM", "TO", "THE FIRST IS");
    for (SimulationReport.Difference row : report.differences()) {
      table.row(
          row.of(),
          row.to(),
          row.measure(),
          signed(row.difference().mean()),
          signed(row.difference().least()),
          signed(row.difference().most()),
          row.verdict());
    }
    text.append(table.text());
  }

  private static String number(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  private static String signed(double value) {
    return String.format(Locale.ROOT, "%+.4f", value);
  }
}
