package xyz.openledger.nodes.agent;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import xyz.openledger.nodes.session.TaskRunner;
import xyz.openledger.protocol.session.Benchmark;
import xyz.openledger.protocol.session.Inventory;
import xyz.openledger.protocol.session.Terms;

@Command(
    name = "run",
    description = "Runs the agent of a machine that has joined; options change its terms.")
final class RunCommand implements Callable<Integer> {
  private final UnaryOperator<TaskRunner> decoration;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
  CommandSpec spec;

  @Mixin DataOptions data = new DataOptions();
  @Mixin TermsOptions options = new TermsOptions();
  @Mixin SandboxOptions sandbox = new SandboxOptions();

  @Option(
      names = "--retry-max",
      paramLabel = "SECONDS",
      description = "the longest wait before connecting again (default ${DEFAULT-VALUE})")
  int retryMaxSeconds = 30;

  RunCommand(UnaryOperator<TaskRunner> decoration) {
    this.decoration = decoration;
  }

  @Override
  public Integer call() throws InterruptedException {
    AgentHome home = data.home(options.name);
    Membership joined = home.joined();
    Terms chosen = options.over(joined.terms());
    Integer workerCount = options.workersOver(joined.workers());
    PodChoice pods = sandbox.over(joined.pods());
    var checklist = new Checklist(spec.commandLine().getErr());
    try (var workers = Workers.start(chosen, workerCount, pods, home, decoration)) {
      Terms terms = workers.announced(chosen);
      Benchmark benchmark = workers.measure();
      Inventory inventory = workers.inventory(home.folder());
      checklist.done(Checklist.Step.BENCHMARKED, JoinCommand.describe(benchmark, inventory, terms));
      home.save(
          joined.withTerms(terms).withBenchmark(benchmark).withWorkers(workerCount).withPods(pods));
      return AgentProcess.run(
          home, inventory, workers, Duration.ofSeconds(retryMaxSeconds), checklist);
    }
  }
}
