package xyz.openledger.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xyz.openledger.protocol.json.Json;

class GovCommandTest {
  private static final Path HOME = Path.of(System.getProperty("openledger.home", ".."));

  @TempDir Path folder;

  @Test
  void saysWhatTheShippedRulesMean() {
    var result =
        new TestShell(folder)
            .run(
                "gov",
                "check",
                HOME.resolve("examples/governance/rules.yaml").toAbsolutePath().toString());

    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains("can be read: epoch 1, rules sha256:")
        .contains("- every policy weighs at least carbon 20 %\n")
        .contains("- every job: at most 1000.000000000 OPEN\n")
        .contains("- nothing may run in antarctica\n")
        .contains("class mining (labels purpose=mining): banned\n")
        .contains(
            "class experiments (labels purpose=experiment): isolated, only on nodes labelled"
                + " openledger.takes.experiments=true, priority 1\n")
        .contains(
            "class care (labels purpose=care): allowed, priority 9, at least 3 equal outcomes");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          {epoch: 1, weightFloor: {carbon: 5}}                     ~ weightFloor          ~ unknown
          {epoch: 1, weightFloors: {carbon: 60, cost: 50}}         ~ weightFloors.        ~ must be 0 to 100, is 110
          {epoch: 1, priceMax: 5 EUR}                              ~ priceMax             ~ 'EUR' is no unit of money
          {epoch: 1, classes: [{name: a, kind: wasm, priceMax: -5 OPEN}]} ~ classes[0].priceMax ~ -5
          {epoch: 1, classes: [{name: a, kind: wasm, priceMax: 99999999999999 OPEN}]} ~ classes[0].priceMax ~ 99999999999999
          {epoch: 1, deadlineMax: 10 minutes}                      ~ deadlineMax          ~ 10 minutes
          {epoch: 0}                                               ~ epoch                ~ must be 1 to
          {epoch: 1, vectors: [{expected: refused}]}               ~ vectors[0]           ~ a job like this must be refused, and is admitted
          {epoch: 1, classes: [{name: a, ruling: banned}]}         ~ classes[0]           ~ give it a kind, labels, modules or a condition
          """)
  void pointsAtWhatIsWrong(String rules, String field, String sentence) throws IOException {
    Path file = folder.resolve("rules.yaml");
    Files.writeString(file, rules);
    var result = new TestShell(folder).run("gov", "check", file.toString());

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("field: " + field).contains(sentence);
  }

  @Test
  void givesProgramsTheRulesAsTheyAreStored() throws IOException {
    Path file = folder.resolve("rules.yaml");
    Files.writeString(file, "{epoch: 4, priceMax: 2 OPEN, deadlineMax: PT1H}");
    var result = new TestShell(folder).run("gov", "check", file.toString(), "-o", "json");

    assertThat(Json.tree(result.out().getBytes(StandardCharsets.UTF_8)).path("rules"))
        .isEqualTo(
            Json.tree(
                "{\"deadlineMillisMax\":3600000,\"epoch\":4,\"priceMaxNanoOpen\":\"2000000000\"}"
                    .getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void printsTheSchema() {
    var result = new TestShell(folder).run("gov", "schema");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("governance.schema.json");
  }
}
