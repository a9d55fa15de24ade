package xyz.openledger.nodes.agent;

import java.time.Duration;
import xyz.openledger.nodes.session.SessionEnd;
import xyz.openledger.protocol.session.Inventory;

/** An agent as the whole of a process: until it ends, or the process is told to. */
final class AgentProcess {
  private AgentProcess() {}

  /** Runs the agent of {@code home}; answers the exit code. */
  static int run(
      AgentHome home,
      Inventory inventory,
      Workers workers,
      Duration retryMax,
      Checklist checklist) {
    var settings = AgentSettings.of(home.folder(), inventory).withRetryMax(retryMax);
    Agent agent = Agent.start(settings, workers.runner(), checklist::heard);
    // Ctrl-C and systemd: the member hears at once that the leases are free.
    Runtime.getRuntime().addShutdownHook(new Thread(agent::close, "agent-shutdown"));
    SessionEnd end = agent.ended().join();
    checklist.ended(end);
    return ExitCode.of(end);
  }
}
