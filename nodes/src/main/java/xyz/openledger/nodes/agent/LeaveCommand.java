package xyz.openledger.nodes.agent;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import xyz.openledger.nodes.inventory.MachineProbe;
import xyz.openledger.nodes.session.SessionEnd;
import xyz.openledger.nodes.worker.TaskResult;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.session.Inventory;

@Command(
    name = "leave",
    description = "Lets this machine end what it has, and leave the network for good.")
final class LeaveCommand implements Callable<Integer> {
  private static final long LOOK_MILLIS = 100;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
  CommandSpec spec;

  @Mixin DataOptions data = new DataOptions();

  @Option(names = "--name", paramLabel = "NAME", description = "what you call this machine")
  String name = TermsOptions.hostName();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "how long to wait for work that is under way (default ${DEFAULT-VALUE})")
  int timeoutSeconds = 120;

  @Override
  public Integer call() throws InterruptedException {
    AgentHome home = data.home(name);
    Membership joined = home.joined();
    home.orderToLeave();
    Duration timeout = Duration.ofSeconds(timeoutSeconds);
    if (home.isLocked()) {
      awaitOther(home, timeout);
    } else {
      leaveHere(home, timeout);
    }
    spec.commandLine().getErr().println(joined.node() + " has left");
    return ExitCode.OK;
  }

  /** An agent runs: it has seen the order at its next heartbeat. */
  private static void awaitOther(AgentHome home, Duration timeout) throws InterruptedException {
    long endNanos = System.nanoTime() + timeout.toNanos();
    while (home.membership().isPresent() || home.isLocked()) {
      if (System.nanoTime() > endNanos) {
        throw late(timeout);
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  /** No agent runs: one without workers says it. */
  private static void leaveHere(AgentHome home, Duration timeout) throws InterruptedException {
    Inventory inventory =
        MachineProbe.inventory(home.folder(), "process", List.of(), AgentMain.version());
    var settings = AgentSettings.of(home.folder(), inventory);
    TaskResult none = new TaskResult.Faulted(Problem.NO_CREDIT, "this node is leaving");
    try (var agent = Agent.start(settings, _ -> CompletableFuture.completedFuture(none), _ -> {})) {
      SessionEnd end = agent.ended().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (end instanceof SessionEnd.Refused(var problem, var detail)) {
        throw new ProblemException(problem, "", detail);
      }
    } catch (TimeoutException late) {
      throw late(timeout);
    } catch (ExecutionException impossible) {
      throw new AssertionError("an agent's end is a value", impossible);
    }
  }

  private static ProblemException late(Duration timeout) {
    return new ProblemException(
        Problem.UNAVAILABLE,
        "",
        "not done in %d s; the order stands, and the agent follows it when it can"
            .formatted(timeout.toSeconds()));
  }
}
