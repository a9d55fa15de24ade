package xyz.openledger.protocol.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xyz.openledger.protocol.client.ScriptedMember.bytes;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Workload;

class JobFileTest {
  @TempDir Path folder;

  @Test
  void putsDigestsWhereFileNamesStood() throws Exception {
    JobFile job = JobFiles.hello(folder);

    Digest input = Digest.of(bytes("input"));
    assertThat(((Workload.Wasm) job.spec().workload()).module())
        .isEqualTo(Digest.of(bytes("module")));
    assertThat(job.spec().tasks()).extracting(task -> task.input()).containsOnly(input);
    assertThat(job.blobs())
        .hasSize(2)
        .containsEntry(input, folder.resolve("input.txt").toAbsolutePath());
  }

  @Test
  void takesADigestForAFile() throws Exception {
    Digest elsewhere = Digest.of(bytes("elsewhere"));
    Path file = JobFiles.write(folder, JobFiles.HELLO.replace("module.wasm", elsewhere.toString()));

    JobFile job = JobFile.read(file);

    assertThat(job.blobs()).hasSize(1).doesNotContainKey(elsewhere);
  }

  @Test
  void takesAnotherPolicyAndMoreLabels() throws Exception {
    Path policy =
        Files.writeString(
            folder.resolve("policy.json"),
            """
            {"limits":{"priceMaxNanoOpen":"7","deadlineMillis":1000,"reputationMin":0},
             "verification":{"method":"quorum"}}\
            """);

    JobFile job =
        JobFile.read(
            JobFiles.write(folder, JobFiles.HELLO),
            new JobFile.Overrides(policy, Map.of("run", "7")));

    assertThat(job.spec().policy().limits().priceMaxNanoOpen()).isEqualTo(7);
    assertThat(job.spec().policy().verification().method()).isEqualTo(Policy.Method.QUORUM);
    assertThat(job.spec().labels())
        .containsOnly(Map.entry("example", "hello"), Map.entry("run", "7"));
  }

  @ParameterizedTest(name = "{0} -> {1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "module.wasm"      | "absent.wasm"     | workload.module       | there is no file
          "input.txt"        | "absent.txt"      | tasks[0].input        | there is no file
          "module.wasm"      | "sha256:12"       | workload.module       | 64 lower-case hex
          "input.txt"        | 7                 | tasks[0].input        | file
          "name"             | "nmae"            | nmae                  | unknown field
          "10000000"         | 0                 | workload.fuelMax      | must be 1 to
          60000              | 5                 | policy.limits.deadlineMillis | must be 100 to
          "trusted"          | "dice"            | policy.verification.method   | one of trusted, quorum
          16777216           | 5                 | workload.memoryMaxBytes      | must be 65536 to
          "wasm"             | "docker"          | workload              | docker
          "hello",           | "hello"           |                       | JSON
          """,
      quoteCharacter = '\0')
  void namesTheFieldThatIsWrong(String right, String wrong, String field, String detail)
      throws Exception {
    Path file =
        JobFiles.write(
            folder, JobFiles.HELLO.replaceFirst(java.util.regex.Pattern.quote(right), wrong));

    assertThatThrownBy(() -> JobFile.read(file))
        .isInstanceOf(xyz.openledger.protocol.ProblemException.class)
        .hasMessageContaining(field == null ? "" : field)
        .hasMessageContaining(detail);
  }

  @Test
  void readsYamlAndAmountsWithUnits() throws Exception {
    JobFiles.write(folder, JobFiles.HELLO);
    Path yaml =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            name: hello
            labels: {example: hello}
            workload: {kind: wasm, module: module.wasm, fuelMax: 10M, memoryMax: 16Mi, outputMax: 64Ki}
            tasks:
              - input: input.txt
              - {arguments: [Hola], input: input.txt}
            policy:
              limits: {priceMax: 0.5 OPEN, deadline: PT1M}
              verification: {method: trusted}
            """);

    assertThat(JobFile.read(yaml).spec()).isEqualTo(JobFiles.hello(folder).spec());
  }

  @Test
  void readsAPolicyInYaml() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("policy.yml"),
            """
            limits: {priceMax: 1 OPEN, deadline: PT20S, roundTripMax: PT0.005S}
            verification: {method: quorum}
            prefer: node.cores * 100
            """);

    Policy policy = PolicyFile.read(file);

    assertThat(policy.limits().priceMaxNanoOpen()).isEqualTo(1_000_000_000);
    assertThat(policy.limits().deadlineMillis()).isEqualTo(20_000);
    assertThat(policy.limits().roundTripMicrosMax()).isEqualTo(5_000);
    assertThat(policy.prefer()).isEqualTo(new Policy.Preference("node.cores * 100", 100));
  }

  @ParameterizedTest(name = "{0} -> {1}: {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          "priceMaxNanoOpen": 500000000 | "priceMax": 0.5          | policy.limits.priceMax | has no unit
          "priceMaxNanoOpen": 500000000 | "priceMax": "0.5 EUR"    | policy.limits.priceMax | no unit of money
          "priceMaxNanoOpen": 500000000 | "priceMax": "-2 OPEN"    | policy.limits.priceMax | never negative
          "priceMaxNanoOpen": 500000000 | "priceMax": "9e9 OPEN"   | policy.limits.priceMax | e9 OPEN
          "priceMaxNanoOpen": 500000000 | "priceMax": true         | policy.limits.priceMax | as text
          "deadlineMillis": 60000       | "deadline": "10m"        | policy.limits.deadline | ISO 8601
          "deadlineMillis": 60000       | "deadline": "PT1M", "deadlineMillis": 1 | policy.limits.deadline | not both
          "memoryMaxBytes": 16777216    | "memoryMax": "16MiB"     | workload.memoryMax     | 16Gi
          "memoryMaxBytes": 16777216    | "memoryMax": "1500m"     | workload.memoryMax     | no whole number
          "10000000"                    | "10 million"             | workload.fuelMax       | 16Gi
          """)
  void namesTheAmountThatIsWrong(String right, String wrong, String field, String why)
      throws Exception {
    Path file = JobFiles.write(folder, JobFiles.HELLO.replace(right, wrong));

    assertThatThrownBy(() -> JobFile.read(file))
        .isInstanceOfSatisfying(
            xyz.openledger.protocol.ProblemException.class,
            refused -> {
              assertThat(refused.field()).isEqualTo(field);
              assertThat(refused.detail()).contains(why);
            });
  }

  @Test
  void saysThatThereIsNoFile() {
    assertThatThrownBy(() -> JobFile.read(folder.resolve("absent.json")))
        .hasMessageContaining("there is no file");
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          'limits:;  priceMax: 1 OPEN;  deadline: PT1M;  colour: red'     ~ limits.colour      ~ line 4, column 3
          'limits:;  { deadline: PT1M, priceMax: 1 EUR }'                 ~ limits.priceMax    ~ line 2, column 21
          'limits: { priceMax: 1 OPEN, deadline: PT1M };selector:;- { key: a, operator: Exists };- { key: b, operator: Exists, values: [c] }' ~ selector[1].values ~ line 4, column 31
          """)
  void pointsAtTheFieldOfAPolicyInYaml(String yaml, String field, String place) throws Exception {
    Path file = Files.writeString(folder.resolve("policy.yaml"), yaml.replace(';', '\n'));

    assertPlace(file, field, "at " + place);
  }

  @Test
  void pointsAtTheFieldOfAPolicyInJson() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("policy.json"),
            """
            {"limits": {"priceMaxNanoOpen": "7", "deadlineMillis": 1000,
            \t"colour": "red"}}\
            """);

    assertPlace(file, "limits.colour", "at line 2, column 2");
  }

  @Test
  void saysOfAMissingFieldNoPlace() throws Exception {
    Path file = Files.writeString(folder.resolve("policy.yaml"), "capacity: spot\n");

    assertThatThrownBy(() -> PolicyFile.read(file))
        .hasMessageContaining("limits")
        .hasMessageNotContaining("at line");
  }

  @Test
  void pointsAtTheFieldOfAJob() throws Exception {
    Path file =
        JobFiles.write(folder, JobFiles.HELLO.replace("\"tasks\"", "\"taks\": 1, \"tasks\""));

    assertThatThrownBy(() -> JobFile.read(file))
        .hasMessageContaining("taks")
        .hasMessageContaining(", at line 8, column 3");
  }

  private static void assertPlace(Path file, String field, String place) {
    assertThatThrownBy(() -> PolicyFile.read(file))
        .isInstanceOfSatisfying(
            xyz.openledger.protocol.ProblemException.class,
            refused -> {
              assertThat(refused.field()).isEqualTo(field);
              assertThat(refused.detail()).endsWith(", " + place);
            });
  }
}
