package xyz.openledger.pools.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xyz.openledger.pools.World;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

class RequirementTest {
  @ParameterizedTest(name = "{0} -> {1}: {2}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          node.cores + 'a' > 3                        ~ 12 ~ no matching overload for '_+_'
          node.watt > 4                               ~ 6  ~ node has no field watt; it has accelerators, acceptedReplicas
          node.cores > 4 && node . watt > 4           ~ 26 ~ node has no field watt;
          node > 4 && node.cores > 4                  ~ 1  ~ node alone is no value
          '😀' == node.reggion                         ~ 13 ~ node has no field reggion;
          size(node.acelerators) > 0                  ~ 11 ~ node has no field acelerators;
          node.accelerators.all(a, a != node.modell)  ~ 36 ~ node has no field modell;
          node.watt.x > 4                             ~ 6  ~ node has no field watt;
          job.tenantt == 'ada'                        ~ 5  ~ job has no field tenantt here
          node > 4                                    ~ 1  ~ node alone is no value
          nod.cores > 4                               ~ 1  ~ undeclared reference to 'nod'; expressions speak of node
          node.cores                                  ~ 5  ~ expected type 'bool' but found 'int'
          node.cores >                                ~ 13 ~ ends too early
          node.cores > > 4                            ~ 14 ~ '>' does not belong here
          node.cores > 1.5                            ~ 14 ~ is a fraction
          node.cores > 4u                             ~ 14 ~ is neither a whole number
          node.cores > 9223372036854775808            ~ 14 ~ more than 63 bits
          node.region.matches('e.*')                  ~ 20 ~ matches is not offered
          node.memoryBytes > quantity('16GiB')        ~ 29 ~ expected a quantity such as 16Gi
          node.memoryBytes > quantity('500m')         ~ 29 ~ 500m is 0.5, no whole number
          node.memoryBytes > quantity(node.region)    ~ 28 ~ takes text in quotes
          {'a': 1}['a'] > 0                           ~ 1  ~ cannot be made here
          """)
  void pointsAtTheCharacter(String source, int column, String sentence) {
    assertThatThrownBy(() -> Requirement.compile("policy.require", source))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> {
              assertThat(refused.problem()).isEqualTo(Problem.INVALID_REQUEST);
              assertThat(refused.field()).isEqualTo("policy.require");
              assertThat(refused.detail())
                  .contains(sentence)
                  .contains("at line 1, column " + column + "\n")
                  .endsWith("\n| " + source + "\n| " + ".".repeat(column - 1) + "^");
            });
  }

  @Test
  void pointsAtTheLineOfALongExpression() {
    assertThatThrownBy(
            () -> Requirement.compile("require", "node.cores > 4 &&\n  node.watts > 'a'"))
        .hasMessageContaining("at line 2, column 14\n|   node.watts > 'a'\n| .............^");
  }

  @Test
  void pointsAtTheUnknownFieldAndNotAtWhatHasNone() {
    assertThatThrownBy(
            () -> Requirement.compile("require", "node.cores > 4 &&\n  node.\n    watt > 4"))
        .hasMessageContaining("node has no field watt")
        .hasMessageContaining("at line 3, column 5\n|     watt > 4\n| ....^");
  }

  @Test
  void refusesWhatMayCostTooMuch() {
    String loops =
        "node.accelerators.all(a, node.accelerators.all(b, node.accelerators.all(c, a + b != c)))";

    assertThatThrownBy(() -> Requirement.compile("require", loops))
        .hasMessageContaining("steps for one node, and 10000 are allowed; its dearest loop takes")
        .hasMessageContaining("at line 1, column 22\n");
  }

  @Test
  void refusesWhatIsTooDeepOrTooLong() {
    assertThatThrownBy(
            () -> Requirement.compile("require", "(".repeat(60) + "true" + ")".repeat(60)))
        .hasMessageContaining("recursion");
    assertThatThrownBy(
            () ->
                Requirement.compile("require", "node.cores > 4" + " && node.cores > 4".repeat(40)))
        .hasMessageContaining("joins 41 conditions by &&, 32 are allowed");
  }

  @Test
  void whatCannotBeEvaluatedDoesNotHold() {
    assertThat(Requirement.compile("require", "node.labels.absent == node.region").test(ada()))
        .isFalse();
    assertThat(Requirement.compile("require", "10 / (node.cores - node.cores) == 1").test(ada()))
        .isFalse();
  }

  @Test
  void scoresBetweenItsEnds() {
    assertThat(Scoring.compile("score", "node.slots * 1000").of(ada())).isEqualTo(8_000);
    assertThat(Scoring.compile("score", "node.slots * 1000000").of(ada())).isEqualTo(10_000);
    assertThat(Scoring.compile("score", "-node.slots").of(ada())).isZero();
    assertThat(Scoring.compile("score", "node.region == node.labels.x ? 1 : 2").of(ada())).isZero();
    assertThatThrownBy(() -> Scoring.compile("prefer.score", "node.region == 'eu'"))
        .hasMessageContaining("expected type 'int' but found 'bool'");
  }

  private static xyz.openledger.pools.Node ada() {
    return World.node("ada");
  }
}
