package xyz.openledger.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.pools.governance.Floors;
import xyz.openledger.pools.governance.Governed;
import xyz.openledger.protocol.DataClass;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;

class OwnTermsTest {
  private static final Request REQUEST =
      World.request(1, World.cheapest(2))
          .scheduled(Scheduling.of(new TenantId("ada")))
          .of(
              new Work(
                  "wasm",
                  Map.of("tier", "gold"),
                  new Governed(List.of("care"), List.of(), List.of(), Floors.NONE, -1)));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "job.tenant == 'ada'",
        "job.kind == 'wasm'",
        "job.fuelMax == 1000000000",
        "job.memoryMaxBytes <= quantity('64Mi')",
        "job.priceMaxNanoOpen == 1000000000",
        "job.deadlineMillis <= 60000",
        "job.verification == 'quorum' && job.agreement == 2",
        "job.capacity == 'on-demand'",
        "job.dataClass == 'public'",
        "job.priority == 4",
        "job.labels.tier in ['gold', 'silver']",
        "'care' in job.classes"
      })
  void speaksOfTheJob(String accept) {
    var terms = new OwnTerms(accept, "");
    terms.check();

    assertThat(terms.accepts(REQUEST)).isTrue();
    assertThat(new OwnTerms("!(" + accept + ")", "").accepts(REQUEST)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(DataClass.class)
  void takesDataOfTheClassesThatItNames(DataClass shown) {
    Request request = World.request(1, shown(World.cheapest(2), shown));
    var terms = new OwnTerms("job.dataClass in ['public', 'internal']", "");

    assertThat(terms.accepts(request)).isEqualTo(shown.compareTo(DataClass.INTERNAL) <= 0);
    assertThat(terms.speakOf()).containsExactly("job.dataClass");
  }

  private static Policy shown(Policy policy, DataClass dataClass) {
    var limits = policy.limits();
    var other =
        new Policy.Limits(
            limits.priceMaxNanoOpen(),
            limits.deadlineMillis(),
            limits.regions(),
            limits.carbonGramsPerKwhMax(),
            limits.reputationMin(),
            limits.roundTripMicrosMax(),
            dataClass);
    return new Policy(policy.objective(), other, policy.verification(), policy.capacity());
  }

  @Test
  void takesNothingThatCannotBeEvaluatedOrRead() {
    assertThat(new OwnTerms("job.labels.rack == 'a'", "").accepts(REQUEST)).isFalse();
    assertThat(new OwnTerms("job.labels.rack != 'a'", "").accepts(REQUEST)).isFalse();
    assertThat(new OwnTerms("job.ofAnotherRelease > 1", "").accepts(REQUEST)).isFalse();
    assertThat(OwnTerms.NONE.accepts(REQUEST)).isTrue();
  }

  @Test
  void likesWithinBounds() {
    assertThat(new OwnTerms("", "job.priority * 1000").likes(REQUEST)).isEqualTo(4_000);
    assertThat(new OwnTerms("", "job.fuelMax").likes(REQUEST)).isEqualTo(10_000);
    assertThat(new OwnTerms("", "0 - job.fuelMax").likes(REQUEST)).isZero();
    assertThat(new OwnTerms("", "job.fuelMax / 0").likes(REQUEST)).isZero();
    assertThat(OwnTerms.NONE.likes(REQUEST)).isZero();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          job.cores > 4            ~ 5  ~ job has no field cores here; in the terms of a node it has agreement, capacity
          job == 4                 ~ 1  ~ job alone is no value
          node.cores > 4           ~ 6  ~ node has no field cores
          job.fuelMax              ~ 4  ~ expected type 'bool' but found 'int'
          job.fuelMax > 'a'        ~ 13 ~ no matching overload
          job.fuelMax >            ~ 14 ~ ends too early
          job.classes.all(a, job.classes.all(b, job.classes.all(c, a + b != c))) ~ 16 ~ steps for one node
          """)
  void pointsAtTheCharacter(String accept, int column, String sentence) {
    assertThatThrownBy(() -> new OwnTerms(accept, "").check())
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> {
              assertThat(refused.problem()).isEqualTo(Problem.INVALID_REQUEST);
              assertThat(refused.field()).isEqualTo("accept");
              assertThat(refused.detail())
                  .contains(sentence)
                  .contains("column " + column + "\n")
                  .endsWith("^");
            });
  }

  @Test
  void refusesAPreferenceThatIsNoNumber() {
    assertThatThrownBy(() -> new OwnTerms("", "job.fuelMax > 1").check())
        .hasMessageContaining("expected type 'int' but found 'bool'");
  }
}
