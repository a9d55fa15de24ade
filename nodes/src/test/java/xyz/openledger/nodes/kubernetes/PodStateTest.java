package xyz.openledger.nodes.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.protocol.json.Json;

class PodStateTest {

  @ParameterizedTest(name = "{1}")
  @MethodSource("seen")
  void tellsHowFarAPodHasCome(String pods, PodState state) {
    assertThat(PodState.of(Json.tree(pods.getBytes(UTF_8)))).isEqualTo(state);
  }

  static Stream<Arguments> seen() {
    return Stream.of(
        Arguments.of("{\"items\":[]}", new PodState.Absent()),
        Arguments.of(
            pod("\"phase\":\"Running\",", "{\"running\":{\"startedAt\":\"2026-11-23T18:00:00Z\"}}"),
            new PodState.Running("worker-1-x7k2p")),
        Arguments.of(
            pod("\"phase\":\"Pending\",", "{\"waiting\":{\"reason\":\"ContainerCreating\"}}"),
            new PodState.Waiting("ContainerCreating")),
        Arguments.of(
            "{\"items\":[{\"metadata\":{\"name\":\"a\"},\"status\":{\"phase\":\"Pending\"}}]}",
            new PodState.Waiting("its pod is being made")),
        Arguments.of(
            """
            {"items":[{"status":{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False",
             "reason":"Unschedulable","message":"0/3 nodes are available: 3 Insufficient memory."}]}}]}\
            """,
            new PodState.Waiting(
                "no machine of the cluster takes it: Unschedulable: 0/3 nodes are available: 3"
                    + " Insufficient memory.")),
        Arguments.of(
            pod(
                "\"phase\":\"Pending\",",
                "{\"waiting\":{\"reason\":\"ErrImagePull\",\"message\":\"unauthorized\"}}"),
            new PodState.Waiting("ErrImagePull: unauthorized")),
        Arguments.of(
            pod(
                "\"phase\":\"Pending\",",
                "{\"waiting\":{\"reason\":\"ImagePullBackOff\",\"message\":\"Back-off pulling"
                    + " image\"}}"),
            new PodState.Broken(
                "the image cannot be pulled: ImagePullBackOff: Back-off pulling image")),
        Arguments.of(
            pod(
                "\"phase\":\"Pending\",",
                "{\"waiting\":{\"reason\":\"CreateContainerError\",\"message\":\"no such"
                    + " runtime\"}}"),
            new PodState.Broken("CreateContainerError: no such runtime")),
        Arguments.of(
            pod(
                "\"phase\":\"Failed\",",
                "{\"terminated\":{\"exitCode\":137,\"reason\":\"OOMKilled\"}}"),
            new PodState.Ended(137, "OOMKilled: it took more memory than its pod may")),
        Arguments.of(
            pod(
                "\"phase\":\"Failed\",\"reason\":\"Evicted\",\"message\":\"low on memory\",",
                "{\"terminated\":{\"exitCode\":137,\"reason\":\"Error\"}}"),
            new PodState.Ended(137, "Evicted: low on memory")),
        Arguments.of(
            """
            {"items":[{"status":{"phase":"Failed","reason":"Evicted",
             "message":"The node was low on resource: memory."}}]}\
            """,
            new PodState.Ended(-1, "Evicted: The node was low on resource: memory.")),
        Arguments.of(
            pod(
                "\"phase\":\"Failed\",",
                "{\"terminated\":{\"exitCode\":3,\"reason\":\"Error\",\"message\":\"worker: no"
                    + " memory\\n"
                    + "\"}}"),
            new PodState.Ended(3, "Error: worker: no memory")),
        Arguments.of(
            pod(
                "\"phase\":\"Succeeded\",",
                "{\"terminated\":{\"exitCode\":0,\"reason\":\"Completed\"}}"),
            new PodState.Ended(0, "Completed")));
  }

  private static String pod(String status, String state) {
    return """
    {"kind":"PodList","items":[{"metadata":{"name":"worker-1-x7k2p"},
     "status":{%s"containerStatuses":[{"name":"worker","state":%s}]}}]}\
    """
        .formatted(status, state);
  }

  @Test
  void makesOneBoundedLineOfWhateverAClusterSays() {
    String said = "a\u001b[2J\nb".repeat(1_000);

    String line = ClusterRefusal.bounded(said);

    assertThat(line).hasSizeLessThan(310).doesNotContainPattern("\\p{Cntrl}");
  }

  @Test
  void readsAnythingThatIsJson() {
    var random = new SplittableRandom(20_261_123);
    String whole = pod("\"phase\":\"Failed\",", "{\"terminated\":{\"exitCode\":3}}");
    String[] values = {"null", "7", "[]", "{}", "\"x\"", "true"};
    String[] fields = {"items", "status", "containerStatuses", "state", "terminated", "exitCode"};
    for (int drawn = 0; drawn < 300; drawn++) {
      String field = "\"" + fields[random.nextInt(fields.length)] + "\":";
      String other = field + values[random.nextInt(values.length)] + ",\"other" + drawn + "\":";
      String mutated = whole.replace(field, other);

      assertThat(PodState.of(Json.tree(mutated.getBytes(UTF_8)))).isNotNull();
    }
  }
}
