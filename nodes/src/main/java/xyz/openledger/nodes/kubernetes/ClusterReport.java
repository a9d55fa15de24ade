package xyz.openledger.nodes.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import xyz.openledger.protocol.ProblemException;

/**
 * What there is of a cluster for workers in pods.
 *
 * @param cluster its address and version; empty where it does not answer
 * @param runtimeClasses that it has
 * @param lacks one sentence for each thing that is missing
 */
public record ClusterReport(String cluster, List<String> runtimeClasses, List<String> lacks) {

  /** Keeps its own copies. */
  public ClusterReport {
    runtimeClasses = List.copyOf(runtimeClasses);
    lacks = List.copyOf(lacks);
  }

  /**
   * Looks, and makes nothing.
   *
   * @param environment has {@code KUBECONFIG}, or what a cluster gives to its pods
   * @return empty where it names no cluster
   */
  public static Optional<ClusterReport> of(Map<String, String> environment, String namespace) {
    try {
      return access(environment).map(access -> look(access, namespace));
    } catch (ProblemException refused) {
      return Optional.of(
          new ClusterReport("", List.of(), List.of(refused.field() + " " + refused.detail())));
    }
  }

  private static Optional<ClusterAccess> access(Map<String, String> environment) {
    String kubeconfig = environment.getOrDefault("KUBECONFIG", "");
    return kubeconfig.isEmpty() || !Files.exists(Path.of(kubeconfig))
        ? AccessFiles.ofPod(environment)
        : Optional.of(AccessFiles.ofFile(Path.of(kubeconfig)));
  }

  static ClusterReport look(ClusterAccess access, String namespace) {
    var lacks = new ArrayList<String>();
    try (var server = new ApiServer(access)) {
      String version = server.look("/version").path("gitVersion").asText("unknown");
      missing(server, namespace).ifPresent(lacks::add);
      List<String> classes = runtimeClasses(server, lacks);
      return new ClusterReport(
          "%s, Kubernetes %s".formatted(access.server(), ClusterRefusal.bounded(version)),
          classes,
          lacks);
    } catch (IOException | ProblemException failed) {
      lacks.add(String.valueOf(failed.getMessage()));
      return new ClusterReport("", List.of(), lacks);
    }
  }

  private static Optional<String> missing(ApiServer server, String namespace) throws IOException {
    var missing = new ArrayList<String>();
    for (Right right : Right.values()) {
      if (!server.may(right, namespace)) {
        missing.add(right.words());
      }
    }
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "in %s the account may not %s".formatted(namespace, String.join(", ", missing)));
  }

  private static List<String> runtimeClasses(ApiServer server, List<String> lacks) {
    var names = new ArrayList<String>();
    try {
      for (JsonNode one :
          server.look("/apis/node.k8s.io/v1/runtimeclasses?limit=50").path("items")) {
        names.add(ClusterRefusal.bounded(one.at("/metadata/name").asText()));
      }
      if (names.isEmpty()) {
        lacks.add("it has no RuntimeClass: install gVisor or Kata Containers");
      }
    } catch (IOException hidden) {
      // An agent's account may look at the one that it uses, and not at all.
      return List.of();
    }
    return names;
  }
}
