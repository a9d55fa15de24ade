package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import xyz.openledger.cluster.bench.FirstTokenBench;
import xyz.openledger.cluster.bench.InferenceBench;
import xyz.openledger.cluster.bench.LlamaBench;
import xyz.openledger.cluster.bench.Surroundings;

@Command(
    name = "inference",
    description = "Measures what adapters cost an engine, and how long a cold one takes to load.",
    footer = "%nExample: openledger bench inference --adapters 2048 -o json")
final class BenchInferenceCommand implements Callable<Integer> {
  @Mixin Output output;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "whom to measure (default: the tiny one that ships)")
  @Nullable Path model;

  @Option(
      names = "--adapters",
      paramLabel = "N",
      defaultValue = "2048",
      description = "drawn and registered (default 2048)")
  int adapters;

  @Option(
      names = "--rank",
      paramLabel = "N",
      defaultValue = "8",
      description = "of each adapter (default 8)")
  int rank;

  @Option(
      names = "--requests",
      paramLabel = "N",
      defaultValue = "512",
      description = "of one round (default 512)")
  int requests;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      defaultValue = "32",
      description = "of one answer, at most (default 32)")
  int tokens;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "7",
      description = "after one that warms up (default 7)")
  int rounds;

  @Option(
      names = "--peer",
      paramLabel = "DIR",
      description = "run in turn with llama.cpp on a drawn model instead; see benchmarks/README.md")
  @Nullable Path peer;

  @Option(
      names = "--fp32",
      description = "with --peer: weights of fp32, 332 MB of half as many, instead of bf16")
  boolean fp32;

  @Option(
      names = "--resident",
      paramLabel = "N",
      description = "measure waits for first tokens instead, while memory holds about N adapters")
  @Nullable Integer resident;

  BenchInferenceCommand(Shell shell) {
    this.output = new Output(shell);
  }

  @Override
  public Integer call() throws IOException {
    check("--adapters", adapters, 1, 20_000);
    check("--rank", rank, 1, 64);
    check("--requests", requests, 1, 1_000);
    check("--tokens", tokens, 1, 256);
    check("--rounds", rounds, 1, 100);
    Path scratch = Files.createTempDirectory("openledger-bench");
    try {
      if (peer != null) {
        return beside(output.shell().resolve(peer), scratch);
      }
      if (resident != null) {
        return firstTokens(resident, scratch);
      }
      InferenceBench.Report report =
          InferenceBench.run(
              new InferenceBench.Options(
                  model == null ? ModelFolders.tiny() : output.shell().resolve(model),
                  adapters,
                  rank,
                  requests,
                  tokens,
                  rounds),
              scratch);
      output.print(report, () -> text(report));
      return ExitCode.OK;
    } finally {
      try (var files = Files.walk(scratch)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private int firstTokens(int held, Path scratch) throws IOException {
    check("--resident", held, 1, adapters);
    FirstTokenBench.Report report =
        FirstTokenBench.run(
            new FirstTokenBench.Options(
                model == null ? ModelFolders.tiny() : output.shell().resolve(model),
                adapters,
                held,
                rank,
                requests,
                tokens,
                7),
            scratch);
    Surroundings on = report.surroundings();
    output.print(
        report,
        () ->
            """
            first token    median %.2f ms, p99 %.2f ms, by the wall clock
            adapters       %d registered, %d asked for; %.1f %% in memory when asked for
            on             %s, %d cores, load %.1f to %.1f
            """
                .formatted(
                    report.medianMillis(),
                    report.p99Millis(),
                    adapters,
                    report.distinct(),
                    report.hitPercent(),
                    on.cpu(),
                    on.cores(),
                    on.loadBefore(),
                    on.loadAfter()));
    return ExitCode.OK;
  }

  private int beside(Path folder, Path scratch) throws IOException {
    LlamaBench.Report report =
        LlamaBench.run(
            new LlamaBench.Options(folder, !fp32, tokens, rounds, 7),
            scratch,
            output.shell()::note);
    output.print(report, () -> LlamaText.of(report));
    return ExitCode.OK;
  }

  private static void check(String option, int value, int min, int max) {
    if (value < min || value > max) {
      throw CommandFailure.usage("%s must be %d to %d".formatted(option, min, max), option, "");
    }
  }

  private static String text(InferenceBench.Report report) {
    var table = Table.of("REQUESTS WITH", "TOKENS/S", "TOKENS/CPU-S", "OF BASE");
    for (InferenceBench.Row row : report.rows()) {
      table.row(
          switch (row.mix()) {
            case BASE -> "the base alone";
            case ONE -> "one adapter";
            case DISTINCT -> report.options().adapters() + " adapters in turn";
          },
          Math.round(row.tokensPerSecond()),
          Math.round(row.tokensPerCpuSecond()),
          String.format(Locale.ROOT, "%.0f %%", row.ofBasePercent()));
    }
    Surroundings on = report.surroundings();
    return "%s\ncold load      median %.0f us, p99 %.0f us; of CPU %.0f and %.0f us\nmodel          %d weights; kernels: %s\non             %s, %d cores, load %.1f to %.1f\n"
        .formatted(
            table.text(),
            report.coldLoadMedianMicros(),
            report.coldLoadP99Micros(),
            report.coldLoadCpuMedianMicros(),
            report.coldLoadCpuP99Micros(),
            report.parameters(),
            report.kernels(),
            on.cpu(),
            on.cores(),
            on.loadBefore(),
            on.loadAfter());
  }
}
