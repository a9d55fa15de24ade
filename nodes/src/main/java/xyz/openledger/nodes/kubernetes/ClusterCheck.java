package xyz.openledger.nodes.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Optional;

/**
 * Whether a cluster has what keeps workers in: the runtime that was asked for, a namespace that
 * refuses pods with powers, and no way into or out of the network.
 */
final class ClusterCheck {
  private static final String SECURITY_LABEL = "pod-security.kubernetes.io/enforce";
  private static final int NOT_FOUND = 404;

  private final ApiServer server;
  private final PodSettings settings;

  ClusterCheck(ApiServer server, PodSettings settings) {
    this.server = server;
    this.settings = settings;
  }

  /**
   * Looks at each.
   *
   * @throws IOException with what is missing, and how to mend it
   */
  void require() throws IOException {
    requireRuntimeClass();
    requireRestricted();
    requireNoNetwork();
  }

  private void requireRuntimeClass() throws IOException {
    String path = "/apis/node.k8s.io/v1/runtimeclasses/" + settings.runtimeClass();
    try {
      server.get(Right.GET_RUNTIME_CLASS, path, "RuntimeClass " + settings.runtimeClass());
    } catch (ClusterRefusal refused) {
      throw refused.status() != NOT_FOUND
          ? refused
          : new IOException(
              "this cluster has no RuntimeClass %s: install it, or name another by --runtime-class"
                  .formatted(settings.runtimeClass()));
    }
  }

  private void requireRestricted() throws IOException {
    JsonNode namespace =
        server.get(
            Right.GET_NAMESPACE,
            "/api/v1/namespaces/" + settings.namespace(),
            "namespace " + settings.namespace());
    String enforced = namespace.path("metadata").path("labels").path(SECURITY_LABEL).asText();
    if (!enforced.equals("restricted")) {
      throw new IOException(
          "the namespace %s takes pods with powers: kubectl label namespace %s %s=restricted"
              .formatted(settings.namespace(), settings.namespace(), SECURITY_LABEL));
    }
  }

  private void requireNoNetwork() throws IOException {
    String path =
        "/apis/networking.k8s.io/v1/namespaces/%s/networkpolicies".formatted(settings.namespace());
    Optional<String> open =
        open(server.get(Right.LIST_POLICIES, path, "policies of " + settings.namespace()));
    if (open.isPresent()) {
      throw new IOException(
          "pods of %s have a network: %s (nodes/deploy/kubernetes/network.yaml closes it)"
              .formatted(settings.namespace(), open.get()));
    }
  }

  /**
   * What opens the network of a namespace with these policies; empty if it is closed. Policies add
   * up, so one that allows something undoes another that allows nothing.
   */
  static Optional<String> open(JsonNode policies) {
    boolean closed = false;
    for (JsonNode policy : policies.path("items")) {
      JsonNode spec = policy.path("spec");
      if (!spec.path("ingress").isEmpty() || !spec.path("egress").isEmpty()) {
        return Optional.of(
            "the NetworkPolicy %s allows something"
                .formatted(ClusterRefusal.bounded(policy.at("/metadata/name").asText())));
      }
      closed |= spec.path("podSelector").isEmpty() && isOfBothWays(spec.path("policyTypes"));
    }
    return closed
        ? Optional.empty()
        : Optional.of("no NetworkPolicy closes both ways for all pods");
  }

  private static boolean isOfBothWays(JsonNode types) {
    boolean in = false;
    boolean out = false;
    for (JsonNode type : types) {
      in |= type.asText().equals("Ingress");
      out |= type.asText().equals("Egress");
    }
    return in && out;
  }
}
