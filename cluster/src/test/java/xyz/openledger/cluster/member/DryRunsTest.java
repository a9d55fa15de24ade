package xyz.openledger.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.json.Json;

/** What is refused before a job is taken, with its place in the job. */
class DryRunsTest {
  private static final String JOB =
      """
      {"workload":{"kind":"wasm",
        "module":"sha256:185f8db32271fe25f561a6fc938b2e264306ec304eda518007d1764826381969",
        "fuelMax":"10","memoryMaxBytes":65536,"outputMaxBytes":1},
       "tasks":[{"input":
         "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"}],
       "policy":{"limits":{"priceMaxNanoOpen":"5","deadlineMillis":60000},
        "verification":{"method":"trusted"},%s}}\
      """;

  @ParameterizedTest(name = "{0}: {2}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '^',
      textBlock =
          """
          "require":"node.corse > 4"            ~ INVALID_REQUEST      ~ policy.require      ~ node has no field corse
          "require":"node.cores > 4 && 1"       ~ INVALID_REQUEST      ~ policy.require      ~ column 16
          "prefer":{"score":"true","weight":1}  ~ INVALID_REQUEST      ~ policy.prefer.score ~ expected type 'int'
          "require":"node.cores > 4 && node.cores < 3" ~ UNSATISFIABLE_POLICY ~ policy       ~ contradict one another
          """)
  void namesTheFieldOfTheJob(String policy, Problem problem, String field, String why) {
    JobSpec spec = Json.read(JOB.formatted(policy), JobSpec.class);

    assertThatThrownBy(() -> DryRuns.check(spec))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> {
              assertThat(refused.problem()).isEqualTo(problem);
              assertThat(refused.field()).isEqualTo(field);
              assertThat(refused.detail()).contains(why);
            });
  }
}
