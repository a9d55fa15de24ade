package xyz.openledger.pools.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.World;
import xyz.openledger.pools.requirement.Quantity;
import xyz.openledger.pools.requirement.Term;
import xyz.openledger.pools.requirement.Trait;

/** The seed names the case: run one again with {@code -Dseed=...}. */
class LoweringTest {
  private static final int EXPRESSIONS = 300;
  private static final int NODES = 60;

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void termsAndTheRestSayWhatTheInterpreterSays(long seed) {
    var random = new SplittableRandom(seed);
    var drawn = new Drawn(random);
    int lowered = 0;
    int met = 0;
    for (int i = 0; i < EXPRESSIONS; i++) {
      String source = drawn.requirement();
      Requirement requirement = Requirement.compile("require", source);
      var whole = Vocabulary.program(Vocabulary.condition("require", source));
      lowered += requirement.terms().isEmpty() ? 0 : 1;
      for (int n = 0; n < NODES; n++) {
        Node node = World.node(random, n);
        boolean interpreted =
            Vocabulary.value(whole, node).filter(Boolean.TRUE::equals).isPresent();
        boolean split =
            requirement.terms().stream().allMatch(term -> term.test(node))
                && requirement.residual().stream().allMatch(rest -> rest.test(node));

        assertThat(split).as("%s on %s", source, node).isEqualTo(interpreted);
        assertThat(requirement.test(node)).isEqualTo(interpreted);
        met += interpreted ? 1 : 0;
      }
    }
    // Both sides of the property were seen, and both ways of answering.
    assertThat(lowered).isBetween(EXPRESSIONS / 5, EXPRESSIONS - 1);
    assertThat(met).isBetween(EXPRESSIONS, EXPRESSIONS * NODES * 9 / 10);
  }

  static Stream<Long> seeds() {
    Long seed = Long.getLong("seed");
    return seed != null ? Stream.of(seed) : new SplittableRandom().longs(4).boxed();
  }

  @Test
  void understandsComparisonsMembershipAndLabels() {
    assertThat(
            terms(
                "node.cores >= 8 && quantity('16Gi') < node.memoryBytes && node.region in ['eu',"
                    + " 'ch'] && !(node.architecture == 'amd64') && 'h100' in node.accelerators"
                    + " && node.labels.tier != 'spot' && has(node.labels.rack)"))
        .containsExactly(
            new Term.Between(Quantity.CORES, 8, Long.MAX_VALUE),
            new Term.Between(Quantity.MEMORY, (16L << 30) + 1, Long.MAX_VALUE),
            new Term.Among(Trait.REGION, Set.of("eu", "ch"), false),
            new Term.Among(Trait.ARCHITECTURE, Set.of("amd64"), true),
            new Term.Among(Trait.ACCELERATORS, Set.of("h100"), false),
            new Term.Labelled("tier", false),
            new Term.Label("tier", Set.of("spot"), true),
            new Term.Labelled("rack", false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "node.cores * 2 > node.slots",
        "node.cores != 4",
        "node.cores < 0",
        "node.cores > 9223372036854775807",
        "node.region == node.architecture",
        "node.region < 'f'",
        "node.cores > 4 || node.region == 'eu'",
        "node.labels.tier == 'a' || node.labels.rack == 'a'",
        "node.cores > 9223372036854775807 + 1",
        "false"
      })
  void leavesTheRestToTheInterpreter(String source) {
    Requirement requirement = Requirement.compile("require", source);

    assertThat(requirement.terms()).isEmpty();
    assertThat(requirement.residual()).hasSize(1);
  }

  @Test
  void keepsEachConditionApart() {
    Requirement requirement =
        Requirement.compile(
            "require", "(node.cores > 4 && node.slots > 1) && (node.watts > 9 || node.slots > 2)");

    assertThat(requirement.conjuncts())
        .extracting(Conjunct::source)
        .containsExactly("node.cores > 4", "node.slots > 1", "node.watts > 9 || node.slots > 2");
    assertThat(Requirement.join(requirement.conjuncts()))
        .isEqualTo("node.cores > 4 && node.slots > 1 && (node.watts > 9 || node.slots > 2)");
  }

  @Test
  void joinedAgainItSaysTheSame() {
    var random = new SplittableRandom(7);
    var drawn = new Drawn(random);
    List<Node> nodes = IntStream.range(0, 40).mapToObj(i -> World.node(random, i)).toList();
    for (int i = 0; i < 100; i++) {
      Requirement once = Requirement.compile("require", drawn.requirement());
      Requirement again =
          Requirement.compile("require", Requirement.join(new ArrayList<>(once.conjuncts())));

      assertThat(nodes).allMatch(node -> once.test(node) == again.test(node));
    }
  }

  private static List<Term> terms(String source) {
    Requirement requirement = Requirement.compile("require", source);
    assertThat(requirement.residual()).isEmpty();
    return requirement.terms();
  }
}
