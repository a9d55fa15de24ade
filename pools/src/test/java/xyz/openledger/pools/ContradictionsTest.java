package xyz.openledger.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.pools.expression.Drawn;
import xyz.openledger.pools.expression.Requirement;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Policy.LabelRequirement;
import xyz.openledger.protocol.Policy.Operator;

/** The seed names the case: run one again with {@code -Dseed=...}. */
class ContradictionsTest {
  private static final int CASES = Boolean.getBoolean("thorough") ? 4_000 : 400;
  private static final int NODES = 40;

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          false                                                  ~ can ever meet require `false` at line 1, column 1
          1 > 2 || 'a' == 'b'                                    ~ can ever meet require
          [1, 2].all(a, a > 1)                                   ~ can ever meet require
          10 / 0 == 1                                            ~ can ever meet require
          node.cores < 0                                         ~ can ever meet require `node.cores < 0`
          node.cores == -1                                       ~ can ever meet require
          0 > node.cores                                         ~ can ever meet require
          node.cores > 65536                                     ~ can ever meet require
          node.cores + 1 < 1                                     ~ can ever meet require
          node.reputation * 2 > 20000                            ~ can ever meet require
          node.slots in [-1, 2000]                               ~ can ever meet require
          node.cores == 4 && node.cores != 4                     ~ require `node.cores == 4` at line 1, column 1 and require `node.cores != 4` at line 1, column 20 contradict
          node.cores > 8 && node.watts > 1 && (node.cores < 4 || node.cores == 5) ~ require `node.cores > 8` at line 1, column 1 and require `node.cores < 4 || node.cores == 5` at line 1, column 38 contradict
          node.cores in [4, 8] && node.cores > 4 && node.cores < 8 ~ at line 1, column 1, require `node.cores > 4` at line 1, column 25 and require `node.cores < 8` at line 1, column 43 contradict one another: no node can meet them all
          node.freeSlots > 8 && node.slots < 4                   ~ contradict
          node.region == 'eu' && node.region == 'us'             ~ contradict
          node.region in ['a', 'b'] && node.region != 'a' && node.region != 'b' ~ no node can meet them all
          node.labels.t == 'a' && !has(node.labels.t)            ~ contradict
          node.labels.t == 'a' && node.labels.t == 'b'           ~ contradict
          node.labels.t in ['a', 'b'] && node.labels.t != 'a' && !(node.labels.t == 'b') ~ no node can meet them all
          !('t' in node.labels) && node.labels.t != 'x'          ~ contradict
          node.region == 'us' ? node.cores > 4 && node.cores < 2 : false ~ can ever meet require
          """)
  void namesWhatNoNodeCanMeet(String require, String sentence) {
    assertThat(contradiction(policy(World.anything(), require, null))).contains(sentence);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "node.cores != 4",
        "node.cores >= 0",
        "node.cores == 65536",
        "node.carbonGramsPerKwh == 100000",
        "node.freeSlots == 4 && node.slots == 4",
        "node.cores * 4611686018427387904 > 0 || node.cores == 0",
        "node.cores < 4 || node.cores > 8",
        "(node.cores < 4 || node.region == 'eu') && node.cores > 8",
        "node.region.startsWith('eu') && node.region != 'eu'",
        "node.labels.t != 'a' && node.labels.t != 'b'",
        "!(node.labels.t == 'a') && node.labels.t == 'b'",
        "!has(node.labels.t) || node.labels.t == 'b'",
        "'a100' in node.accelerators && !('h100' in node.accelerators)",
        "node.cores in [4, 8] && node.cores != 4",
        "node.region == '' ? false : node.cores > 4",
        "[1, 2].exists(a, a > 1)"
      })
  void letsPassWhatSomeNodeCouldMeet(String require) {
    assertThat(contradiction(policy(World.anything(), require, null))).isEmpty();
  }

  @Test
  void holdsLimitsSelectorAndExpressionAgainstOneAnother() {
    var limits = new Policy.Limits(7, 1_000, List.of("eu", "us"), 300, 0);
    var tier = List.of(new LabelRequirement("tier", Operator.DOES_NOT_EXIST, null));

    assertThat(
            contradiction(
                policy(
                    limits, "node.cores > 2 && node.region != 'eu' && node.region != 'us'", null)))
        .isEqualTo(
            "limits.regions eu, us, require `node.region != \"eu\"` at line 1, column 19 and"
                + " require `node.region != \"us\"` at line 1, column 42 contradict one another: no"
                + " node can meet them all");
    assertThat(contradiction(policy(limits, "node.labels.tier != 'x'", tier)))
        .contains("selector `tier DoesNotExist` and require `node.labels.tier != 'x'` at line 1");
    assertThat(contradiction(policy(limits, "node.labels.rack != 'x'", tier))).isEmpty();
  }

  @Test
  void aSelectorThatExcludesValuesIsMetByWhoHasNoSuchLabel() {
    var limits = new Policy.Limits(7, 1_000, List.of(), 300, 0);
    var excluded = new LabelRequirement("tier", Operator.NOT_IN, List.of("x"));
    var absent = new LabelRequirement("tier", Operator.DOES_NOT_EXIST, null);

    assertThat(contradiction(policy(limits, null, List.of(excluded, absent)))).isEmpty();
    assertThat(contradiction(policy(limits, null, List.of(absent, excluded)))).isEmpty();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void nothingThatANodeMeetsIsCalledAContradiction(long seed) {
    var random = new SplittableRandom(seed);
    var drawn = new Drawn(random);
    List<Node> nodes = IntStream.range(0, NODES).mapToObj(i -> World.node(random, i)).toList();
    int met = 0;
    int contradictory = 0;
    for (int i = 0; i < CASES; i++) {
      Node node = nodes.get(random.nextInt(NODES));
      List<String> parts = new ArrayList<>();
      for (int tries = random.nextInt(1, 40); tries > 0 && parts.size() < 6; tries--) {
        String part = drawn.requirement();
        // What this node meets, and now and then whatever it is.
        if (random.nextInt(6) == 0 || Requirement.compile("require", part).test(node)) {
          parts.add("(" + part + ")");
        }
      }
      String require = parts.isEmpty() ? "true" : String.join(" && ", parts);
      if (parts.size() > 3 && require.split("&&", -1).length > 30) {
        continue;
      }
      Policy policy = policy(limits(random, node), require, selector(random, node));
      var request = World.request(i, policy);
      boolean some =
          nodes.stream()
              .anyMatch(
                  each ->
                      Advice.eligible(request, List.of(each)).size() == 1
                          || meetsAll(policy, request, each));
      String contradiction = contradiction(policy);

      met += some ? 1 : 0;
      contradictory += contradiction.isEmpty() ? 0 : 1;
      assertThat(some && !contradiction.isEmpty()).as("%s: %s", policy, contradiction).isFalse();
    }
    // Both answers were given, each often enough to mean something.
    assertThat(met).isGreaterThan(CASES / 10);
    assertThat(contradictory).isGreaterThan(CASES / 20);
  }

  static Stream<Long> seeds() {
    Long seed = Long.getLong("seed");
    return seed != null ? Stream.of(seed) : new SplittableRandom().longs(3).boxed();
  }

  @Test
  void givesUpOnWhatHasTooManyWays() {
    String many =
        IntStream.range(0, 30)
            .mapToObj(i -> "(node.cores != %d || node.watts != %d)".formatted(i, i))
            .reduce((left, right) -> left + " && " + right)
            .orElseThrow();

    assertThat(contradiction(policy(World.anything(), many, null))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "false",
        "node.cores < 0",
        "node.region == 'eu' && node.region == 'us'",
        "node.labels.t == 'a' && !has(node.labels.t)"
      })
  void anAdmitThatExcludesEveryoneIsRefused(String admit) {
    assertThatThrownBy(() -> Membership.requirement(admit))
        .hasMessageContaining("admits nobody: ")
        .hasMessageContaining("at line 1, column 1");
  }

  /** What a node meets of the policy itself, whatever it costs and however busy it is. */
  private static boolean meetsAll(Policy policy, Request request, Node node) {
    return Filters.of(policy).stream()
        .filter(
            filter ->
                Set.of(
                        Clause.REGION,
                        Clause.CARBON,
                        Clause.ROUND_TRIP,
                        Clause.REPUTATION,
                        Clause.SELECTOR,
                        Clause.REQUIRE)
                    .contains(filter.clause()))
        .allMatch(filter -> filter.test(request, node) instanceof Filter.Verdict.Feasible);
  }

  private static Policy.Limits limits(SplittableRandom random, Node node) {
    return new Policy.Limits(
        World.GIGAFUEL,
        60_000,
        random.nextBoolean() ? List.of() : List.of(random.nextBoolean() ? node.region() : "ap"),
        random.nextBoolean() ? null : (Integer) random.nextInt(0, 900),
        random.nextBoolean() ? 0 : random.nextInt(5_000),
        random.nextBoolean() ? null : (Integer) random.nextInt(1, 50_000));
  }

  private static List<LabelRequirement> selector(SplittableRandom random, Node node) {
    String value = node.traits().labels().getOrDefault("tier", "gold");
    return switch (random.nextInt(6)) {
      case 0 -> List.of(new LabelRequirement("tier", Operator.IN, List.of(value)));
      case 1 -> List.of(new LabelRequirement("tier", Operator.NOT_IN, List.of("silver")));
      case 2 -> List.of(new LabelRequirement("tier", Operator.EXISTS, null));
      case 3 -> List.of(new LabelRequirement("rack", Operator.DOES_NOT_EXIST, null));
      default -> null;
    };
  }

  private static String contradiction(Policy policy) {
    return Contradictions.in(policy, Conditions.compile(policy)).orElse("");
  }

  private static Policy policy(
      Policy.Limits limits, String require, List<LabelRequirement> selector) {
    return new Policy(
        null,
        limits,
        new Policy.Verification(Policy.Method.TRUSTED, null),
        null,
        require,
        null,
        selector);
  }
}
