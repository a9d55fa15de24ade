package xyz.openledger.nodes.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import xyz.openledger.protocol.json.Json;

/** The files that an operator applies, held against what the agent does and what workers need. */
class DeployedManifestsTest {
  private static final Path FOLDER = Path.of("deploy/kubernetes");
  private static final String WORKERS = "openledger-workers";

  @Test
  void bothNamespacesRefusePodsWithPowers() throws IOException {
    assertThat(objects("namespaces.yaml"))
        .hasSize(2)
        .allSatisfy(
            namespace ->
                assertThat(
                        namespace
                            .at("/metadata/labels")
                            .path("pod-security.kubernetes.io/enforce")
                            .asText())
                    .isEqualTo("restricted"));
  }

  @Test
  void theNetworkOfWorkersIsClosedBothWays() throws IOException {
    assertThat(ClusterCheck.open(policies(WORKERS))).isEmpty();
    assertThat(ClusterCheck.open(policies("openledger-node"))).isPresent();
  }

  private static ObjectNode policies(String namespace) throws IOException {
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    var items = list.putArray("items");
    objects("network.yaml")
        .filter(policy -> policy.at("/metadata/namespace").asText().equals(namespace))
        .forEach(items::add);
    return list;
  }

  @Test
  void theAgentMayDoWhatItDoesAndNothingElse() throws IOException {
    assertThat(granted("Role"))
        .isEqualTo(new TreeSet<>(Right.ofNamespace().map(Right::words).toList()));
    assertThat(granted("ClusterRole"))
        .isEqualTo(
            new TreeSet<>(
                Arrays.stream(Right.values())
                    .filter(Right::isOfCluster)
                    .map(Right::words)
                    .toList()));
    assertThat(rules("ClusterRole").map(rule -> rule.path("resourceNames").size())).containsOnly(1);
  }

  private static TreeSet<String> granted(String kind) throws IOException {
    var granted = new TreeSet<String>();
    rules(kind)
        .forEach(
            rule -> {
              for (JsonNode group : rule.path("apiGroups")) {
                for (JsonNode resource : rule.path("resources")) {
                  for (JsonNode verb : rule.path("verbs")) {
                    String suffix = group.asText().isEmpty() ? "" : "." + group.asText();
                    granted.add(verb.asText() + " " + resource.asText() + suffix);
                  }
                }
              }
            });
    return granted;
  }

  private static Stream<JsonNode> rules(String kind) throws IOException {
    return objects("rights.yaml")
        .filter(object -> object.path("kind").asText().equals(kind))
        .flatMap(role -> stream(role.path("rules")));
  }

  @Test
  void theAgentsOwnPodIsRestrictedToo() throws IOException {
    JsonNode pod =
        objects("agent.yaml")
            .filter(object -> object.path("kind").asText().equals("Deployment"))
            .findFirst()
            .orElseThrow()
            .at("/spec/template/spec");

    assertThat(Restricted.broken(pod)).isEmpty();
    assertThat(stream(pod.path("containers")))
        .allMatch(container -> container.at("/securityContext/readOnlyRootFilesystem").asBoolean());
  }

  @Test
  void theQuotaHoldsAWorkerAndItsSuccessor() throws IOException {
    JsonNode hard = objects("quota.yaml").findFirst().orElseThrow().at("/spec/hard");

    assertThat(hard.path("secrets").asText()).isEqualTo("0");
    assertThat(hard.path("pods").asInt()).isGreaterThan(2);
  }

  @Test
  void everyFileIsAppliedButTheExample() throws IOException {
    List<String> applied =
        objects("kustomization.yaml")
            .flatMap(file -> stream(file.path("resources")))
            .map(JsonNode::asText)
            .toList();

    try (var files = Files.list(FOLDER)) {
      assertThat(applied)
          .containsExactlyInAnyOrderElementsOf(
              files
                  .map(file -> file.getFileName().toString())
                  .filter(name -> name.endsWith(".yaml") && !name.endsWith(".example.yaml"))
                  .filter(name -> !name.equals("kustomization.yaml"))
                  .toList());
    }
  }

  private static Stream<JsonNode> stream(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }

  private static Stream<JsonNode> objects(String file) throws IOException {
    var yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
    String text = Files.readString(FOLDER.resolve(file));
    return StreamSupport.stream(yaml.loadAll(text).spliterator(), false)
        .map(object -> Json.tree((Object) (Map<?, ?>) object));
  }
}
