package xyz.openledger.nodes.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.kubernetes.client.custom.Quantity;
import io.kubernetes.client.openapi.models.V1Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The reviewed Jobs against the form that Kubernetes publishes, by the official Java client, whose
 * models are made from its OpenAPI document: they know each field by name, which are required, and
 * how amounts are written.
 */
class JobSchemaTest {
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"gvisor", "kata"})
  void isAJobOfTheirForm(String name) throws IOException {
    JsonObject job = job(name);

    V1Job.validateJsonElement(job);
    V1Job read = new Gson().fromJson(job, V1Job.class);
    assertThat(read.getSpec().getTemplate().getSpec().getContainers().getFirst().getStdinOnce())
        .isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"gvisor", "kata"})
  void hasAmountsThatTheyCanRead(String name) throws IOException {
    JsonObject limits = container(job(name)).getAsJsonObject("resources").getAsJsonObject("limits");

    assertThat(limits.asMap().values())
        .allSatisfy(
            amount ->
                assertThat(Quantity.fromString(amount.getAsString()).getNumber().signum()).isOne());
  }

  @Test
  void noticesAFieldOfAnotherName() throws IOException {
    JsonObject job = job("gvisor");
    container(job).addProperty("stdInOnce", true);

    assertThatThrownBy(() -> V1Job.validateJsonElement(job)).hasMessageContaining("stdInOnce");
  }

  @Test
  void noticesAFieldThatIsMissing() throws IOException {
    JsonObject job = job("gvisor");
    container(job).remove("name");

    assertThatThrownBy(() -> V1Job.validateJsonElement(job)).hasMessageContaining("name");
  }

  private static JsonObject container(JsonObject job) {
    JsonElement pod = job.getAsJsonObject("spec").getAsJsonObject("template").get("spec");
    return pod.getAsJsonObject().getAsJsonArray("containers").get(0).getAsJsonObject();
  }

  private static JsonObject job(String name) throws IOException {
    Path file = Path.of("src/test/resources/kubernetes/worker-" + name + ".json");
    return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
  }
}
