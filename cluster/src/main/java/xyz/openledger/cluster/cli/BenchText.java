package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.util.List;
import xyz.openledger.cluster.bench.Floor;
import xyz.openledger.cluster.bench.JobsReport;
import xyz.openledger.cluster.bench.Latency;
import xyz.openledger.cluster.bench.Surroundings;

/** A {@link JobsReport} for people. */
final class BenchText {
  private BenchText() {}

  static String of(JobsReport report) {
    var text = new StringBuilder();
    text.append(Table.fields(surroundings(report.surroundings())));
    text.append("\nWhat the parts cost\n");
    var floor = Table.of("PART", "CPU µs", "WALL µs");
    for (Floor.Row part : report.floor().rows()) {
      floor.row(part.what(), part.cpuMicros(), part.wallMicros());
    }
    text.append(floor.text());
    report.rows().forEach(row -> row(text, row));
    text.append(
        "\nPeer: %s: %s jobs per CPU-second (%s)\n"
            .formatted(
                report.peer().name(), report.peer().jobsPerCpuSecond(), report.peer().source()));
    report.findings().forEach(finding -> text.append("NOT AS IT MUST BE: %s\n".formatted(finding)));
    return text.toString();
  }

  private static List<Table.Field> surroundings(Surroundings now) {
    return List.of(
        field("at", now.at()),
        field(
            "machine",
            "%d cores of %s; files on %s".formatted(now.cores(), now.cpu(), now.fileSystem())),
        field("java", now.java()),
        field(
            "load",
            "%s before, %s after, the bench included".formatted(now.loadBefore(), now.loadAfter())),
        field("cpu time", now.wholeTree() ? "of the whole process tree" : "of this process alone"));
  }

  private static void row(StringBuilder text, JobsReport.Row row) {
    text.append("\nRow ").append(row.name()).append('\n');
    row.conditions().forEach(condition -> text.append("  ").append(condition).append('\n'));
    var figures = Table.of("REPLICAS", "JOBS/CPU-S", "CPU ms/JOB", "JOBS/S", "KiB WRITTEN/JOB");
    for (JobsReport.Figure figure : row.figures()) {
      figures.row(
          figure.replicas(),
          figure.jobsPerCpuSecond(),
          figure.cpuMillisPerJob(),
          figure.jobsPerSecond(),
          figure.writtenKibPerJob());
    }
    text.append(figures.text());
    JobsReport.Paced paced = row.paced();
    text.append(
        "At half load (%s jobs a second): answered %s; settled %s\n"
            .formatted(paced.jobsPerSecond(), latency(paced.answered()), latency(paced.settled())));
    var goals = Table.of("GOAL", "AIM", "MEASURED", "MET");
    for (JobsReport.Goal goal : row.goals()) {
      goals.row(goal.what(), goal.goal(), goal.measured(), goal.met() ? "yes" : "no");
    }
    text.append(goals.text());
  }

  private static String latency(Latency latency) {
    return "p50 %s ms, p99 %s ms, worst %s ms"
        .formatted(latency.p50Millis(), latency.p99Millis(), latency.maxMillis());
  }
}
