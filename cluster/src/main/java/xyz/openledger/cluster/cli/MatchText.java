package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.util.List;
import xyz.openledger.cluster.bench.JobsReport;
import xyz.openledger.cluster.bench.Surroundings;
import xyz.openledger.cluster.bench.match.MatchReport;

/** A {@link MatchReport} for people. */
final class MatchText {
  private MatchText() {}

  static String of(MatchReport report) {
    var text = new StringBuilder();
    text.append(Table.fields(surroundings(report)));
    report.parts().forEach(part -> append(text, part));
    report.findings().forEach(finding -> text.append("NOT AS IT MUST BE: %s\n".formatted(finding)));
    return text.toString();
  }

  static void append(StringBuilder text, MatchReport.Part part) {
    text.append("\n%s: %s\n".formatted(part.name(), part.how()));
    var figures = Table.of("CPU", "µs, MEDIAN", "LEAST", "MOST");
    for (MatchReport.Figure figure : part.figures()) {
      figures.row(figure.what(), figure.micros(), figure.minMicros(), figure.maxMicros());
    }
    text.append(figures.text());
    part.facts().forEach(fact -> text.append("%s: %s\n".formatted(fact.what(), fact.value())));
    var goals = Table.of("GOAL", "AIM", "MEASURED", "MET");
    for (JobsReport.Goal goal : part.goals()) {
      goals.row(goal.what(), goal.goal(), goal.measured(), goal.met() ? "yes" : "no");
    }
    text.append(goals.text());
  }

  private static List<Table.Field> surroundings(MatchReport report) {
    Surroundings now = report.surroundings();
    return List.of(
        field("at", now.at()),
        field("machine", "%d cores of %s".formatted(now.cores(), now.cpu())),
        field("java", now.java()),
        field("kernel", report.kernel()),
        field("nodes", "%,d, drawn from seed %d".formatted(report.nodes(), report.seed())),
        field(
            "load",
            "%s before, %s after, the bench included".formatted(now.loadBefore(), now.loadAfter())),
        field("cpu time", "of the one thread that matches"));
  }
}
