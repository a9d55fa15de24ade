package xyz.openledger.nodes.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/**
 * How far a worker's pod has come, read from what the cluster lists for its Job.
 *
 * <pre>
 *   absent ─▶ waiting ─▶ running ─▶ ended
 *                └──▶ broken
 * </pre>
 */
sealed interface PodState {
  /** There is none yet. */
  record Absent() implements PodState {}

  /** It may still start. */
  record Waiting(String why) implements PodState {}

  /** It will not start as it is. */
  record Broken(String why) implements PodState {}

  /** Its program runs. */
  record Running(String pod) implements PodState {}

  /**
   * Its program has ended, or will not run again.
   *
   * @param exitCode 128 and more where it was killed; −1 where the cluster knows none
   */
  record Ended(int exitCode, String why) implements PodState {}

  /** Reasons that no waiting mends. */
  Set<String> HOPELESS =
      Set.of(
          "ImagePullBackOff",
          "ErrImageNeverPull",
          "InvalidImageName",
          "CreateContainerConfigError",
          "CreateContainerError",
          "RunContainerError",
          "StartError");

  /**
   * Of a {@code PodList}.
   *
   * @param pods whatever is missing or of another form counts as not there
   */
  static PodState of(JsonNode pods) {
    JsonNode pod = pods.path("items").path(0);
    if (pod.isMissingNode()) {
      return new Absent();
    }
    JsonNode status = pod.path("status");
    JsonNode state = status.path("containerStatuses").path(0).path("state");
    if (state.has("terminated")) {
      return ended(state.path("terminated"), status);
    }
    if (status.path("phase").asText().equals("Failed")) {
      return new Ended(-1, sentence(status.path("reason"), status.path("message")));
    }
    if (state.has("running")) {
      return new Running(pod.path("metadata").path("name").asText());
    }
    return waiting(state.path("waiting"), status);
  }

  private static PodState ended(JsonNode terminated, JsonNode status) {
    int exitCode = terminated.path("exitCode").asInt(-1);
    String reason = terminated.path("reason").asText();
    String sentence =
        reason.equals("OOMKilled")
            ? "OOMKilled: it took more memory than its pod may"
            : sentence(terminated.path("reason"), terminated.path("message"));
    // Eviction and the end of its life are the pod's, and say more than that it was killed.
    return new Ended(
        exitCode,
        status.path("reason").asText().isEmpty()
            ? sentence
            : sentence(status.path("reason"), status.path("message")));
  }

  private static PodState waiting(JsonNode waiting, JsonNode status) {
    String reason = waiting.path("reason").asText();
    if (HOPELESS.contains(reason)) {
      return new Broken(
          (reason.startsWith("ImagePull") ? "the image cannot be pulled: " : "")
              + sentence(waiting.path("reason"), waiting.path("message")));
    }
    for (JsonNode condition : status.path("conditions")) {
      if (condition.path("type").asText().equals("PodScheduled")
          && condition.path("status").asText().equals("False")) {
        return new Waiting(
            "no machine of the cluster takes it: "
                + sentence(condition.path("reason"), condition.path("message")));
      }
    }
    return new Waiting(
        reason.isEmpty()
            ? "its pod is being made"
            : sentence(waiting.path("reason"), waiting.path("message")));
  }

  private static String sentence(JsonNode reason, JsonNode message) {
    String all = reason.asText() + (message.asText().isEmpty() ? "" : ": " + message.asText());
    return all.isEmpty() ? "the cluster does not say why" : ClusterRefusal.bounded(all);
  }
}
