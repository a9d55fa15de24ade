package xyz.openledger.cluster.cli;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import xyz.openledger.cluster.bench.JobsBench;
import xyz.openledger.cluster.bench.JobsReport;

@Command(
    name = "jobs",
    description = "Measures jobs per CPU-second and their latency; asserts nothing about them.",
    footer = {
      "",
      "Row core: a member's actors and nodes in this process, on a real journal; nothing is run.",
      "Row whole: a member, a chain and agents as processes; jobs come over HTTP and are run.",
      "",
      "Figures and what they mean: docs/performance.md. A file for --peer: benchmarks/README.md.",
      "",
      "Example: openledger bench jobs --jobs 2000 --rounds 5 --row core -o json"
    })
final class BenchJobsCommand implements Callable<Integer> {
  private static final int JOBS_MAX = 200_000;
  private static final int ROUNDS_MAX = 100;

  @Mixin Output output;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      defaultValue = "4000",
      description = "jobs of one round of core (default 4000); whole runs half")
  int jobs;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "12000",
      description = "jobs before each kind's first round, thrown away (default 12000)")
  int warmUp;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "rounds of each kind, after one that warms up (default 5)")
  int rounds;

  @Option(
      names = "--row",
      paramLabel = "ROW",
      defaultValue = "all",
      converter = RowConverter.class,
      description = "core, whole or all (default)")
  Set<JobsBench.Part> row = EnumSet.allOf(JobsBench.Part.class);

  @Option(
      names = "--peer",
      paramLabel = "FILE",
      description = "what Slurm's benchmark printed, to compare with")
  @Nullable Path peer;

  @Spec CommandSpec spec = CommandSpec.create();

  BenchJobsCommand(Shell shell) {
    this.output = new Output(shell);
  }

  @Override
  public Integer call() throws Exception {
    check("--jobs", jobs, JOBS_MAX);
    check("--warm-up", warmUp, JOBS_MAX);
    check("--rounds", rounds, ROUNDS_MAX);
    Shell shell = output.shell();
    Path home = shell.projectHome();
    JobsReport report =
        JobsBench.run(
            new JobsBench.Options(
                jobs,
                warmUp,
                rounds,
                row,
                shell.resolve(Path.of(".openledger/bench")),
                home == null ? shell.workingDirectory() : home,
                peer == null ? null : shell.resolve(peer)),
            shell::note);
    output.print(report, () -> BenchText.of(report));
    return report.findings().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }

  private void check(String option, int value, int max) {
    if (value < 1 || value > max) {
      throw new ParameterException(
          spec.commandLine(), "%s must be 1 to %d, is %d".formatted(option, max, value));
    }
  }

  static final class RowConverter implements ITypeConverter<Set<JobsBench.Part>> {
    @Override
    public Set<JobsBench.Part> convert(String text) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "all" -> EnumSet.allOf(JobsBench.Part.class);
        case "core" -> EnumSet.of(JobsBench.Part.CORE);
        case "whole" -> EnumSet.of(JobsBench.Part.WHOLE);
        default ->
            throw new TypeConversionException("'" + text + "' is none of core, whole and all");
      };
    }
  }
}
