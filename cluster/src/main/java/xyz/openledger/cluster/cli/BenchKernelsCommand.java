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
import xyz.openledger.cluster.bench.kernels.KernelsBench;
import xyz.openledger.cluster.bench.kernels.KernelsReport;

@Command(
    name = "kernels",
    description = "Measures the strict kernels; asserts nothing but that bits are right.",
    footer = {
      "",
      "Takes up to 0.7 GiB for pools of adapters. Beside OpenBLAS:",
      "benchmarks/kernels-beside-openblas. Figures: docs/performance.md.",
      "",
      "Example: openledger bench kernels --rounds 5 -o json"
    })
final class BenchKernelsCommand implements Callable<Integer> {
  private static final int ROUNDS_MAX = 100;
  private static final int ROUND_MILLIS = 40;
  private static final int POOL = 2048;
  private static final int POOL_MAX = 4096;
  private static final int POOL_RANK_MAX = 16;

  @Mixin Output output;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "15",
      description = "rounds of each kind, after three that warm up (default 15)")
  int rounds;

  @Option(
      names = "--pool",
      paramLabel = "N",
      defaultValue = "" + POOL,
      description = "adapters that do not fit the caches (default 2048)")
  int pool;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "7",
      description = "what numbers are drawn from (default 7)")
  long seed;

  @Option(
      names = "--peer",
      paramLabel = "DIR",
      description = "folder with libopenblas.so.0, to run in turn with")
  @Nullable Path peer;

  @Spec CommandSpec spec = CommandSpec.create();

  BenchKernelsCommand(Shell shell) {
    this.output = new Output(shell);
  }

  @Override
  public Integer call() throws Exception {
    check("--rounds", rounds, 1, ROUNDS_MAX);
    check("--pool", pool, 33, POOL_MAX);
    Shell shell = output.shell();
    KernelsReport report =
        KernelsBench.run(
            new KernelsBench.Options(
                List.of(256, 512, 1024),
                List.of(8, 16, 32, 64),
                pool,
                POOL_RANK_MAX,
                rounds,
                ROUND_MILLIS,
                seed,
                peer == null ? null : shell.resolve(peer),
                shell.workingDirectory()),
            shell::note);
    output.print(report, () -> KernelsText.of(report));
    return report.findings().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }

  private void check(String option, int value, int min, int max) {
    if (value < min || value > max) {
      throw new ParameterException(
          spec.commandLine(), "%s must be %d to %d, is %d".formatted(option, min, max, value));
    }
  }
}
