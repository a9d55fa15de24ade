package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.util.List;
import xyz.openledger.cluster.bench.Surroundings;
import xyz.openledger.cluster.bench.kernels.KernelsReport;

/** A {@link KernelsReport} for people. */
final class KernelsText {
  private KernelsText() {}

  static String of(KernelsReport report) {
    Surroundings now = report.surroundings();
    var text = new StringBuilder();
    text.append(
        Table.fields(
            List.of(
                field("at", now.at()),
                field("machine", "%d cores of %s".formatted(now.cores(), now.cpu())),
                field("java", now.java()),
                field("kernels", report.kernels()),
                field("cuda", report.cuda()),
                field("peer", report.peer()),
                field(
                    "load",
                    "%s before, %s after, the bench included"
                        .formatted(now.loadBefore(), now.loadAfter())),
                field("cpu time", "of the one thread that computes"))));
    report.parts().forEach(part -> MatchText.append(text, part));
    report.findings().forEach(finding -> text.append("NOT AS IT MUST BE: %s\n".formatted(finding)));
    return text.toString();
  }
}
