package xyz.openledger.cluster.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import xyz.openledger.cluster.bench.match.MatchReport;
import xyz.openledger.cluster.bench.match.PoolsBench;

@Command(
    name = "pools",
    description = "Measures placing through a member's queue and matcher, and what pools weigh.",
    footer = {
      "",
      "One thread; CPU time; no actors. A million nodes and tasks take some 4 GiB.",
      "Beside Netflix Fenzo: benchmarks/pools-beside-fenzo. Figures: docs/performance.md.",
      "",
      "Example: openledger bench pools --nodes 0 --rounds 5 -o json"
    })
final class BenchPoolsCommand implements Callable<Integer> {
  private static final List<Integer> SIZES = List.of(1_000, 10_000, 64_000);
  private static final int CELL = 62_500;
  private static final int NODES_MAX = 10_000_000;
  private static final int ROUNDS_MAX = 100;
  private static final int ROUND_MILLIS = 200;

  @Mixin Output output;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "nodes of all pools for growth and memory, 0 for neither (default 1000000)")
  int nodes;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "7",
      description = "rounds of each kind, after those that warm up (default 7)")
  int rounds;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "7",
      description = "what nodes and tasks are drawn from (default 7)")
  long seed;

  @Option(
      names = "--peer",
      paramLabel = "DIR",
      description = "Fenzo, as its script made it, to run in turn with")
  @Nullable Path peer;

  @Spec CommandSpec spec = CommandSpec.create();

  BenchPoolsCommand(Shell shell) {
    this.output = new Output(shell);
  }

  @Override
  public Integer call() throws Exception {
    check("--nodes", nodes, 0, NODES_MAX);
    check("--rounds", rounds, 1, ROUNDS_MAX);
    Shell shell = output.shell();
    MatchReport report =
        PoolsBench.run(
            new PoolsBench.Options(
                SIZES,
                nodes,
                CELL,
                rounds,
                ROUND_MILLIS,
                seed,
                peer == null ? null : shell.resolve(peer),
                shell.workingDirectory()),
            shell::note);
    output.print(report, () -> MatchText.of(report));
    return report.findings().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }

  private void check(String option, int value, int min, int max) {
    if (value < min || value > max) {
      throw new ParameterException(
          spec.commandLine(), "%s must be %d to %d, is %d".formatted(option, min, max, value));
    }
  }
}
