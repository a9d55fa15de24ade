package xyz.openledger.pools.governance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.json.Json;

/** What governed rules, and policies with all that a policy may say, hash to: for ever. */
class GoldenDigestsTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden");
  private static final Path SCRIPT = Path.of("../protocol/src/test/node/golden.mjs");
  private static final int CASES = 12;

  @Test
  void rulesHashToWhatTheyAlwaysDid() throws IOException {
    for (JsonNode vector : vectors("governance.json")) {
      var rules = GovernedRules.read(utf8(document(vector)));

      assertThat(new String(rules.canonical(), StandardCharsets.UTF_8))
          .isEqualTo(vector.at("/gives/canonical").textValue());
      assertThat(rules.hash().toString()).isEqualTo(vector.at("/gives/digest").textValue());
    }
  }

  @Test
  void policiesHashToWhatTheyAlwaysDid() throws IOException {
    int said = 0;
    for (JsonNode vector : vectors("policy.json")) {
      Policy policy = Json.read(document(vector), Policy.class);
      byte[] canonical = Json.canonical(policy);

      said += policy.require() == null ? 0 : 1;
      said += policy.prefer() == null ? 0 : 1;
      said += policy.selector() == null ? 0 : 1;
      said += policy.limits().roundTripMicrosMax() == null ? 0 : 1;
      assertThat(new String(canonical, StandardCharsets.UTF_8))
          .isEqualTo(vector.at("/gives/canonical").textValue());
      assertThat(Digest.of(canonical).toString()).isEqualTo(vector.at("/gives/digest").textValue());
    }
    assertThat(said).as("fields beside those of the first release").isGreaterThan(2 * CASES);
  }

  @Test
  void anotherProgramGivesTheSame() throws Exception {
    assertThat(node(FOLDER)).isEqualTo("0: %d vectors hold\n".formatted(2 * CASES));
  }

  @Test
  void theOtherProgramSeesAChange(@TempDir Path folder) throws Exception {
    for (String file : List.of("governance.json", "policy.json")) {
      Files.writeString(
          folder.resolve(file),
          Files.readString(FOLDER.resolve(file)).replaceFirst("sha256:[0-9a-f]", "sha256:x"));
    }

    String answer = node(folder);

    assertThat(answer).startsWith("1: ").contains("governance.json[").contains("policy.json[");
  }

  private static List<JsonNode> vectors(String file) throws IOException {
    var vectors = new ArrayList<JsonNode>();
    Json.tree(Files.readAllBytes(FOLDER.resolve(file))).forEach(vectors::add);
    assertThat(vectors).hasSize(CASES);
    return vectors;
  }

  private static String document(JsonNode vector) {
    return vector.at("/given/document").textValue();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String node(Path folder) throws Exception {
    var process =
        new ProcessBuilder("node", SCRIPT.toString(), folder.toString())
            .redirectErrorStream(true)
            .start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue() + ": " + output;
  }
}
