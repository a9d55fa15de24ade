package xyz.openledger.cluster.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import xyz.openledger.pools.PolicyCheck;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Tolerance;
import xyz.openledger.protocol.client.PolicyFile;

/** The published schema, the record and the gallery say the same thing. */
class PolicySchemaTest {
  private static final Path HOME = Path.of(System.getProperty("openledger.home", ".."));
  private static final Path SCHEMA = HOME.resolve("docs/policy.schema.json");

  static Stream<Path> gallery() throws IOException {
    return Files.list(HOME.resolve("examples/policies")).sorted();
  }

  @Test
  void theGalleryIsWhole() throws IOException {
    assertThat(gallery().map(file -> file.getFileName().toString()))
        .containsExactly(
            "adaptive.yaml",
            "cheapest.yaml",
            "eu-only.yaml",
            "greenest.yaml",
            "interactive.yaml",
            "lowest-latency.yaml",
            "most-reliable.yaml",
            "open-licences.yaml",
            "private-data.yaml",
            "reserved-trading.yaml",
            "spot.yaml",
            "tee-simulated.yaml",
            "toploc.yaml",
            "trading.yaml",
            "within-tolerance.yaml");
  }

  @ParameterizedTest
  @MethodSource("gallery")
  void eachOfTheGalleryCanBeReadAndMet(Path file) throws IOException {
    assertThat(PolicyCheck.check(PolicyFile.read(file)).getFirst()).contains("%");
    if (file.endsWith("toploc.yaml")) {
      assertThat(PolicyCheck.check(PolicyFile.read(file)).toString()).contains("statistical");
    }
    JsonNode written = new ObjectMapper().valueToTree(yaml(Files.readString(file)));
    assertThat(SchemaChecker.errors(schema(), schema(), written)).isEmpty();
  }

  @Test
  void theSchemaNamesTheFieldsOfTheRecords() throws IOException {
    assertThat(names("properties")).isEqualTo(fields(Policy.class));
    assertThat(names("properties", "limits", "properties"))
        .isEqualTo(
            with(
                fields(Policy.Limits.class),
                "priceMax",
                "deadline",
                "roundTripMax",
                "latencyP99Max"));
    assertThat(names("properties", "verification", "properties"))
        .isEqualTo(with(fields(Policy.Verification.class), "errorMax"));
    assertThat(names("properties", "verification", "properties", "tolerance", "properties"))
        .isEqualTo(fields(Tolerance.class));
    assertThat(names("properties", "objective", "properties", "weights", "properties"))
        .isEqualTo(fields(Policy.Weights.class));
    assertThat(names("properties", "selector", "items", "properties"))
        .isEqualTo(fields(Policy.LabelRequirement.class));
  }

  private static Set<String> names(String... path) throws IOException {
    Map<?, ?> at = schema();
    for (String step : path) {
      at = (Map<?, ?>) SchemaChecker.present(at, step);
    }
    var names = new TreeSet<String>();
    at.keySet().forEach(name -> names.add(name.toString()));
    return names;
  }

  private static Set<String> fields(Class<?> record) {
    var names = new TreeSet<String>();
    Arrays.stream(record.getRecordComponents()).map(RecordComponent::getName).forEach(names::add);
    return names;
  }

  private static Set<String> with(Set<String> names, String... more) {
    names.addAll(Set.of(more));
    return names;
  }

  private static Map<?, ?> schema() throws IOException {
    var schema = new HashMap<>((Map<?, ?>) yaml(Files.readString(SCHEMA)));
    // What describes the schema itself, which the checker of one of ours does not know.
    schema.keySet().removeAll(Set.of("$schema", "$id", "title"));
    return schema;
  }

  private static Object yaml(String text) {
    return new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
  }
}
