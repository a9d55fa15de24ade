package xyz.openledger.nodes.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What a pod's specification breaks of the profile {@code restricted} of the Pod Security Standards
 * (https://kubernetes.io/docs/concepts/security/pod-security-standards/), read from that page and
 * not from the product.
 */
final class Restricted {
  private static final Set<String> VOLUMES =
      Set.of(
          "configMap",
          "csi",
          "downwardAPI",
          "emptyDir",
          "ephemeral",
          "persistentVolumeClaim",
          "projected",
          "secret");
  private static final Set<String> SECCOMP = Set.of("RuntimeDefault", "Localhost");
  private static final Set<String> PROC_MOUNTS = Set.of("", "Default");
  private static final List<String> HOSTS = List.of("hostNetwork", "hostPID", "hostIPC");

  private Restricted() {}

  /** One word for each control that is broken. */
  static List<String> broken(JsonNode pod) {
    var broken = new ArrayList<String>();
    HOSTS.stream().filter(field -> pod.path(field).asBoolean()).forEach(broken::add);
    JsonNode ofPod = pod.path("securityContext");
    for (JsonNode volume : pod.path("volumes")) {
      volume
          .fieldNames()
          .forEachRemaining(
              field -> {
                if (!field.equals("name") && !VOLUMES.contains(field)) {
                  broken.add("volume " + field);
                }
              });
    }
    if (!ofPod.path("sysctls").isEmpty()) {
      broken.add("sysctls");
    }
    containers(pod).forEach(container -> container(container, ofPod, broken));
    return broken;
  }

  private static Stream<JsonNode> containers(JsonNode pod) {
    return Stream.of("containers", "initContainers", "ephemeralContainers")
        .flatMap(list -> StreamSupport.stream(pod.path(list).spliterator(), false));
  }

  private static void container(JsonNode container, JsonNode ofPod, List<String> broken) {
    JsonNode own = container.path("securityContext");
    if (own.path("privileged").asBoolean()) {
      broken.add("privileged");
    }
    if (own.path("allowPrivilegeEscalation").asBoolean(true)) {
      broken.add("allowPrivilegeEscalation");
    }
    if (!either(own, ofPod, "runAsNonRoot").asBoolean(false)) {
      broken.add("runAsNonRoot");
    }
    if (either(own, ofPod, "runAsUser").asInt(1) == 0) {
      broken.add("runAsUser");
    }
    if (!SECCOMP.contains(either(own, ofPod, "seccompProfile").path("type").asText())) {
      broken.add("seccompProfile");
    }
    if (!PROC_MOUNTS.contains(own.path("procMount").asText())) {
      broken.add("procMount");
    }
    if (!words(own.path("capabilities").path("drop")).contains("ALL")) {
      broken.add("capabilities drop");
    }
    if (!Set.of("NET_BIND_SERVICE").containsAll(words(own.path("capabilities").path("add")))) {
      broken.add("capabilities add");
    }
    for (JsonNode port : container.path("ports")) {
      if (port.path("hostPort").asInt() != 0) {
        broken.add("hostPort");
      }
    }
  }

  private static JsonNode either(JsonNode own, JsonNode ofPod, String field) {
    return own.has(field)
        ? own.path(field)
        : ofPod.has(field) ? ofPod.path(field) : MissingNode.getInstance();
  }

  private static List<String> words(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
  }
}
