package xyz.openledger.pools.governance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What other rules would have changed for a job. */
class DifferenceTest {
  @Test
  void rulesThatSayTheSameOfAJobChangeNothing() {
    var difference = of("{'epoch':1,'priceMaxNanoOpen':'5000'}", Map.of(), List.of("eu-west"));

    assertThat(difference.isNone()).isTrue();
    assertThat(difference.refused()).isFalse();
  }

  @Test
  void aBanIsToldWithItsReason() {
    var difference =
        of(
            "{'epoch':4,'classes':[{'name':'m','labels':{'a':'b'},'ruling':'banned'}]}",
            Map.of("a", "b"),
            List.of());

    assertThat(difference.refused()).isTrue();
    assertThat(difference.why()).containsExactly("governance epoch 4 bans work of class m");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          {'epoch':1,'regionsForbidden':['eu-west']}                                   ~ ran in eu-west, where it would not have run
          {'epoch':1,'weightFloors':{'carbon':25}}                                     ~ nodes would be ranked by cost 75, latency 0, reliability 0, carbon 25 instead of cost 100, latency 0, reliability 0, carbon 0
          {'epoch':1,'classes':[{'name':'m','kind':'wasm','priority':2}]}              ~ priority 2 instead of as it wishes
          {'epoch':1,'classes':[{'name':'m','kind':'wasm','ruling':'isolated'}]}       ~ would run only on nodes labelled openledger.takes.m=true
          """)
  void otherPlacesAreToldOneByOne(String rules, String why) {
    var difference = of(rules, Map.of(), List.of("eu-west"));

    assertThat(difference.refused()).isFalse();
    assertThat(difference.why()).containsExactly(why);
  }

  private static Difference of(String rules, Map<String, String> labels, List<String> regions) {
    return Difference.of(
        GovernedRules.read(rules.replace('\'', '"').getBytes(StandardCharsets.UTF_8)),
        Specs.of(labels, List.of(), 1),
        Governed.FREELY,
        regions);
  }
}
