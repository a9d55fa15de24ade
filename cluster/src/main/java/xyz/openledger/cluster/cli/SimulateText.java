package xyz.openledger.cluster.cli;

import java.util.Locale;
import xyz.openledger.actors.simulation.Figures;
import xyz.openledger.actors.simulation.SimulationReport;

/** A {@link SimulationReport} for people. */
final class SimulateText {
  private SimulateText() {}

  static String of(SimulationReport report) {
    var text = new StringBuilder();
    text.append(
        "%d jobs on %d nodes%s, %s; every figure is a mean%s.\n\n"
            .formatted(
                report.jobs(),
                report.nodes(),
                report.loadPercent() == 0 ? "" : " at a load of " + report.loadPercent() + " %",
                report.seeds() == 1
                    ? "seed " + report.seed()
                    : "seeds %d to %d".formatted(report.seed(), report.seed() + report.seeds() - 1),
                report.seeds() == 1 ? " of its jobs" : " over the seeds"));
    var table =
        Table.of(
            "SCHEDULER",
            "SETTLED",
            "FAILED",
            "WAIT s",
            "WAIT P95 s",
            "DONE s",
            "USED %",
            "FRAGM %",
            "COST OPEN",
            "g CO2e",
            "OBJECTIVE %",
            "FAIRNESS",
            "STOPPED",
            "SHIFTED",
            "SAVED g");
    for (String scheduler : report.schedulers()) {
      table.row(
          scheduler,
          cell(report, scheduler, 0, Figures::settled),
          cell(report, scheduler, 0, Figures::failed),
          cell(report, scheduler, 0, Figures::waitMeanSeconds),
          cell(report, scheduler, 0, Figures::waitP95Seconds),
          cell(report, scheduler, 0, Figures::completionMeanSeconds),
          cell(report, scheduler, 1, Figures::utilisationPercent),
          cell(report, scheduler, 1, Figures::fragmentationPercent),
          cell(report, scheduler, 4, Figures::costOpen),
          cell(report, scheduler, 1, Figures::carbonGrams),
          cell(report, scheduler, 1, Figures::objectivePercent),
          cell(report, scheduler, 3, Figures::fairness),
          cell(report, scheduler, 0, Figures::preemptions),
          cell(report, scheduler, 0, Figures::shifts),
          cell(report, scheduler, 1, Figures::carbonSavedGrams));
    }
    text.append(table.text());
    var told = report.calibration();
    if (!told.isEmpty()) {
      text.append(
          "\nOf %s waits that openledger foretold, %s %% were within its p50 and %s %% within its p90.\n"
              .formatted(
                  number(told.getOrDefault("told", 0.0), 0),
                  number(told.getOrDefault("withinP50Percent", 0.0), 1),
                  number(told.getOrDefault("withinP90Percent", 0.0), 1)));
    }
    if (!report.differences().isEmpty()) {
      text.append("\nThe first less the second, seed by seed, with 95 % intervals\n");
      var differences =
          Table.of("FIRST", "SECOND", "FIGURE", "DIFFERENCE", "FROM", "TO", "THE FIRST IS");
      for (SimulationReport.Difference row : report.differences()) {
        differences.row(
            row.of(),
            row.to(),
            row.measure(),
            signed(row.difference().mean()),
            signed(row.difference().least()),
            signed(row.difference().most()),
            row.verdict());
      }
      text.append(differences.text());
    }
    return text.toString();
  }

  private static String cell(
      SimulationReport report, String scheduler, int digits, SimulationReport.Measured measure) {
    return number(report.mean(scheduler, measure), digits);
  }

  private static String number(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  private static String signed(double value) {
    return String.format(Locale.ROOT, "%+.4f", value);
  }
}
