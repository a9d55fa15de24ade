package xyz.openledger.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

/**
 * Changes one thing at a time in a job that is accepted, and reads the refusal as a person does.
 */
class JsonTest {
  private static final String ZEROS = "sha256:" + "0".repeat(64);
  private static final String JOB =
      """
      {"name": "n",
       "labels": {"a": "b"},
       "workload": {"kind": "wasm", "module": "%1$s", "fuelMax": "5",
                    "memoryMaxBytes": 65536, "outputMaxBytes": 1},
       "tasks": [{"arguments": ["x"], "input": "%1$s"}],
       "policy": {"objective": {"weights": {"cost": 1, "latency": 0, "reliability": 0, "carbon": 0}},
                  "limits": {"priceMaxNanoOpen": "7", "deadlineMillis": 1000, "regions": ["eu"],
                             "carbonGramsPerKwhMax": 10, "reputationMin": 0},
                  "verification": {"method": "quorum",
                                   "parameters": {"agreement": 2, "replicasMax": 3}}}}
      """
          .formatted(ZEROS);

  @Test
  void aJobIsReadAsItIsWritten() {
    var job = Json.read(JOB, JobSpec.class);

    assertThat(Json.read(Json.write(job), JobSpec.class)).isEqualTo(job);
    assertThat(Json.read(Json.pretty(job), JobSpec.class)).isEqualTo(job);
    assertThat(Json.read(Json.canonical(job), JobSpec.class)).isEqualTo(job);
    assertThat(Json.read(Json.tree(job), JobSpec.class)).isEqualTo(job);
  }

  @Test
  void whatIsLeftOutIsFilledIn() {
    var job =
        Json.read(
            JOB.replace("\"labels\": {\"a\": \"b\"},", "")
                .replace("\"name\": \"n\",", "")
                .replace("\"arguments\": [\"x\"], ", "")
                .replace("\"regions\": [\"eu\"],", "")
                .replace("\"carbonGramsPerKwhMax\": 10,", "")
                .replaceAll("\"objective.*\n", "")
                .replaceAll("\"quorum\",\\s*\"parameters.*3", "\"quorum\"")
                .replace("quorum\"}}}}", "quorum\"}}}"),
            JobSpec.class);

    assertThat(job.name()).isEmpty();
    assertThat(job.labels()).isEmpty();
    assertThat(job.tasks().getFirst().arguments()).isEmpty();
    assertThat(job.policy().objective().weights()).isEqualTo(new Policy.Weights(100, 0, 0, 0));
    assertThat(job.policy().limits().regions()).isEmpty();
    assertThat(job.policy().limits().carbonGramsPerKwhMax()).isNull();
    assertThat(job.policy().verification().parameters()).isEqualTo(new Policy.Parameters(2, 5));
    assertThat(job.policy().capacity()).isEqualTo(Policy.Capacity.ON_DEMAND);
  }

  @Test
  void whatIsLeftOutOfAPolicyIsFilledIn() {
    String cheap =
        JOB.replace("{\"weights\": {\"cost\": 1, \"latency\": 0,", "{\"weights\": {")
            .replace("\"reliability\": 0, \"carbon\": 0", "\"carbon\": 7");
    String trusting =
        JOB.replace(", \"reputationMin\": 0", "")
            .replaceAll("\"objective.*\n", "\"objective\": {},\n")
            .replace("\"carbonGramsPerKwhMax\": 10,", "\"carbonGramsPerKwhMax\": 10")
            .replaceAll("10\\s*\"reputationMin\": 0", "10");

    assertThat(Json.read(cheap, JobSpec.class).policy().objective().weights())
        .isEqualTo(new Policy.Weights(0, 0, 0, 7));
    var policy = Json.read(trusting, JobSpec.class).policy();
    assertThat(policy.objective().weights()).isEqualTo(new Policy.Weights(100, 0, 0, 0));
    assertThat(policy.limits().reputationMin()).isZero();
    assertThat(trusting).doesNotContain("reputationMin", "weights");
    // What was left out is written, so that it is hashed and signed as it was understood.
    assertThat(new String(Json.canonical(policy), UTF_8))
        .contains("\"reputationMin\":0", "\"cost\":100", "\"carbon\":0");
  }

  @ParameterizedTest(name = "{0} to {1}")
  @CsvSource(
      quoteCharacter = '\'',
      delimiter = '|',
      textBlock =
          """
          "name": "n"            | "nam": "n"              | nam | unknown field; known here: labels, name, policy, scheduling, tasks, workload
          "name": "n"            | "name": "n", "name": "" | name | is there twice
          "name": "n"            | "name": 5               | name | expected text
          "name": "n"            | "name": true            | name | expected text
          "name": "n"            | "name": ["n"]           | name | expected text
          "name": "n"            | "name": "\\ud800"       | name | half of a surrogate pair (\\ud800) at position 0
          "name": "n"            | "name": "\\udc00\\ud800" | name | half of a surrogate pair (\\udc00) at position 0
          {"a": "b"}             | {"a": 1}                | labels.a | expected text
          {"a": "b"}             | {"a": null}             | labels.a | is null
          {"a": "b"}             | {"a": "b", "a": "c"}    | labels.a | is there twice
          {"a": "b"}             | []                      | labels | expected an object
          {"a": "b"}             | ""                      | labels | expected an object
          "wasm"                 | "zk"                    | workload.kind | unknown: zk; known: finetune, inference, matmul, onnx, private-model, wasm
          "kind": "wasm",        | ''                      | workload.kind | is missing
          "kind": "wasm"         | "kind": "wasm", "x": 1  | workload.x | unknown field; known here: fuelMax, memoryMaxBytes, module, outputMaxBytes
          "fuelMax": "5"         | "fuelMax": "05"         | workload.fuelMax | expected a whole number from 0 to 9223372036854775807 as text, got 05
          "fuelMax": "5"         | "fuelMax": "+5"         | workload.fuelMax | expected a whole number from 0 to 9223372036854775807 as text, got +5
          "fuelMax": "5"         | "fuelMax": "-5"         | workload.fuelMax | expected a whole number from 0 to 9223372036854775807 as text, got -5
          "fuelMax": "5"         | "fuelMax": 5.0          | workload.fuelMax | expected a whole number from 0 to 9223372036854775807 as text, got 5.0
          "fuelMax": "5"         | "fuelMax": "9223372036854775808" | workload.fuelMax | expected a whole number from 0 to 9223372036854775807 as text, got 9223372036854775808
          "fuelMax": "5"         | "fuelMax": null         | workload.fuelMax | is missing; expected a whole number as text
          "fuelMax": "5",        | ''                      | workload.fuelMax | is missing; expected a whole number as text
          "fuelMax": "5"         | "fuelMax": "0"          | workload.fuelMax | must be 1 to 10000000000000, is 0
          65536                  | 65537                   | workload.memoryMaxBytes | must be a multiple of 65536, is 65537
          65536                  | "65536"                 | workload.memoryMaxBytes | expected a whole number
          65536                  | 65536.0                 | workload.memoryMaxBytes | expected a whole number
          65536                  | 6e4                     | workload.memoryMaxBytes | expected a whole number
          65536                  | true                    | workload.memoryMaxBytes | expected a whole number
          65536                  | {}                      | workload.memoryMaxBytes | expected a whole number
          "memoryMaxBytes": 65536, | ''                    | workload.memoryMaxBytes | is missing; expected a whole number
          65536                  | 99999999999999999999    | workload.memoryMaxBytes | Numeric value (99999999999999999999) out of range of long (-9223372036854775808 - 9223372036854775807)
          "tasks": [             | "tasks": [null,         | tasks[0] | is null
          "tasks": [{            | "tasks": ["", {         | tasks[0] | expected an object
          "arguments": ["x"]     | "arguments": [null]     | tasks[0].arguments[0] | is null
          "arguments": ["x"]     | "arguments": ["x", 1]   | tasks[0].arguments[1] | expected text
          "arguments": ["x"]     | "arguments": "x"        | tasks[0].arguments | expected a list
          "arguments": ["x"]     | "arguments": ["x", "a\\u0000b"] | tasks[0].arguments[1] | has a NUL, at which a program takes an argument to end
          "tasks":               | "taskz":                | tasks | is missing
          "policy": {            | "policy": null, "x": {  | policy | is missing
          "module":              | "module": null, "x":    | workload.module | is null
          "input": "sha256:      | "input": "sha1:         | tasks[0].input | expected sha256: and 64 lower-case hex digits, got sha1:0000000000000000000000000000000000000000000000000000000000000000
          "regions": ["eu"]      | "regions": "eu"         | policy.limits.regions | expected a list
          10,                    | 99999999999,            | policy.limits.carbonGramsPerKwhMax | Numeric value (99999999999) out of range of int (-2147483648 - 2147483647)
          "deadlineMillis": 1000 | "deadlineMillis": 99    | policy.limits.deadlineMillis | must be 100 to 604800000, is 99
          "cost": 1              | "cost": 101             | policy.objective.weights.cost | must be 0 to 100, is 101
          "cost": 1              | "cost": "1"             | policy.objective.weights.cost | expected a whole number
          "cost": 1              | "cost": 1.0             | policy.objective.weights.cost | expected a whole number
          "cost": 1, "latency": 0, "reliability": 0, "carbon": 0 | '' | policy.objective.weights.cost + latency + reliability + carbon | must be 1 to 400, is 0
          "cost": 1              | "cost": 0               | policy.objective.weights.cost + latency + reliability + carbon | must be 1 to 400, is 0
          "quorum"               | "tee"                   | policy.verification.attestation | is missing: tee needs to know which roots and measurements count
          "quorum"               | "QUORUM"                | policy.verification.method | expected one of trusted, quorum, adaptive, trust, freivalds, sumcheck, dispute, zk, tee, toploc
          "quorum"               | "1"                     | policy.verification.method | expected one of trusted, quorum, adaptive, trust, freivalds, sumcheck, dispute, zk, tee, toploc
          "quorum"               | 1                       | policy.verification.method | expected one of trusted, quorum, adaptive, trust, freivalds, sumcheck, dispute, zk, tee, toploc
          "quorum"               | ""                      | policy.verification.method | expected one of trusted, quorum, adaptive, trust, freivalds, sumcheck, dispute, zk, tee, toploc
          "quorum"               | null                    | policy.verification.method | is null
          "agreement": 2         | "agreement": 1          | policy.verification.parameters.agreement | a quorum is at least 2
          "replicasMax": 3       | "replicasMax": 1        | policy.verification.parameters.replicasMax | must be 2 to 15, is 1
          """)
  void aRefusalNamesTheFieldAndTheFix(String from, String to, String field, String detail) {
    assertThat(JOB).contains(from);

    assertThatThrownBy(() -> Json.read(JOB.replace(from, to), JobSpec.class))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> {
              assertThat(refused.problem()).isEqualTo(Problem.INVALID_REQUEST);
              assertThat(refused.field()).isEqualTo(field);
              assertThat(refused.detail()).isEqualTo(detail);
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " ", "null", "5", "\"\"", "[]", "{", "{}}", "{} {}", "nul", "{'a':1}", "\u0000"
      })
  void whatIsNoJobIsRefused(String text) {
    assertThatThrownBy(() -> Json.read(text, JobSpec.class))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> {
              assertThat(refused.problem()).isEqualTo(Problem.INVALID_REQUEST);
              assertThat(refused.detail()).doesNotContain("xyz.openledger", "com.fasterxml");
            });
  }

  @Test
  void bytesThatBeginAsAnotherEncodingAreRefused() {
    for (String hex :
        List.of("0000feff2a", "7b000000 7d00".replace(" ", ""), "0000007b00", "feff7b")) {
      assertThatThrownBy(() -> Json.read(HexFormat.of().parseHex(hex), JobSpec.class))
          .as(hex)
          .isInstanceOf(ProblemException.class);
    }
  }

  @Test
  void bytesThatAreNoUtf8AreRefused() {
    for (String hex : List.of("eda080", "ff", "f4908080", "e282")) {
      byte[] wrong = HexFormat.of().parseHex(hex);
      var job = new ByteArrayOutputStream();
      job.writeBytes("{\"name\": \"".getBytes(UTF_8));
      job.writeBytes(wrong);
      job.writeBytes("\"}".getBytes(UTF_8));

      assertThatThrownBy(() -> Json.read(job.toByteArray(), JobSpec.class))
          .as(hex)
          .isInstanceOf(ProblemException.class)
          .hasMessageNotContaining("workload");
    }
  }

  @Test
  void sizesAreBounded() {
    assertThatThrownBy(() -> Json.tree("[".repeat(33).getBytes(UTF_8)))
        .isInstanceOf(ProblemException.class);
    assertThatThrownBy(() -> Json.tree(("\"" + "x".repeat((1 << 20) + 1) + "\"").getBytes(UTF_8)))
        .isInstanceOf(ProblemException.class);
    assertThatThrownBy(() -> Json.tree("9".repeat(21).getBytes(UTF_8)))
        .isInstanceOf(ProblemException.class);
    assertThat(Json.tree(("[".repeat(32) + "]".repeat(32)).getBytes(UTF_8)).isArray()).isTrue();
  }
}
