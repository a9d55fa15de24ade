package xyz.openledger.nodes.kubernetes;

import java.util.Arrays;
import java.util.stream.Stream;

/**
 * What the agent's account has to be allowed, and nothing else: each call names its right, so that
 * a refusal can say which one is missing, and the role in {@code nodes/deploy/kubernetes} grants
 * these alone.
 */
enum Right {
  CREATE_JOBS("batch", "jobs", "create"),
  GET_JOBS("batch", "jobs", "get"),
  LIST_JOBS("batch", "jobs", "list"),
  DELETE_JOBS("batch", "jobs", "delete"),
  LIST_PODS("", "pods", "list"),
  /** Clusters from 1.35 on ask for both of attaching; older ones for this one alone. */
  GET_ATTACH("", "pods/attach", "get"),
  CREATE_ATTACH("", "pods/attach", "create"),
  LIST_EVENTS("", "events", "list"),
  LIST_POLICIES("networking.k8s.io", "networkpolicies", "list"),
  GET_NAMESPACE("", "namespaces", "get"),
  GET_RUNTIME_CLASS("node.k8s.io", "runtimeclasses", "get");

  final String group;
  final String resource;
  final String verb;

  Right(String group, String resource, String verb) {
    this.group = group;
    this.resource = resource;
    this.verb = verb;
  }

  /** Whether it is one over the whole cluster. */
  boolean isOfCluster() {
    return this == GET_NAMESPACE || this == GET_RUNTIME_CLASS;
  }

  /** Those within the workers' namespace. */
  static Stream<Right> ofNamespace() {
    return Arrays.stream(values()).filter(right -> !right.isOfCluster());
  }

  /** As a role would grant it: {@code create jobs.batch}. */
  String words() {
    return verb + " " + resource + (group.isEmpty() ? "" : "." + group);
  }
}
