package xyz.openledger.cluster.cli;

import java.util.Locale;
import xyz.openledger.cluster.bench.LlamaBench;
import xyz.openledger.cluster.bench.Surroundings;

/** A {@link LlamaBench.Report} for people. */
final class LlamaText {
  private static final double MEGA = 1e6;

  private LlamaText() {}

  static String of(LlamaBench.Report report) {
    var table = Table.of("QUESTIONS", "TOKENS/CPU-S", "LLAMA.CPP", "RATIO", "GOAL", "");
    for (LlamaBench.Row row : report.rows()) {
      table.row(
          switch (row.mix()) {
            case ALONE -> "one after another";
            case SLOTS -> "16 at a time";
            case ADAPTERS -> "64, each its own adapter";
          },
          decimal(row.ours()),
          decimal(row.theirs()),
          decimal(row.ratio().measured()),
          decimal(row.ratio().goal()),
          row.ratio().met() ? "met" : "missed");
    }
    Surroundings on = report.surroundings();
    return "%s\nregistered     an adapter in %.1f ms of CPU, before; with that counted: %.2f times llama.cpp\nmodel          %d weights of %s, %.0f MB; %d tokens an answer\nkernels        %s\non             %s, %d cores, load %.1f to %.1f\n"
        .formatted(
            table.text(),
            report.registeringMillis(),
            report.ratioWithRegistering(),
            report.parameters(),
            report.options().bf16() ? "bf16" : "fp32",
            report.fileBytes() / MEGA,
            report.options().tokens(),
            report.kernels(),
            on.cpu(),
            on.cores(),
            on.loadBefore(),
            on.loadAfter());
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
