package xyz.openledger.cluster.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import xyz.openledger.cluster.bench.match.MatchBench;
import xyz.openledger.cluster.bench.match.MatchReport;

@Command(
    name = "match",
    description = "Measures what matching costs; asserts nothing but that answers are right.",
    footer = {
      "",
      "One thread; CPU time. The row objects that it is compared with take turns with it.",
      "With a million nodes it takes 1 GiB of memory.",
      "",
      "Figures and what they mean: docs/performance.md.",
      "",
      "Example: openledger bench match --nodes 100000 --rounds 5 -o json"
    })
final class BenchMatchCommand implements Callable<Integer> {
  private static final int NODES_MAX = 10_000_000;
  private static final int PLACE_NODES = 10_000;
  private static final int WAITING = 100_000;
  private static final int ROUNDS_MAX = 100;
  private static final int ROUND_MILLIS = 150;

  @Mixin Output output;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "nodes to match (default 1000000)")
  int nodes;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "7",
      description = "rounds of each kind, after three that warm up (default 7)")
  int rounds;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "7",
      description = "what nodes and policies are drawn from (default 7)")
  long seed;

  @Spec CommandSpec spec = CommandSpec.create();

  BenchMatchCommand(Shell shell) {
    this.output = new Output(shell);
  }

  @Override
  public Integer call() throws Exception {
    check("--nodes", nodes, NODES_MAX);
    check("--rounds", rounds, ROUNDS_MAX);
    Shell shell = output.shell();
    MatchReport report =
        MatchBench.run(
            new MatchBench.Options(
                nodes, PLACE_NODES, WAITING, rounds, ROUND_MILLIS, seed, shell.workingDirectory()),
            shell::note);
    output.print(report, () -> MatchText.of(report));
    return report.findings().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }

  private void check(String option, int value, int max) {
    if (value < 1 || value > max) {
      throw new ParameterException(
          spec.commandLine(), "%s must be 1 to %d, is %d".formatted(option, max, value));
    }
  }
}
