package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import xyz.openledger.cluster.bench.Surroundings;
import xyz.openledger.nodes.benchmark.SandboxBenchmark;
import xyz.openledger.nodes.benchmark.SandboxBenchmark.Micros;
import xyz.openledger.nodes.sandbox.Sandbox;

@Command(
    name = "sandbox",
    description = "Measures warm and cold workers in this machine's sandbox; asserts nothing.",
    footer = {
      "",
      "Beside each stands what a pipe and a bare process cost in the same moments. Figures:",
      "docs/performance.md.",
      "",
      "Example: openledger bench sandbox --tasks 20000 --starts 20 -o json"
    })
final class BenchSandboxCommand implements Callable<Integer> {
  @Mixin Output output;

  @Option(
      names = "--tasks",
      paramLabel = "N",
      defaultValue = "20000",
      description = "round trips to a warm worker (default 20000)")
  int tasks;

  @Option(
      names = "--starts",
      paramLabel = "N",
      defaultValue = "20",
      description = "cold workers, and loops beside a busy one (default 20)")
  int starts;

  @Spec CommandSpec spec = CommandSpec.create();

  BenchSandboxCommand(Shell shell) {
    this.output = new Output(shell);
  }

  /** What programs read. */
  record Answer(Surroundings surroundings, SandboxBenchmark.Figures figures) {}

  @Override
  public Integer call() throws IOException {
    check("--tasks", tasks, 100, 1_000_000);
    check("--starts", starts, 1, 1_000);
    Surroundings before = Surroundings.before(output.shell().workingDirectory());
    var figures = SandboxBenchmark.measure(Sandbox.strongest(), tasks, starts);
    var answer = new Answer(before.after(), figures);
    output.print(answer, () -> text(answer));
    return ExitCode.OK;
  }

  private void check(String option, int value, int min, int max) {
    if (value < min || value > max) {
      throw new ParameterException(
          spec.commandLine(), "%s must be %d to %d, is %d".formatted(option, min, max, value));
    }
  }

  private static String text(Answer answer) {
    var now = answer.surroundings();
    var figures = answer.figures();
    return Table.fields(
        List.of(
            field("at", now.at()),
            field("machine", "%d cores of %s".formatted(now.cores(), now.cpu())),
            field("java", now.java()),
            field("load", "%s before, %s after".formatted(now.loadBefore(), now.loadAfter())),
            field("sandbox", figures.level()),
            field("warm task", words(figures.warm())),
            field("floor: pipe", words(figures.pipe())),
            field("agent's start", words(figures.prepare())),
            field("Java's archive", figures.slow() == null ? "used" : figures.slow()),
            field("cold worker", words(figures.cold())),
            field("its CPU time", words(figures.coldCpu())),
            field("lost, with a spare", words(figures.spare())),
            field("floor: exec", words(figures.exec())),
            field("host's loop", words(figures.loopAlone())),
            field("beside a worker", words(figures.loopBeside()))));
  }

  private static String words(Micros micros) {
    return String.format(
        Locale.ROOT,
        "p50 %,.1f us, p99 %,.1f us, least %,.1f us of %,d",
        micros.p50(),
        micros.p99(),
        micros.least(),
        micros.samples());
  }
}
