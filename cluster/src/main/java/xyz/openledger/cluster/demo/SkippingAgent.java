package xyz.openledger.cluster.demo;

import xyz.openledger.nodes.agent.AgentMain;

/**
 * An agent that serves models in all honesty, and skips steps where it is to train. For the demo
 * and for tests; the agent that contributors run has no such thing in it.
 */
public final class SkippingAgent {
  private SkippingAgent() {}

  /** Runs the agent's command line. */
  public static void main(String[] arguments) {
    System.exit(
        AgentMain.run(
            arguments,
            honest ->
                task ->
                    SkippedSteps.takes(task) ? SkippedSteps.run(honest, task) : honest.run(task)));
  }
}
