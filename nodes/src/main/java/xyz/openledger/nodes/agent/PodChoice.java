package xyz.openledger.nodes.agent;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.nodes.kubernetes.PodSettings;
import xyz.openledger.nodes.kubernetes.PodStarter;
import xyz.openledger.nodes.sandbox.Container;
import xyz.openledger.nodes.sandbox.SandboxChoice;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

/**
 * That an agent's workers run in pods of a cluster, and where.
 *
 * @param kubeconfig absent for the cluster that the agent itself runs in
 */
public record PodChoice(
    String namespace, String image, String runtimeClass, @Nullable String kubeconfig) {

  /** Checks the forms. */
  public PodChoice {
    var _ = new PodSettings(namespace, image, runtimeClass);
  }

  /**
   * The sandbox, tried from the inside.
   *
   * @throws ProblemException if it does not hold, which no weaker one takes the place of
   */
  SandboxChoice open(AgentHome home) {
    home.create();
    if (home.isLocked()) {
      // What it would clear away as left behind may be the workers of that other agent.
      throw new ProblemException(
          Problem.WRONG_STATE, "data", "another agent runs in " + home.folder());
    }
    String agent = NodeId.of(home.transportKey().publicKey()).toString();
    var starter =
        PodStarter.open(
            new PodSettings(namespace, image, runtimeClass),
            agent,
            kubeconfig == null ? null : Path.of(kubeconfig),
            Map.copyOf(System.getenv()));
    try {
      return SandboxChoice.required(new Container(starter));
    } catch (RuntimeException refused) {
      starter.close();
      throw refused;
    }
  }
}
