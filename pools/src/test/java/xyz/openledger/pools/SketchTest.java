package xyz.openledger.pools;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.pools.expression.Drawn;
import xyz.openledger.pools.governance.Floors;
import xyz.openledger.pools.governance.Governed;
import xyz.openledger.pools.requirement.Term;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Policy.LabelRequirement;
import xyz.openledger.protocol.Policy.Operator;
import xyz.openledger.protocol.PoolId;

class SketchTest {
  private static final Pool POOL =
      new Pool(PoolId.of("olga", "drawn"), "drawn", "olga", PoolTerms.DEFAULT);

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void neverRulesOutAPoolThatHasAnEligibleNode(long seed) {
    var random = new SplittableRandom(seed);
    int eligible = 0;
    int ruledOut = 0;
    for (int i = 0; i < 300; i++) {
      List<Node> nodes = nodes(random, random.nextInt(1, 80));
      Request request = request(random);
      Route route =
          PoolRouter.rank(
              request, List.of(PoolSummary.of(POOL, Roster.of(nodes), random.nextInt(10))));

      if (nodes.stream().anyMatch(node -> mayRun(request, node))) {
        eligible++;
        assertThat(route).as(request.policy().toString()).isInstanceOf(Route.Ranked.class);
      } else if (route instanceof Route.Unsatisfiable) {
        ruledOut++;
      }
    }
    // Or the property would hold for a router that asks every pool, or of no drawn case.
    assertThat(eligible).isGreaterThan(40);
    assertThat(ruledOut).isGreaterThan(60);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {5, 6})
  void neverCountsFewerThanThereAre(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 300; i++) {
      List<Node> nodes = nodes(random, random.nextInt(0, 90));
      Sketch sketch = Sketch.of(nodes);
      for (Condition condition : Conditions.of(policy(random)).all()) {
        List<Term> terms = condition.terms();
        long meeting =
            nodes.stream().filter(node -> terms.stream().allMatch(it -> it.test(node))).count();

        assertThat(sketch.most(terms)).as(condition.words()).isGreaterThanOrEqualTo(meeting);
      }
    }
  }

  @Test
  void rulesOutByLabelTraitAndRange() {
    var node = World.labelled(World.node("ada"), Map.of("tier", "gold"));

    assertThat(objections(List.of(node), "node.labels.tier == 'silver'"))
        .containsExactly(
            new Route.Objection(
                Clause.REQUIRE, "none of 1 nodes meets `node.labels.tier == 'silver'`"));
    assertThat(objections(List.of(node), "node.cores >= 1")).hasSize(1);
    assertThat(objections(List.of(node), "!(node.region == 'eu')")).hasSize(1);
    assertThat(objections(List.of(node), "node.labels.tier == 'gold'")).isEmpty();
    assertThat(objections(List.of(node), "node.reputation > 9999")).isEmpty();
    assertThat(objections(List.of(node), "node.cores * 2 >= 1")).isEmpty();
  }

  @Test
  void isBoundedAndThenRulesNothingOut() {
    List<Node> nodes =
        IntStream.rangeClosed(0, Sketch.NODES_MAX).mapToObj(i -> World.node("n" + i)).toList();
    assertThat(Sketch.of(nodes)).isEqualTo(Sketch.UNKNOWN);

    List<Node> colourful =
        IntStream.range(0, 200)
            .mapToObj(
                i -> World.labelled(World.node("n" + i), Map.of("k" + i, "v" + i, "same", "v" + i)))
            .toList();
    Sketch sketch = Sketch.of(colourful);
    assertThat(sketch.labels()).hasSize(32);
    assertThat(sketch.labels().get("same").counts()).hasSize(32);
    assertThat(sketch.traits().get("id").counts()).hasSize(32);
    assertThat(sketch.most(List.of(new Term.Labelled("k199", false)))).isPositive();
    assertThat(sketch.most(List.of(new Term.Label("same", Set.of("v199"), false)))).isPositive();
  }

  /** Whether it is eligible, however busy it is just now. */
  private static boolean mayRun(Request request, Node node) {
    Node idle = node.standing(node.slots(), node.reputation(), node.acceptedReplicas(), true);
    return Matcher.objection(request, idle).isEmpty();
  }

  private static List<Route.Objection> objections(List<Node> nodes, String require) {
    Policy plain = World.cheapest(1);
    var policy =
        new Policy(
            plain.objective(), plain.limits(), plain.verification(), null, require, null, null);
    return PoolRouter.rank(
                World.request(1, policy), List.of(PoolSummary.of(POOL, Roster.of(nodes), 0)))
            instanceof Route.Unsatisfiable(var refused)
        ? refused.getFirst().objections()
        : List.of();
  }

  private static List<Node> nodes(SplittableRandom random, int count) {
    var nodes = new ArrayList<Node>();
    boolean uniform = random.nextBoolean();
    for (int i = 0; i < count; i++) {
      Node node = World.node(random, i);
      var labels = new HashMap<>(node.traits().labels());
      if (!uniform) {
        labels.put("k" + random.nextInt(60), "v" + random.nextInt(60));
        labels.put("rack", "r" + random.nextInt(50));
      }
      if (random.nextInt(4) == 0) {
        labels.put("openledger.takes.odd", "true");
      }
      nodes.add(World.labelled(node, labels));
    }
    return nodes;
  }

  private static Request request(SplittableRandom random) {
    List<String> isolated = random.nextInt(5) == 0 ? List.of("odd") : List.of();
    List<String> forbidden = random.nextInt(5) == 0 ? List.of("eu", "us") : List.of();
    return World.request(random.nextInt(), policy(random))
        .of(
            new Work(
                "wasm",
                Map.of(),
                new Governed(isolated, isolated, forbidden, Floors.NONE, Governed.ITS_OWN)));
  }

  private static Policy policy(SplittableRandom random) {
    Policy plain = World.cheapest(1);
    return new Policy(
        plain.objective(),
        plain.limits(),
        plain.verification(),
        null,
        random.nextInt(3) == 0 ? null : new Drawn(random).requirement(),
        null,
        random.nextBoolean() ? null : List.of(label(random)));
  }

  private static LabelRequirement label(SplittableRandom random) {
    String key =
        switch (random.nextInt(3)) {
          case 0 -> "tier";
          case 1 -> "rack";
          default -> "k" + random.nextInt(60);
        };
    Operator operator = Operator.values()[random.nextInt(4)];
    return new LabelRequirement(
        key,
        operator,
        operator == Operator.IN || operator == Operator.NOT_IN
            ? List.of("gold", "r" + random.nextInt(50), "v" + random.nextInt(60))
            : null);
  }
}
