package xyz.openledger.pools.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xyz.openledger.pools.Scheduling;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.TenantId;

class GovernedRulesTest {
  @Test
  void aConditionOnALabelThatIsNotThereDoesNotHold() {
    GovernedRules rules =
        classes(
            "{'name':'mining','ruling':'banned','when':'job.labels[\\\"purpose\\\"] =="
                + " \\\"mining\\\"'}");

    assertThat(rules.rule(PLAIN)).isInstanceOf(Ruling.Admitted.class);
    assertThat(rules.rule(Specs.of(Map.of("purpose", "mining"), List.of(), 1)))
        .isInstanceOf(Ruling.Refused.class);
  }

  @Test
  void aConditionAndLabelsMustBothHold() {
    GovernedRules rules =
        classes(
            "{'name':'big','labels':{'purpose':'care'},'ruling':'banned','when':'job.fuelMax >"
                + " 999'}");

    assertThat(rules.rule(PLAIN)).isInstanceOf(Ruling.Admitted.class);
    assertThat(rules.rule(Specs.of(Map.of("purpose", "care"), List.of(), 1)))
        .isInstanceOf(Ruling.Refused.class);
  }

  private static final JobSpec PLAIN = Specs.of(Map.of(), List.of(), 1);
  private static final JobSpec MINING = Specs.of(Map.of("purpose", "mining"), List.of(), 1);

  @Test
  void sayNothingWhereNothingIsGoverned() {
    assertThat(GovernedRules.NONE.rule(MINING)).isEqualTo(new Ruling.Admitted(Governed.FREELY));
    assertThat(GovernedRules.NONE.hash()).isEqualTo(Receipt.NO_RULES);
  }

  @Test
  void banAClassAndNameTheEpoch() {
    GovernedRules rules =
        classes("{'name':'mining','labels':{'purpose':'mining'},'ruling':'banned'}");

    assertThat(rules.rule(MINING))
        .isEqualTo(new Ruling.Refused("", "governance epoch 3 bans work of class mining"));
    assertThat(rules.rule(PLAIN)).isEqualTo(new Ruling.Admitted(Governed.FREELY));
  }

  @Test
  void banAProgramByItsDigestWhateverItsLabels() {
    GovernedRules rules =
        classes("{'name':'known-bad','modules':['" + Specs.MODULE + "'],'ruling':'banned'}");

    assertThat(rules.rule(PLAIN)).isInstanceOf(Ruling.Refused.class);
  }

  @Test
  void aBanPrevailsOverWhateverElseAClassIsAllowed() {
    GovernedRules rules =
        classes(
            "{'name':'all','kind':'wasm','priceMaxNanoOpen':'1'},"
                + "{'name':'mining','labels':{'purpose':'mining'},'ruling':'banned'}");

    assertThat(rules.rule(MINING))
        .isEqualTo(new Ruling.Refused("", "governance epoch 3 bans work of class mining"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          'priceMaxNanoOpen':'999'   ~ policy.limits.priceMaxNanoOpen ~ governance epoch 3 allows every job at most 999 nano-OPEN; the policy says 1000
          'deadlineMillisMax':59999  ~ policy.limits.deadlineMillis   ~ governance epoch 3 allows every job at most 59999 ms; the policy says 60000
          'classes':[{'name':'a','kind':'wasm','agreementMin':2}] ~ policy.verification.parameters.agreement ~ governance epoch 3 allows work of class a at least 2 equal outcomes; the policy says 1
          'classes':[{'name':'a','kind':'wasm','priceMaxNanoOpen':'7'}] ~ policy.limits.priceMaxNanoOpen ~ governance epoch 3 allows work of class a at most 7 nano-OPEN; the policy says 1000
          """)
  void refuseWhatIsOverACapAndSayWhere(String rule, String field, String reason) {
    assertThat(read("{'epoch':3," + rule + "}").rule(PLAIN))
        .isEqualTo(new Ruling.Refused(field, reason));
  }

  @Test
  void aCapIsNotOverItself() {
    assertThat(read("{'epoch':3,'priceMaxNanoOpen':'1000','deadlineMillisMax':60000}").rule(PLAIN))
        .isInstanceOf(Ruling.Admitted.class);
  }

  @Test
  void refuseAJobWhoseRegionsAreAllForbidden() {
    GovernedRules rules = read("{'epoch':3,'regionsForbidden':['xx','yy']}");

    assertThat(rules.rule(Specs.of(Map.of(), List.of("xx"), 1)))
        .isEqualTo(
            new Ruling.Refused(
                "policy.limits.regions",
                "governance epoch 3 forbids every region that the policy allows: xx"));
    assertThat(rules.rule(Specs.of(Map.of(), List.of("xx", "eu"), 1)))
        .isInstanceOfSatisfying(
            Ruling.Admitted.class,
            it -> assertThat(it.governed().regionsForbidden()).containsExactly("xx", "yy"));
  }

  @Test
  void tellAJobItsClassesItsIsolationAndItsPriority() {
    GovernedRules rules =
        classes(
            "{'name':'care','labels':{'for':'care'},'priority':9},"
                + "{'name':'odd','kind':'wasm','ruling':'isolated','priority':1}");

    assertThat(rules.rule(Specs.of(Map.of("for", "care"), List.of(), 1)))
        .isEqualTo(
            new Ruling.Admitted(
                new Governed(List.of("care", "odd"), List.of("odd"), List.of(), Floors.NONE, 9)));
    var wished = Scheduling.of(new TenantId("ada"));
    assertThat(Governed.FREELY.scheduling(wished)).isEqualTo(wished);
    assertThat(
            new Governed(List.of(), List.of(), List.of(), Floors.NONE, 9)
                .scheduling(wished)
                .priority())
        .isEqualTo(9);
  }

  @Test
  void haveAHashOfTheirCanonicalFormWhateverTheOrderOfTheirFields() {
    GovernedRules one = read("{'epoch':3,'weightFloors':{'carbon':20},'deadlineMillisMax':1000}");
    GovernedRules other =
        read("{'deadlineMillisMax':1000,  'weightFloors':{'carbon':20},'epoch':3}");

    assertThat(one.hash()).isEqualTo(other.hash());
    assertThat(GovernedRules.read(one.canonical())).isEqualTo(one);
    assertThat(new String(one.canonical(), StandardCharsets.UTF_8))
        .isEqualTo(
            json(
                "{'deadlineMillisMax':1000,'epoch':3,'weightFloors':{'carbon':20,'cost':0,"
                    + "'latency':0,'reliability':0}}"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          {'epoch':0}                                       ~ epoch ~ must be 1 to
          {'epoch':-1}                                      ~ epoch ~ must be 0 to
          {}                                                ~ epoch ~ missing
          {'epoch':1,'weightFloor':{}}                      ~ weightFloor ~ unknown
          {'epoch':1,'weightFloors':{'cost':60,'carbon':50}} ~ weightFloors.cost + latency + reliability + carbon ~ must be 0 to 100, is 110
          {'epoch':1,'priceMaxNanoOpen':'-5'}               ~ priceMaxNanoOpen ~ -5
          {'epoch':1,'priceMaxNanoOpen':'99999999999999999999'} ~ priceMaxNanoOpen ~ expected a whole number from 0 to
          {'epoch':1,'deadlineMillisMax':0}                 ~ deadlineMillisMax ~ must be 100 to
          {'epoch':1,'classes':[{'name':'A'}]}              ~ classes[0].name ~ must be 1 to 40 of a-z
          {'epoch':1,'classes':[{'name':'a'}]}              ~ classes[0] ~ give it a kind, labels, modules or a condition
          {'epoch':1,'classes':[{'name':'a','kind':'gpu'}]} ~ classes[0].kind ~ must be wasm
          {'epoch':1,'classes':[{'name':'a','kind':'wasm','ruling':'maybe'}]} ~ classes[0].ruling ~ expected one of allowed, isolated, banned
          {'epoch':1,'classes':[{'name':'a','kind':'wasm','priority':10}]} ~ classes[0].priority ~ must be 0 to 9
          {'epoch':1,'classes':[{'name':'a','kind':'wasm'},{'name':'a','kind':'wasm'}]} ~ classes[1].name ~ twice
          """)
  void areReadStrictlyAndRefusedWithTheirPlace(String rules, String field, String sentence) {
    assertThatThrownBy(() -> read(rules))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> {
              assertThat(refused.problem()).isEqualTo(Problem.INVALID_REQUEST);
              assertThat(refused.field()).isEqualTo(field);
              assertThat(refused.detail()).contains(sentence);
            });
  }

  @Test
  void haveABound() {
    String many = "{'epoch':1," + " ".repeat(GovernedRules.BYTES_MAX) + "}";

    assertThatThrownBy(() -> read(many)).hasMessageContaining("rules may have 65536 bytes");
  }

  private static GovernedRules classes(String classes) {
    return read("{'epoch':3,'classes':[" + classes + "]}");
  }

  private static GovernedRules read(String rules) {
    return GovernedRules.read(json(rules).getBytes(StandardCharsets.UTF_8));
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }
}
