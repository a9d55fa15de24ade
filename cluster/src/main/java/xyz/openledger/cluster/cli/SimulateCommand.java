package xyz.openledger.cluster.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import xyz.openledger.actors.simulation.Comparison;
import xyz.openledger.actors.simulation.SimulationReport;
import xyz.openledger.actors.simulation.Trace;

@Command(
    name = "simulate",
    description = "Runs pools and jobs in virtual time, beside other schedulers on the same work.",
    subcommands = SimulateAdversariesCommand.class,
    footer = {
      "",
      "The rules are those of production; machines and jobs are drawn from the seed. The same",
      "command prints the same bytes. What the columns mean: docs/scheduling.md.",
      "",
      "Example: openledger simulate --seed 7 --preempt --shift"
    })
final class SimulateCommand implements Callable<Integer> {
  @Mixin Output output;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "7",
      description = "what everything is drawn from (default 7)")
  long seed;

  @Option(
      names = "--seeds",
      paramLabel = "K",
      defaultValue = "1",
      description = "so many seeds one after the other, compared in pairs (default 1)")
  int seeds;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "24",
      description = "machines, at least 8 (default 24)")
  int nodes;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      defaultValue = "1000",
      description = "jobs (default 1000)")
  int jobs;

  @Option(
      names = "--load",
      paramLabel = "PERCENT",
      defaultValue = "90",
      description = "work that comes, of what the machines can do meanwhile (default 90)")
  int load;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = "a CSV file of jobs to submit instead of drawn ones")
  @Nullable Path trace;

  @Option(
      names = "--hedge",
      description = "run the product once more, with jobs that ask for hedges of stragglers")
  boolean hedged;

  @Option(
      names = "--preempt",
      description = "run the product once more, with jobs of low priority that may be stopped")
  boolean preempting;

  @Option(
      names = "--shift",
      description =
          "run the product twice more on grids by the hour: where nobody waits for a clean one,"
              + " and where jobs that weigh carbon do")
  boolean shifting;

  @Option(
      names = "--quotas",
      description = "run the product once more, with tenants that have quotas, lend and borrow")
  boolean limited;

  @Option(
      names = "--market",
      description =
          "run the product once more, with cheap jobs that bid in a uniform-price auction")
  boolean market;

  @Option(
      names = "--ahead",
      description =
          "run the product once more, with hurried jobs on slots that tenants buy ahead in reverse"
              + " auctions")
  boolean ahead;

  SimulateCommand(Shell shell) {
    this.output = new Output(shell);
  }

  @Override
  public Integer call() throws Exception {
    Shell shell = output.shell();
    Path file = trace == null ? null : shell.resolve(trace);
    if (file != null && !Files.isRegularFile(file)) {
      throw CommandFailure.usage("there is no file " + file, "--trace", "");
    }
    SimulationReport report =
        Comparison.run(
            new Comparison.Plan(
                seed,
                seeds,
                nodes,
                jobs,
                load,
                file == null ? null : Trace.read(file),
                hedged,
                preempting,
                shifting,
                limited,
                market,
                ahead),
            shell::note);
    output.print(report, () -> SimulateText.of(report, more()));
    return ExitCode.OK;
  }

  /** The same over more seeds. */
  private String more() {
    var words = new StringBuilder("openledger simulate --seed " + seed + " --seeds 30");
    words
        .append(nodes == 24 ? "" : " --nodes " + nodes)
        .append(jobs == 1_000 ? "" : " --jobs " + jobs);
    words.append(load == 90 ? "" : " --load " + load);
    words.append(trace == null ? "" : " --trace " + trace);
    words.append(hedged ? " --hedge" : "").append(preempting ? " --preempt" : "");
    words.append(shifting ? " --shift" : "").append(limited ? " --quotas" : "");
    return words.append(market ? " --market" : "").append(ahead ? " --ahead" : "").toString();
  }
}
