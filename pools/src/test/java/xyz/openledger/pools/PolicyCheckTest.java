package xyz.openledger.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.json.Json;

class PolicyCheckTest {
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '^',
      textBlock =
          """
          ^"carbonGramsPerKwhMax":300^ ~ ^"require":"node.carbonGramsPerKwh >= 500"^ ~ limits.carbonGramsPerKwhMax 300 and require `node.carbonGramsPerKwh >= 500` at line 1, column 1 contradict
          ^"carbonGramsPerKwhMax":0^   ~ ^"require":"true"^  ~ no node can ever meet limits.carbonGramsPerKwhMax 0
          ^"regions":["eu"]^           ~ ^"require":"node.region in ['us', 'ap']"^ ~ limits.regions eu and require
          ^"regions":["eu"]^           ~ ^"require":"node.region != 'eu'"^ ~ limits.regions eu and require
          ^"reputationMin":9000^       ~ ^"require":"node.reputation < 100"^ ~ limits.reputationMin 9000 and require
          ^"roundTripMicrosMax":900^   ~ ^"require":"node.roundTripMicros > 900"^ ~ limits.roundTripMicrosMax 900 and require
          ^"regions":[]^               ~ ^"require":"node.cores >= 8 && node.cores < 8"^ ~ require `node.cores >= 8` at line 1, column 1 and require `node.cores < 8` at line 1, column 20 contradict
          ^"regions":[]^               ~ ^"require":"node.reputation > 10000"^ ~ no node can ever meet require
          ^"regions":[]^               ~ ^"require":"node.region in []"^ ~ no node can ever meet require
          ^"regions":[]^               ~ ^"require":"'h100' in node.accelerators && !('h100' in node.accelerators)"^ ~ contradict
          ^"regions":[]^               ~ ^"selector":[{"key":"a","operator":"Exists"},{"key":"a","operator":"DoesNotExist"}]^ ~ selector `a Exists` and selector `a DoesNotExist`
          ^"regions":[]^               ~ ^"selector":[{"key":"a","operator":"In","values":["x"]},{"key":"a","operator":"NotIn","values":["x","y"]}]^ ~ contradict
          ^"regions":[]^               ~ ^"selector":[{"key":"a","operator":"DoesNotExist"}],"require":"node.labels.a == 'x'"^ ~ contradict
          """)
  void namesTheTwoThatContradict(String limit, String more, String sentence) {
    assertThatThrownBy(() -> PolicyCheck.check(policy(limit, more)))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> {
              assertThat(refused.problem()).isEqualTo(Problem.UNSATISFIABLE_POLICY);
              assertThat(refused.detail()).contains(sentence);
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "node.cores >= 8 && node.cores <= 8",
        "'a100' in node.accelerators && 'h100' in node.accelerators",
        "node.labels.a != 'x' && node.labels.a != 'y'",
        "node.region != 'eu' || node.region == 'eu'"
      })
  void letsPassWhatSomeNodeCouldMeet(String require) {
    assertThat(PolicyCheck.check(policy("\"regions\":[]", "\"require\":\"" + require + "\"")))
        .isNotEmpty();
  }

  /** Governance may ask less of a node than is usual, so what is usual contradicts nothing. */
  @Test
  void letsPassWhatOnlyTheUsualRulesForItsDataExclude() {
    assertThat(
            PolicyCheck.check(
                policy("\"dataClass\":\"internal\"", "\"require\":\"node.sandbox == 'process'\"")))
        .anyMatch(note -> note.contains("unless governance asks otherwise"));
  }

  @Test
  void saysThatWeightsAreNormalised() {
    assertThat(
            PolicyCheck.check(
                policy(
                    "\"regions\":[]",
                    "\"objective\":{\"weights\":{\"cost\":50,\"carbon\":25}},"
                        + "\"prefer\":{\"score\":\"node.cores\",\"weight\":75}")))
        .containsExactly(
            "the weights sum to 150, not 100, and are normalised: cost 33.3 %, carbon 16.7 %,"
                + " prefer 50 %");
  }

  @Test
  void saysWhatIsLookedUpAndWhatIsInterpreted() {
    assertThat(
            PolicyCheck.check(
                policy(
                    "\"regions\":[\"eu\"]",
                    "\"require\":\"node.cores > 4 && node.cores * 2 > node.slots\"")))
        .containsExactly(
            "weights: cost 100 %",
            "require `node.cores > 4`: looked up, at no cost a node",
            "require `node.cores * 2 > node.slots`: interpreted for each node that meets all else",
            "regions, carbon and labels are what contributors declare; nothing attests them");
  }

  private static Policy policy(String limit, String more) {
    return Json.read(
        """
        {"limits":{"priceMaxNanoOpen":"7","deadlineMillis":1000,%s},
         "verification":{"method":"trusted"},%s}\
        """
            .formatted(limit, more),
        Policy.class);
  }
}
