package xyz.openledger.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a policy is said at once, with its place, whoever reads it. */
class BadPolicyTest {
  private static final String GOOD =
      "{limits: {priceMax: 1 OPEN, deadline: PT1M}, verification: {method: trusted}";

  @TempDir Path folder;

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          {limits: {priceMax: 1 OPEN, deadline: PT1M, price: 3}, verification: {method: trusted}} ~ limits.price ~ unknown field
          {limits: {priceMax: 1 OPEN, deadline: PT1M}, verification: {method: trusted}, requires: x} ~ requires ~ unknown field
          {limits: {priceMax: 1 OPEN, deadline: PT1M}, verification: {method: oracle}} ~ verification.method ~ expected one of
          {limits: {priceMax: 1 OPEN, deadline: PT1M}, verification: {method: toploc, tolerance: {ulpsMax: 2}}} ~ verification.tolerance ~ thresholds of its own
          {limits: {priceMax: 1 OPEN, deadline: PT1M}, verification: {method: tee}} ~ verification.attestation ~ is missing
          {limits: {priceMax: 1 EUR, deadline: PT1M}, verification: {method: trusted}} ~ limits.priceMax ~ 'EUR' is no unit of money
          {limits: {priceMax: 1, deadline: PT1M}, verification: {method: trusted}} ~ limits.priceMax ~ OPEN
          {limits: {priceMax: 1 OPEN, deadline: 10m}, verification: {method: trusted}} ~ limits.deadline ~ PT10M
          {limits: {priceMax: 1 OPEN, deadline: PT1M, roundTripMax: 5ms}, verification: {method: trusted}} ~ limits.roundTripMax ~ PT
          {limits: {priceMax: -1 OPEN, deadline: PT1M}, verification: {method: trusted}} ~ limits.priceMax ~ -1
          {limits: {priceMax: 0 OPEN, deadline: PT1M}, verification: {method: trusted}} ~ limits.priceMax ~ as priceMaxNanoOpen: must be 1 to
          {limits: {priceMax: 1 OPEN, deadline: PT1M}, verification: {method: quorum, errorMax: 1 %}} ~ verification.errorMax ~ is of another method
          {limits: {priceMax: 99999999999 OPEN, deadline: PT1M}, verification: {method: trusted}} ~ limits.priceMax ~ 99999999999
          {limits: {priceMax: 0.0000000001 OPEN, deadline: PT1M}, verification: {method: trusted}} ~ limits.priceMax ~ 0.0000000001
          {limits: {priceMaxNanoOpen: '-5', deadline: PT1M}, verification: {method: trusted}} ~ limits.priceMaxNanoOpen ~ -5
          {limits: {priceMaxNanoOpen: '99999999999999999999', deadline: PT1M}, verification: {method: trusted}} ~ limits.priceMaxNanoOpen ~ expected a whole number
          {limits: {priceMaxNanoOpen: '5', priceMax: 1 OPEN, deadline: PT1M}, verification: {method: trusted}} ~ limits.priceMax ~ not both
          {limits: {priceMax: 1 OPEN, deadline: PT1M}, verification: {method: quorum, parameters: {agreement: 1, replicasMax: 3}}} ~ verification.parameters.agreement ~ a quorum is at least 2
          {limits: {priceMax: 1 OPEN, deadline: PT1M}, verification: {method: quorum, parameters: {agreement: 3, replicasMax: 2}}} ~ verification.parameters.replicasMax ~ must be 3 to 15
          {limits: {priceMax: 1 OPEN, deadline: PT1M}, verification: {method: trusted}, objective: {weights: {cost: 0}}} ~ objective.weights.cost + latency + reliability + carbon ~ must be 1 to 400, is 0
          {limits: {priceMax: 1 OPEN, deadline: PT1M}, verification: {method: trusted}, objective: {weights: {cost: -3, carbon: 5}}} ~ objective.weights.cost ~ must be 0 to 100, is -3
          {limits: {priceMax: 1 OPEN, deadline: PT1M}, verification: {method: trusted}, selector: [{key: a, operator: Has}]} ~ selector[0].operator ~ expected one of In
          """)
  void isToldWithItsPlace(String policy, String field, String sentence) throws IOException {
    for (TestShell.Result result : new TestShell.Result[] {check(policy), dryRun(policy)}) {
      assertThat(result.err())
          .contains(sentence)
          .containsPattern("field: (policy\\.)?" + quoted(field));
      assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          require: 'node.accelerators.all(a, node.accelerators.all(b, node.accelerators.all(c, a + b != c)))' ~ require ~ steps for one node, and 10000 are allowed ~ | node.accelerators.all(a,
          require: 'node.cores > > 4' ~ require ~ '>' does not belong here ~ | .............^
          require: 'node.coars > 4'   ~ require ~ node has no field coars  ~ | .....^
          prefer: 'node.region'       ~ prefer.score ~ expected type 'int' ~ | node.region
          prefer: 'node.accelerators.map(a, node.accelerators.map(b, node.accelerators.map(c, 1)))[0][0][0]' ~ prefer.score ~ steps for one node ~ | node.accelerators.map(a,
          """)
  void anExpressionIsShownWithTheCharacter(
      String more, String field, String sentence, String picture) throws IOException {
    for (TestShell.Result result :
        new TestShell.Result[] {
          check(GOOD + ", " + more + "}"), dryRun(GOOD + ", " + more + "}")
        }) {
      assertThat(result.err())
          .contains(sentence, picture)
          .containsPattern("field: (policy\\.)?" + quoted(field));
      assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    }
  }

  @Test
  void weightsThatDoNotSumAreNormalisedAndThatIsSaid() throws IOException {
    var result = check(GOOD + ", objective: {weights: {cost: 3, carbon: 1}}}");

    assertThat(result.out())
        .contains("the weights sum to 4, not 100, and are normalised: cost 75 %, carbon 25 %");
    assertThat(result.exitCode()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "require: 'node.cores > 8 && node.cores < 4'",
        "require: '(node.cores > 8 || node.cores == 6) && node.cores < 4'",
        "selector: [{key: a, operator: Exists}, {key: a, operator: DoesNotExist}]"
      })
  void limitsThatContradictAreNamedAndRefused(String more) throws IOException {
    var result = check(GOOD + ", " + more + "}");

    assertThat(result.err()).contains("contradict one another: no node can meet both");
    assertThat(result.exitCode()).isEqualTo(ExitCode.REFUSED);
  }

  @Test
  void aLimitThatContradictsARequirementIsNamedWithIt() throws IOException {
    var result =
        check(
            """
            {limits: {priceMax: 1 OPEN, deadline: PT1M, regions: [eu-west]},
             verification: {method: trusted}, require: 'node.region == "us-east"'}
            """);

    assertThat(result.err())
        .contains("limits.regions eu-west and", "us-east", "contradict one another");
    assertThat(result.exitCode()).isEqualTo(ExitCode.REFUSED);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          node.cores > > 4                     ~ '>' does not belong here, at line 1, column 14
          node.cores > 8 && node.cores < 4     ~ admits nobody: admit `node.cores > 8` at line 1, column 1 and admit `node.cores < 4` at line 1, column 19 contradict
          node.reputation > 100                ~ speaks of what changes from one task to the next
          node.accelerators.all(a, node.accelerators.all(b, node.accelerators.all(c, a + b != c))) ~ steps for one node
          """)
  void aPoolIsNotOpenedWithAnAdmitThatCannotBeReadOrMet(String admit, String sentence) {
    // No member answers there: what is wrong is known before one is asked.
    var result =
        new TestShell(folder)
            .set("OPENLEDGER_URL", "http://127.0.0.1:1")
            .run("pool", "create", "meadow", "--admit", admit);

    assertThat(result.err()).contains(sentence).contains("field: admit");
    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
  }

  private TestShell.Result check(String policy) throws IOException {
    Files.writeString(folder.resolve("policy.yaml"), policy);
    return new TestShell(folder).run("policy", "check", "policy.yaml");
  }

  /** With no member there: a policy that cannot be read is refused before one is asked. */
  private TestShell.Result dryRun(String policy) throws IOException {
    Files.writeString(folder.resolve("policy.yaml"), policy);
    Files.write(folder.resolve("hello.wasm"), new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
    Files.writeString(
        folder.resolve("job.yaml"),
        """
        workload: {kind: wasm, module: hello.wasm, fuelMax: 1000, memoryMax: 1Mi, outputMax: 0}
        tasks: [{input: hello.wasm}]
        """);
    return new TestShell(folder)
        .set("OPENLEDGER_URL", "http://127.0.0.1:1")
        .run("job", "submit", "job.yaml", "--policy", "policy.yaml", "--dry-run");
  }

  private static String quoted(String field) {
    return Pattern.quote(field);
  }
}
