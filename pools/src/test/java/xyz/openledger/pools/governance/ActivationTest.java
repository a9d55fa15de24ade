package xyz.openledger.pools.governance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xyz.openledger.pools.governance.Activation.Activates;
import xyz.openledger.pools.governance.Activation.Keeps;
import xyz.openledger.pools.governance.Activation.Stays;
import xyz.openledger.pools.governance.Activation.Voted;
import xyz.openledger.protocol.Digest;

/** What is voted is obeyed if its document is whole and right, and else the last rules are kept. */
class ActivationTest {
  private static final String BAN =
      "{'classes':[{'labels':{'purpose':'mining'},'name':'mining','ruling':'banned'}],'epoch':2,"
          + "'vectors':[{'expected':'refused','labels':{'purpose':'mining'}},"
          + "{'expected':'admitted','labels':{'purpose':'care'}}]}";

  @Test
  void obeysWhatWasVoted() {
    var decided = Activation.decide(voted(BAN), null, Optional.of(canonical(BAN)));

    assertThat(decided).isEqualTo(new Activates(GovernedRules.read(json(BAN))));
  }

  @Test
  void doesNothingWhereNothingWasVotedOrTheVoteIsObeyedAlready() {
    Voted nothing = new Voted(0, Digest.wrap(new byte[Digest.BYTES]));
    assertThat(Activation.decide(nothing, null, Optional.empty())).isEqualTo(new Stays());

    GovernedRules obeyed = GovernedRules.read(json(BAN));
    assertThat(Activation.decide(voted(BAN), obeyed, Optional.empty())).isEqualTo(new Stays());
    assertThat(Activation.isDue(voted(BAN), obeyed)).isFalse();
  }

  @Test
  void keepsTheLastRulesWhileTheDocumentIsNowhere() {
    assertThat(why(Activation.decide(voted(BAN), null, Optional.empty())))
        .contains("neither in an event of the chain")
        .contains(voted(BAN).ruleHash().toString());
  }

  @Test
  void obeysNoDocumentOfAnotherHash() {
    String milder = BAN.replace("banned", "isolated").replace("'refused'", "'isolated'");

    assertThat(why(Activation.decide(voted(BAN), null, Optional.of(canonical(milder)))))
        .contains("the document has the hash " + Digest.of(canonical(milder)));
  }

  @Test
  void obeysNoDocumentWhoseVectorsItUnderstandsOtherwise() {
    String wrong = BAN.replace("'care'", "'mining'");

    assertThat(why(voteOn(wrong)))
        .contains("vectors[1] a job like this must be admitted")
        .contains("is refused: governance epoch 2 bans work of class mining");
  }

  private static final String DEAR =
      "{'classes':[{'name':'dear','ruling':'banned',"
          + "'when':'job.priceMaxNanoOpen > 500 && job.agreement == 1'}],'epoch':2,"
          + "'vectors':[{'expected':'refused','priceMaxNanoOpen':'501'},"
          + "{'agreement':2,'expected':'admitted','priceMaxNanoOpen':'501'},"
          + "{'expected':'admitted','priceMaxNanoOpen':'500'}]}";

  @Test
  void obeysAConditionThatItsVectorsShowToBeUnderstood() {
    GovernedRules rules = GovernedRules.read(json(DEAR));

    assertThat(Activation.decide(voted(DEAR), null, Optional.of(canonical(DEAR))))
        .isEqualTo(new Activates(rules));
    assertThat(rules.rule(Specs.of(Map.of(), List.of(), 1)))
        .isEqualTo(new Ruling.Refused("", "governance epoch 2 bans work of class dear"));
    assertThat(rules.rule(Specs.of(Map.of(), List.of(), 2))).isInstanceOf(Ruling.Admitted.class);
  }

  @Test
  void keepsTheLastRulesIfAConditionIsUnderstoodOtherwiseThanItsVectorsSay() {
    assertThat(why(voteOn(DEAR.replace("> 500", ">= 500"))))
        .contains("vectors[2] a job like this must be admitted, and is refused");
  }

  @Test
  void keepsTheLastRulesIfAConditionCannotBeRead() {
    byte[] document = json(DEAR.replace("job.agreement", "job.weather"));
    var decided = Activation.decide(new Voted(2, Digest.of(document)), null, Optional.of(document));

    assertThat(why(decided)).contains("classes[0].when").contains("weather");
  }

  @Test
  void obeysNothingLongerThanABoardPublishes() {
    byte[] document = "x".repeat(RuleBundle.BYTES_MAX + 1).getBytes(StandardCharsets.UTF_8);
    var decided = Activation.decide(new Voted(1, Digest.of(document)), null, Optional.of(document));

    assertThat(why(decided)).contains("the document has 16385 bytes, and 16384 at most");
  }

  @Test
  void obeysNothingThatItDoesNotUnderstandWhole() {
    byte[] document = json("{'epoch':2,'weatherMin':5}");
    var decided = Activation.decide(new Voted(2, Digest.of(document)), null, Optional.of(document));

    assertThat(why(decided)).contains("weatherMin");
  }

  @Test
  void obeysNoDocumentInAnotherForm() {
    byte[] document = json("{ 'epoch': 2 }");
    var decided = Activation.decide(new Voted(2, Digest.of(document)), null, Optional.of(document));

    assertThat(why(decided)).contains("not in canonical form");
  }

  @Test
  void obeysNoDocumentOfAnotherEpoch() {
    var decided =
        Activation.decide(
            new Voted(7, Digest.of(canonical(BAN))), null, Optional.of(canonical(BAN)));

    assertThat(why(decided)).contains("epoch is 2, and the board counts 7 here");
  }

  @Test
  void keepsWhatItObeysWhereTheBoardWentBack() {
    GovernedRules later = GovernedRules.read(json("{'epoch':3}"));

    assertThat(why(Activation.decide(voted(BAN), later, Optional.of(canonical(BAN)))))
        .contains("epoch 3 was obeyed already");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          {'expected':'admitted','kind':'matmul'}                      ~ is refused: governance epoch 1 bans work of class products
          {'expected':'refused','labels':{'purpose':'experiment'}}     ~ is isolated
          {'expected':'admitted','labels':{'purpose':'care'},'priority':3} ~ has priority 9
          {'expected':'admitted','priority':3}                         ~ has the priority that it wishes
          {'expected':'admitted','priceMaxNanoOpen':'2000'}            ~ at most 1000 nano-OPEN
          {'expected':'admitted','regions':['antarctica']}             ~ forbids every region
          """)
  void aVectorThatDoesNotHoldSaysWhatIsSaidInstead(String vector, String instead) {
    String rules =
        "{'epoch':1,'priceMaxNanoOpen':'1000','regionsForbidden':['antarctica'],'classes':["
            + "{'name':'products','kind':'matmul','ruling':'banned'},"
            + "{'name':'experiments','labels':{'purpose':'experiment'},'ruling':'isolated'},"
            + "{'name':'care','labels':{'purpose':'care'},'priority':9}],'vectors':["
            + vector
            + "]}";

    assertThat(why(voteOn(rules))).contains("vectors[0]").contains(instead);
  }

  private static Activation voteOn(String rules) {
    return Activation.decide(voted(rules), null, Optional.of(canonical(rules)));
  }

  private static String why(Activation decided) {
    assertThat(decided).isInstanceOf(Keeps.class);
    return ((Keeps) decided).why();
  }

  private static Voted voted(String rules) {
    return new Voted(GovernedRules.read(json(rules)).epoch(), Digest.of(canonical(rules)));
  }

  private static byte[] canonical(String rules) {
    return GovernedRules.read(json(rules)).canonical();
  }

  private static byte[] json(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }
}
