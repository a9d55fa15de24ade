package xyz.openledger.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xyz.openledger.protocol.json.Json;

class PolicyTest {
  private static final String POLICY =
      """
      {"limits":{"priceMaxNanoOpen":"7","deadlineMillis":1000,"roundTripMicrosMax":900},
       "verification":{"method":"trusted"},
       "require":"node.cores > 4",
       "prefer":{"score":"node.cores","weight":50},
       "selector":[{"key":"tier","operator":"In","values":["gold"]},
                   {"key":"spot","operator":"DoesNotExist"}]}
      """;

  @Test
  void aPolicyThatSaysNothingNewIsWrittenAsItAlwaysWas() {
    var policy =
        new Policy(
            null,
            new Policy.Limits(7, 1_000, null, null, 0),
            new Policy.Verification(Policy.Method.TRUSTED, null),
            null);

    assertThat(new String(Json.canonical(policy), StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {"capacity":"on-demand","limits":{"deadlineMillis":1000,"priceMaxNanoOpen":"7",\
            "regions":[],"reputationMin":0},"objective":{"weights":{"carbon":0,"cost":100,\
            "latency":0,"reliability":0}},"verification":{"method":"trusted",\
            "parameters":{"agreement":1,"replicasMax":1}}}\
            """);
  }

  @Test
  void whatIsReadIsWritten() {
    Policy policy = Json.read(POLICY, Policy.class);

    assertThat(Json.read(Json.canonical(policy), Policy.class)).isEqualTo(policy);
    assertThat(policy.limits().roundTripMicrosMax()).isEqualTo(900);
    assertThat(policy.labels().getLast().operator()).isEqualTo(Policy.Operator.DOES_NOT_EXIST);
    assertThat(policy.labels().getLast().among()).isEmpty();
  }

  @ParameterizedTest(name = "{1} -> {2}: {3}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          "weight":50      | "weight":0     | prefer.weight         | must be 1 to 100
          "weight":50      | "wieght":50    | prefer.weight         | is missing
          "node.cores"     | ""             | prefer.score          | is empty
          "node.cores > 4" | ""             | require               | is empty; leave it out
          "node.cores > 4" | true           | require               | expected text
          "In"             | "OneOf"        | selector[0].operator  | one of In, NotIn, Exists, DoesNotExist
          "In"             | "Exists"       | selector[0].values    | Exists takes none
          ["gold"]         | []             | selector[0].values    | In compares with values
          "DoesNotExist"   | "NotIn"        | selector[1].values    | NotIn compares with values
          900              | 0              | limits.roundTripMicrosMax | must be 1 to
          "roundTripMicrosMax" | "latencyP99Millis" | limits.latencyP99Millis | unknown field; known here: carbon
          "roundTripMicrosMax":900 | "latencyP99MillisMax":0 | limits.latencyP99MillisMax | must be 1 to
          "roundTripMicrosMax":900 | "latencyP99MillisMax":"1 s" | limits.latencyP99MillisMax | expected a whole number
          "roundTripMicrosMax":900 | "licences":[]  | limits.licences   | 1 to 32
          "roundTripMicrosMax":900 | "licences":"MIT" | limits.licences   | expected a list
          "roundTripMicrosMax":900 | "licences":["MIT OR Apache-2.0"] | limits.licences[0] | list what OR joins each by itself
          "roundTripMicrosMax":900 | "licences":["MIT, Apache-2.0"] | limits.licences[0] | at character 1
          "roundTripMicrosMax":900 | "licences":["MIT","NoAssertion"] | limits.licences[1] | is no licence
          "roundTripMicrosMax":900 | "dataClass":"personal" | limits.dataClass | one of public, internal, confidential, restricted
          "roundTripMicrosMax":900 | "attestation":"tdx" | limits.attestation | unknown field; known here: carbon
          "roundTripMicrosMax":900 | "luck":7   | limits.luck           | unknown field; known here: carbon
          "priceMaxNanoOpen":"7" | "priceMaxNanoOpen":"-7" | limits.priceMaxNanoOpen | whole number from 0
          "priceMaxNanoOpen":"7" | "priceMaxNanoOpen":"99999999999999999999" | limits.priceMaxNanoOpen | whole number from 0
          """)
  void saysWhatIsWrong(String right, String wrong, String field, String why) {
    assertThatThrownBy(() -> Json.read(POLICY.replace(right, wrong), Policy.class))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> {
              assertThat(refused.field()).isEqualTo(field);
              assertThat(refused.detail()).contains(why);
            });
  }
}
