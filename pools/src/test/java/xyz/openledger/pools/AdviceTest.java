package xyz.openledger.pools;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import xyz.openledger.pools.Advice.Effect;
import xyz.openledger.pools.expression.Drawn;
import xyz.openledger.pools.governance.Governed;
import xyz.openledger.protocol.Policy;

/** The seed names the case: run one again with {@code -Dseed=...}. */
class AdviceTest {
  private static final int INFEASIBLE = 1_000;
  private static final long OPEN = 1_000_000_000;

  /** What jobs use: nothing, something allowed, something that is not. */
  private static final List<Work> USES =
      List.of(
          Work.PLAIN,
          new Work("inference", Map.of(), Governed.FREELY, List.of("mit")),
          new Work("inference", Map.of(), Governed.FREELY, List.of("GPL-3.0-only", "MIT")),
          new Work(
              "inference",
              Map.of(),
              Governed.FREELY,
              List.of("GPL-3.0-only AND (MIT OR ISC)", "MIT OR BSD-3-Clause")));

  @Test
  void whatItNamesReallyUnblocks() {
    long seed = Long.getLong("seed", new SplittableRandom().nextLong());
    var random = new SplittableRandom(seed);
    // Reading one takes milliseconds, so that few are drawn and used often.
    List<String> expressions = Stream.generate(new Drawn(random)::requirement).limit(25).toList();
    int infeasible = 0;
    int drawn = 0;
    for (; infeasible < INFEASIBLE; drawn++) {
      List<Node> nodes =
          IntStream.range(0, random.nextInt(1, 14)).mapToObj(i -> World.node(random, i)).toList();
      int replicas = random.nextInt(1, 8);
      Request request = request(random, replicas, expressions);
      Advice advice = Advice.of(request, replicas, nodes);
      if (advice.feasible()) {
        assertThat(advice.relaxation()).isNull();
        continue;
      }
      infeasible++;
      String what = "seed %d, case %d: %s".formatted(seed, drawn, request);
      Relaxation relaxation = Objects.requireNonNull(advice.relaxation(), what);
      Request relaxed = relaxed(request, relaxation, replicas);

      assertThat(Advice.of(relaxed, replicas, nodes).feasible()).as(what).isTrue();
      assertThat(Matcher.hopeless(relaxed, Roster.of(nodes), relaxed.agreement()))
          .as(what)
          .isFalse();
      assertThat(relaxation.changes()).as(what).isNotEmpty();
      if (request.agreement() == 1) {
        fewest(request, replicas, nodes, relaxation, what);
      }
    }
    // Some that are feasible were drawn too.
    assertThat(drawn).isGreaterThan(INFEASIBLE + 10);
  }

  /** With one owner to find, the node that fails the fewest clauses says how many must give way. */
  private static void fewest(
      Request request, int replicas, List<Node> nodes, Relaxation relaxation, String what) {
    int least =
        nodes.stream()
            .mapToInt(node -> Advice.of(request, replicas, List.of(node)).effects().size())
            .min()
            .orElseThrow();
    assertThat(relaxation.changes()).as(what).hasSize(least);
  }

  private static Request request(SplittableRandom random, int replicas, List<String> expressions) {
    Policy plain = World.policy(random);
    Policy.Limits limits = plain.limits();
    long price = random.nextLong(1_000, 40_000_000);
    var policy =
        new Policy(
            plain.objective(),
            new Policy.Limits(
                price,
                limits.deadlineMillis(),
                limits.regions(),
                limits.carbonGramsPerKwhMax(),
                limits.reputationMin(),
                random.nextBoolean() ? null : (Integer) random.nextInt(1, 40_000),
                null,
                random.nextInt(3) > 0 ? null : (Integer) random.nextInt(1, 9_000),
                random.nextInt(3) > 0 ? null : List.of("MIT")),
            plain.verification(),
            null,
            random.nextInt(3) == 0 ? null : expressions.get(random.nextInt(expressions.size())),
            null,
            random.nextInt(3) > 0
                ? null
                : List.of(
                    new Policy.LabelRequirement("tier", Policy.Operator.IN, List.of("gold")),
                    new Policy.LabelRequirement("rack", Policy.Operator.DOES_NOT_EXIST, null)));
    return new Request(
            World.task(0),
            0,
            policy,
            random.nextLong(1, 4 * World.GIGAFUEL),
            (long) random.nextInt(1, 300) * World.MIB,
            Set.of(),
            Set.of(),
            price / replicas)
        .of(USES.get(random.nextInt(USES.size())));
  }

  private static Request relaxed(Request request, Relaxation relaxation, int replicas) {
    return new Request(
            request.task(),
            0,
            relaxation.policy(),
            request.fuelMax(),
            relaxation.memoryMaxBytes(),
            Set.of(),
            Set.of(),
            relaxation.policy().limits().priceMaxNanoOpen() / replicas)
        .of(request.work());
  }

  @Test
  void countsWhatEachClauseRemovesFirstAndAlone() {
    Node near = World.node("ada");
    Node far = World.node("bob", "bob", "us", 900, 1_000_000, 5_000, 0);
    Advice advice = Advice.of(asking("node.cores >= 8 && node.slots >= 8"), 1, List.of(near, far));

    assertThat(advice.effects())
        .containsExactly(
            new Effect(Clause.REGION, "", 1, 1),
            new Effect(Clause.CARBON, "", 0, 1),
            new Effect(Clause.REQUIRE, "node.cores >= 8", 1, 2));
    assertThat(advice.eligible()).isZero();
    assertThat(advice.quote()).isNull();
  }

  @Test
  void namesTheOneConditionThatHasToGiveWay() {
    Advice advice = Advice.of(asking("node.cores < 1 && node.slots >= 10"), 1, List.of(ada()));

    Relaxation relaxation = Objects.requireNonNull(advice.relaxation());
    assertThat(relaxation.changes())
        .containsExactly(
            new Relaxation.Change(
                Clause.REQUIRE, "policy.require", "node.slots >= 10", "node.slots >= 8", 2_000));
    assertThat(relaxation.policy().require()).isEqualTo("node.cores < 1 && node.slots >= 8");
  }

  @Test
  void asksForTheLeastChangeOfAsManyClauses() {
    Node slow = World.node("ada", "ada", "eu", 330, 1_000_000, 5_000, 4);
    Node dirty = World.node("bob", "bob", "eu", 600, 1_000_000, 5_000, 4);

    Relaxation relaxation =
        Objects.requireNonNull(Advice.of(asking(null), 1, List.of(dirty, slow)).relaxation());

    assertThat(relaxation.policy().limits().carbonGramsPerKwhMax()).isEqualTo(330);
    assertThat(relaxation.changes().getFirst().basisPoints()).isEqualTo(1_000);
  }

  @Test
  void quotesWhatTheEligibleAsk() {
    List<Node> nodes =
        IntStream.rangeClosed(1, 100).mapToObj(i -> World.priced("n" + i, i * 1_000L)).toList();

    Advice.Quote quote = Objects.requireNonNull(Advice.of(asking(null), 3, nodes).quote());

    assertThat(quote.costP50NanoOpen()).isEqualTo(3 * 50_000);
    assertThat(quote.costP95NanoOpen()).isEqualTo(3 * 95_000);
    assertThat(quote.escrowNanoOpen()).isEqualTo(OPEN);
    // A gigafuel at a gigafuel a second, and a round trip of a millisecond.
    assertThat(quote.runP50Millis()).isEqualTo(1_001);
  }

  @Test
  void hasNoAdviceWithoutNodes() {
    Advice advice = Advice.of(asking(null), 1, List.of());

    assertThat(advice.feasible()).isFalse();
    assertThat(advice.relaxation()).isNull();
  }

  private static Node ada() {
    return World.node("ada");
  }

  /** Of the European Union, up to 300 g. */
  private static Request asking(@org.jspecify.annotations.Nullable String require) {
    var policy =
        new Policy(
            null,
            new Policy.Limits(OPEN, 60_000, List.of("eu"), 300, 0),
            new Policy.Verification(Policy.Method.TRUSTED, null),
            null,
            require,
            null,
            null);
    return World.request(1, policy);
  }
}
