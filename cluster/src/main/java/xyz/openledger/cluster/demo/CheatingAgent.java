package xyz.openledger.cluster.demo;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import xyz.openledger.nodes.agent.AgentMain;
import xyz.openledger.nodes.execution.Execution;
import xyz.openledger.nodes.session.TaskRunner;
import xyz.openledger.nodes.worker.TaskResult;
import xyz.openledger.protocol.Domain;

/**
 * An agent that lies: in 30 of 100 tasks, chosen by a seed, it returns an output that the program
 * did not write. Like any clever cheat it answers its first task honestly, for that is the
 * challenge without which it would get no work. For the demo and for tests; the agent that
 * contributors run has no such thing in it.
 */
public final class CheatingAgent {
  private static final int LIES_PERCENT = 30;

  private CheatingAgent() {}

  /**
   * Runs the agent's command line; the system property {@code openledger.cheat.seed} chooses the
   * lies.
   */
  public static void main(String[] arguments) {
    long seed = Long.getLong("openledger.cheat.seed", 42);
    System.exit(AgentMain.run(arguments, lies(seed)));
  }

  static UnaryOperator<TaskRunner> lies(long seed) {
    return honest -> {
      var challenged = new AtomicBoolean();
      return task -> challenged.getAndSet(true) ? lied(seed, honest.run(task)) : honest.run(task);
    };
  }

  private static CompletionStage<TaskResult> lied(long seed, CompletionStage<TaskResult> result) {
    return result.thenApply(
        told ->
            told instanceof TaskResult.Completed(var code, var execution) && chosen(seed, execution)
                ? new TaskResult.Completed(code, corrupt(execution))
                : told);
  }

  /** By what the task came to, so that the same seed lies about the same work. */
  private static boolean chosen(long seed, Execution execution) {
    var draw = Domain.of("lie").int64(seed).digest(execution.outcome().digest()).digest();
    return Math.floorMod(draw.first(), 100) < LIES_PERCENT;
  }

  private static Execution corrupt(Execution honest) {
    return new Execution(
        honest.status(),
        honest.exitCode(),
        honest.fuelUsed(),
        "not what the program wrote\n".getBytes(StandardCharsets.UTF_8),
        honest.detail(),
        honest.cpuMicros());
  }
}
