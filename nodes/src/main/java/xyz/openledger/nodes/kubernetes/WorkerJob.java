package xyz.openledger.nodes.kubernetes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import xyz.openledger.nodes.sandbox.Sandbox;
import xyz.openledger.protocol.Digest;

/**
 * A worker as a Job of {@code batch/v1}: one pod that runs once, keeps the profile {@code
 * restricted} of the Pod Security Standards, and has no token, no name server and no folder that
 * outlives it. Whatever is in the order, no wall is missing and each name is one that the cluster
 * takes.
 *
 * <p>Its network is the namespace's affair: see {@code nodes/deploy/kubernetes}.
 */
final class WorkerJob {
  /** The label that says whose worker it is. */
  static final String AGENT_LABEL = "openledger.xyz/agent";

  /** The label that says of which life of its agent it is. */
  static final String RUN_LABEL = "openledger.xyz/run";

  /** The name of the one container. */
  static final String CONTAINER = "worker";

  /** Nobody's, as in images without a system; the number tells the kubelet that it is not root. */
  static final int USER = 65_532;

  /** Room for the container's log, into which the cluster copies what a worker answers. */
  private static final long LOG_BYTES_MAX = 1L << 30;

  private static final int DIGEST_LETTERS = 16;

  /** A Job that has ended tells how for this long. */
  private static final int KEPT_SECONDS = 60;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private WorkerJob() {}

  /** The Job's name: the same for the same order. */
  static String name(WorkerOrder order) {
    return "worker-%s-%s-%d".formatted(digest(order.agent()), digest(order.run()), order.number());
  }

  /** A text that may stand in a label or a name, whatever {@code text} is. */
  static String digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8)).hex().substring(0, DIGEST_LETTERS);
  }

  /** What is sent to the cluster. */
  static ObjectNode manifest(WorkerOrder order) {
    ObjectNode job = NODES.objectNode().put("apiVersion", "batch/v1").put("kind", "Job");
    job.set("metadata", metadata(order));
    ObjectNode spec =
        job.putObject("spec")
            .put("parallelism", 1)
            .put("completions", 1)
            // The agent starts another where one is lost.
            .put("backoffLimit", 0)
            .put("activeDeadlineSeconds", order.lifeMax().toSeconds())
            .put("ttlSecondsAfterFinished", KEPT_SECONDS);
    ObjectNode template = spec.putObject("template");
    template.putObject("metadata").set("labels", labels(order));
    template.set("spec", pod(order));
    return job;
  }

  private static ObjectNode metadata(WorkerOrder order) {
    ObjectNode metadata =
        NODES.objectNode().put("name", name(order)).put("namespace", order.settings().namespace());
    metadata.set("labels", labels(order));
    WorkerOrder.Owner owner = order.owner();
    if (owner != null) {
      metadata
          .putArray("ownerReferences")
          .addObject()
          .put("apiVersion", "v1")
          .put("kind", "Pod")
          .put("name", owner.name())
          .put("uid", owner.uid());
    }
    return metadata;
  }

  private static ObjectNode labels(WorkerOrder order) {
    return NODES
        .objectNode()
        .put("app.kubernetes.io/name", "openledger-worker")
        .put("app.kubernetes.io/managed-by", "openledger-node")
        .put(AGENT_LABEL, digest(order.agent()))
        .put(RUN_LABEL, digest(order.run()));
  }

  private static ObjectNode pod(WorkerOrder order) {
    ObjectNode pod =
        NODES
            .objectNode()
            .put("restartPolicy", "Never")
            .put("runtimeClassName", order.settings().runtimeClass())
            .put("automountServiceAccountToken", false)
            .put("enableServiceLinks", false)
            .put("hostNetwork", false)
            .put("hostPID", false)
            .put("hostIPC", false)
            .put("shareProcessNamespace", false)
            .put("terminationGracePeriodSeconds", 1)
            // Names are a way out as well: there is no server that would resolve any.
            .put("dnsPolicy", "None");
    pod.putObject("dnsConfig").putArray("nameservers").add("127.0.0.1");
    ObjectNode security =
        pod.putObject("securityContext")
            .put("runAsNonRoot", true)
            .put("runAsUser", USER)
            .put("runAsGroup", USER);
    security.putObject("seccompProfile").put("type", "RuntimeDefault");
    pod.putArray("containers").add(container(order));
    ObjectNode temporary = pod.putArray("volumes").addObject().put("name", "tmp");
    temporary
        .putObject("emptyDir")
        .put("medium", "Memory")
        .put("sizeLimit", Long.toString(order.temporaryMaxBytes()));
    return pod;
  }

  private static ObjectNode container(WorkerOrder order) {
    ObjectNode container =
        NODES
            .objectNode()
            .put("name", CONTAINER)
            .put("image", order.settings().image())
            .put("imagePullPolicy", "IfNotPresent")
            .put("workingDir", "/tmp")
            // What is said to it comes by attaching; when the agent goes, its input ends, and so
            // does it.
            .put("stdin", true)
            .put("stdinOnce", true)
            .put("tty", false)
            .put("terminationMessagePolicy", "FallbackToLogsOnError");
    ArrayNode command = container.putArray("command");
    // The cluster puts the value of a variable wherever it reads $(NAME), unless it reads $$.
    order.command().forEach(word -> command.add(word.replace("$", "$$")));
    ArrayNode environment = container.putArray("env");
    new TreeMap<>(Sandbox.ENVIRONMENT)
        .forEach((name, value) -> environment.addObject().put("name", name).put("value", value));
    ObjectNode resources = container.putObject("resources");
    // The same twice: such a pod is the last to be evicted, and takes nothing that others count on.
    resources.set("requests", amounts(order));
    resources.set("limits", amounts(order));
    container.set("securityContext", walls());
    container.putArray("volumeMounts").addObject().put("name", "tmp").put("mountPath", "/tmp");
    return container;
  }

  private static ObjectNode amounts(WorkerOrder order) {
    return NODES
        .objectNode()
        .put("cpu", order.cpuPercent() * 10 + "m")
        .put("memory", Long.toString(order.memoryMaxBytes() + order.temporaryMaxBytes()))
        .put("ephemeral-storage", Long.toString(LOG_BYTES_MAX));
  }

  private static ObjectNode walls() {
    ObjectNode walls =
        NODES
            .objectNode()
            .put("privileged", false)
            .put("allowPrivilegeEscalation", false)
            .put("readOnlyRootFilesystem", true)
            .put("runAsNonRoot", true);
    walls.putObject("capabilities").putArray("drop").add("ALL");
    walls.putObject("seccompProfile").put("type", "RuntimeDefault");
    return walls;
  }
}
