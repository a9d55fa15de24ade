package xyz.openledger.nodes.agent;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import xyz.openledger.nodes.session.TaskRunner;
import xyz.openledger.protocol.ClaimCode;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.session.Benchmark;
import xyz.openledger.protocol.session.Inventory;
import xyz.openledger.protocol.session.Terms;

@Command(
    name = "join",
    description = "Makes this machine a node with a claim code, and runs its agent.")
final class JoinCommand implements Callable<Integer> {
  private final UnaryOperator<TaskRunner> decoration;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
  CommandSpec spec;

  @Mixin DataOptions data = new DataOptions();
  @Mixin TermsOptions options = new TermsOptions();
  @Mixin SandboxOptions sandbox = new SandboxOptions();

  @Parameters(paramLabel = "CLAIM", description = "olc1-…, from the pool's operator")
  String claim = "";

  @Option(names = "--enrol-only", description = "stop once enrolled; 'node run' works later")
  boolean enrolOnly;

  @Option(
      names = "--retry-max",
      paramLabel = "SECONDS",
      description = "the longest wait before connecting again (default ${DEFAULT-VALUE})")
  int retryMaxSeconds = 30;

  JoinCommand(UnaryOperator<TaskRunner> decoration) {
    this.decoration = decoration;
  }

  @Override
  public Integer call() throws InterruptedException {
    ClaimCode code = ClaimCode.parse(claim);
    Terms chosen = options.terms();
    Integer workerCount = options.workersOver(null);
    PodChoice pods = sandbox.over(null);
    AgentHome home = data.home(options.name);
    refuseSecondJoin(home);
    var checklist = new Checklist(spec.commandLine().getErr());
    try (var enrolment = Enrolment.of(code, home)) {
      enrolment.reach();
      checklist.done(Checklist.Step.REACHED, code.gateway() + " under " + code.authority());
      try (var workers = Workers.start(chosen, workerCount, pods, home, decoration)) {
        Terms terms = workers.announced(chosen);
        Benchmark benchmark = workers.measure();
        // Its disk is part of the inventory.
        home.create();
        Inventory inventory = workers.inventory(home.folder());
        checklist.done(Checklist.Step.BENCHMARKED, describe(benchmark, inventory, terms));
        Membership joined =
            enrolment.enrol(inventory, benchmark, terms).withWorkers(workerCount).withPods(pods);
        home.save(joined);
        checklist.done(
            Checklist.Step.ENROLLED,
            "%s in %s, owned by %s".formatted(joined.node(), joined.pool(), joined.owner()));
        return enrolOnly
            ? ExitCode.OK
            : AgentProcess.run(
                home, inventory, workers, Duration.ofSeconds(retryMaxSeconds), checklist);
      }
    }
  }

  private static void refuseSecondJoin(AgentHome home) {
    Optional<Membership> already = home.membership();
    if (already.isPresent()) {
      throw new ProblemException(
          Problem.WRONG_STATE,
          "data",
          "%s is %s already; run it with: openledger node run --data %s"
              .formatted(home.folder(), already.get().node(), home.folder()));
    }
  }

  static String describe(Benchmark benchmark, Inventory inventory, Terms terms) {
    return "%.1f gigafuel per CPU second, %d µs a task, sandbox %s, %s"
        .formatted(
            benchmark.fuelPerCpuSecond() / 1e9,
            benchmark.taskRoundTripMicros(),
            inventory.sandbox(),
            terms.labels().containsKey(Workload.Onnx.LABEL)
                ? "onnx " + terms.labels().get(Workload.Onnx.LABEL)
                : "no ONNX Runtime");
  }
}
