package xyz.openledger.pools;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import xyz.openledger.pools.governance.DataRule;
import xyz.openledger.pools.governance.Difference;
import xyz.openledger.pools.governance.Floors;
import xyz.openledger.pools.governance.Governed;
import xyz.openledger.pools.governance.GovernedRules;
import xyz.openledger.pools.governance.Ruling;
import xyz.openledger.protocol.DataClass;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Workload;

class DataFiltersTest {
  private static final int DRAWS = 20_000;

  @Test
  void whatTheIndexLooksUpIsWhatTheRuleSaysOfEachNode() {
    var random = new SplittableRandom(7);
    int shown = 0;
    for (int i = 0; i < DRAWS; i++) {
      var node = World.exposed(random, World.node(random, i));
      var rule = World.dataRule(random);
      var request = of(rule);
      boolean interpreted = passes(new DataFilters.Shown(), request, node);

      assertThat(DataFilters.terms(rule).stream().allMatch(term -> term.test(node)))
          .as("%s for %s", rule, node)
          .isEqualTo(interpreted)
          .isEqualTo(restated(rule, node));
      assertThat(
              FilterTerms.of(new DataFilters.Trusted(), request).orElseThrow().stream()
                  .allMatch(term -> term.test(node)))
          .isEqualTo(passes(new DataFilters.Trusted(), request, node))
          .isEqualTo(node.reputation() >= rule.reputationMin());
      shown += interpreted ? 1 : 0;
    }
    assertThat(shown).isBetween(DRAWS / 10, DRAWS * 9 / 10);
  }

  @Test
  void noNodeIsChosenThatMayNotBeShownTheData() {
    var random = new SplittableRandom(11);
    var matcher = new Matcher(PoolTerms.DEFAULT, World.SECRET);
    int chosen = 0;
    for (int i = 0; i < 300; i++) {
      var nodes = new ArrayList<Node>();
      for (int j = 0; j < 40; j++) {
        nodes.add(World.exposed(random, World.node(random, j)));
      }
      var rule = World.dataRule(random);
      var placement = matcher.place(of(rule), Roster.indexed(nodes), 2);
      for (Node node : placement.chosen()) {
        assertThat(restated(rule, node) && node.reputation() >= rule.reputationMin())
            .as("%s for %s", rule, node)
            .isTrue();
        chosen++;
      }
    }
    assertThat(chosen).isGreaterThan(100);
  }

  @Test
  void saysWhomItKeptAwayAndWhatTheDataNeed() {
    var open = World.node("open");
    var held = vault("vault", "confidential", "eu", 5_000);
    var newcomer = vault("fallen", "restricted", "eu", 4_999);
    var request = of(DataRule.usual(DataClass.CONFIDENTIAL));
    var placement =
        new Matcher(PoolTerms.DEFAULT, World.SECRET)
            .place(request, Roster.indexed(List.of(open, held, newcomer)), 2);

    assertThat(placement.chosen()).containsExactly(held);
    assertThat(placement.explanation().waiting())
        .contains(
            "1 removed by data class `confidential data need sandbox bubblewrap or container, a"
                + " declared region, label openledger.holds confidential or restricted`",
            "1 removed by data reputation `confidential data need reputation 5000` for now");
    assertThat(placement.explanation().choices().getFirst())
        .contains(
            "shown confidential data: sandbox bubblewrap, region eu, reputation 5000, "
                + "holds up to confidential");
  }

  @Test
  void neverAdvisesToCallDataLessSensitiveThanTheyAre() {
    var advice =
        Advice.of(of(DataRule.usual(DataClass.CONFIDENTIAL)), 1, List.of(World.node("open")));

    assertThat(advice.feasible()).isFalse();
    assertThat(advice.relaxation()).isNull();
    assertThat(advice.effects())
        .singleElement()
        .satisfies(
            effect -> {
              assertThat(effect.clause()).isEqualTo(Clause.DATA_CLASS);
              assertThat(effect.words())
                  .startsWith("confidential data need sandbox bubblewrap or container");
            });
  }

  @Test
  void aPoolWhereNobodyMayBeShownThemIsNotAsked() {
    var request = of(DataRule.usual(DataClass.CONFIDENTIAL));
    var open = PoolSummary.of(pool("open"), Roster.of(List.of(World.node("open"))), 0);
    var vault =
        PoolSummary.of(
            pool("vault"), Roster.of(List.of(vault("vault", "restricted", "eu", 5_000))), 0);

    assertThat(PoolRouter.rank(request, List.of(open, vault)))
        .isInstanceOfSatisfying(
            Route.Ranked.class,
            route -> {
              assertThat(route.pools()).extracting(Route.Choice::name).containsExactly("vault");
              assertThat(route.refused().getFirst().objections())
                  .extracting(Route.Objection::clause)
                  .containsExactly(Clause.DATA_CLASS);
            });
  }

  @ParameterizedTest
  @EnumSource
  void aMoreSensitiveClassNeverGoesWhereALesserOneMayNot(DataClass of) {
    var random = new SplittableRandom(3);
    for (int i = 0; i < 2_000; i++) {
      var node = World.exposed(random, World.node(random, i));
      if (admits(DataRule.usual(of), node)) {
        for (DataClass lesser : DataClass.values()) {
          assertThat(lesser.compareTo(of) > 0 || admits(DataRule.usual(lesser), node)).isTrue();
        }
      }
    }
  }

  @Test
  void governanceReplacesTheUsualRowAndSaysWhatThatChanges() {
    var rule =
        new DataRule(
            DataClass.INTERNAL,
            List.of("process", "bubblewrap"),
            0,
            null,
            List.of("eu"),
            null,
            null,
            null,
            null);
    var rules =
        GovernedRules.read(
            """
            {"epoch":3,"dataClasses":[{"dataClass":"internal","sandboxes":["process","bubblewrap"],"regions":["eu"]}]}
            """
                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    var spec = spec(DataClass.INTERNAL, new Policy.Verification(Policy.Method.TRUSTED, null));

    assertThat(rules.rule(spec))
        .isInstanceOfSatisfying(
            Ruling.Admitted.class,
            admitted -> assertThat(admitted.governed().data()).isEqualTo(rule));
    assertThat(GovernedRules.NONE.rule(spec))
        .isInstanceOfSatisfying(
            Ruling.Admitted.class,
            admitted -> {
              assertThat(admitted.governed().data()).isEqualTo(DataRule.usual(DataClass.INTERNAL));
              assertThat(Difference.of(rules, spec, admitted.governed(), List.of()).why())
                  .containsExactly(
                      "nodes would be shown its data by other rules: "
                          + "internal data need sandbox process or bubblewrap, region eu");
            });
  }

  @Test
  void aRowThatAsksForChipsTakesOnlyPoliciesThatProveThem() {
    var listed = World.digest("root");
    var tee =
        new Policy.Verification(
            Policy.Method.TEE,
            null,
            null,
            null,
            null,
            null,
            new Policy.Attestation(List.of(listed), List.of("ab".repeat(48)), null));
    var trusted = new Policy.Verification(Policy.Method.TRUSTED, null);
    var rules =
        rules(
            new DataRule(
                DataClass.RESTRICTED,
                null,
                0,
                null,
                null,
                null,
                null,
                true,
                List.of(World.digest("other"))));

    assertThat(GovernedRules.NONE.rule(spec(DataClass.RESTRICTED, tee)))
        .isInstanceOf(Ruling.Admitted.class);
    assertThat(GovernedRules.NONE.rule(spec(DataClass.RESTRICTED, trusted)))
        .isInstanceOfSatisfying(
            Ruling.Refused.class,
            refused -> assertThat(refused.reason()).contains("need verification.method tee"));
    assertThat(rules.rule(spec(DataClass.RESTRICTED, tee)))
        .isInstanceOfSatisfying(
            Ruling.Refused.class,
            refused -> assertThat(refused.reason()).contains("other roots than " + listed));
    assertThat(PolicyCheck.check(spec(DataClass.RESTRICTED, trusted).policy()))
        .anyMatch(
            note ->
                note.startsWith("restricted data need verification.method tee")
                    && note.endsWith("unless governance asks otherwise"));
  }

  /** The rule once more, in other words: how many of its demands are not met. */
  private static boolean restated(DataRule rule, Node node) {
    int unmet = 0;
    if (rule.sandboxes() != null && !rule.sandboxes().contains(node.traits().sandbox())) {
      unmet++;
    }
    if (Boolean.TRUE.equals(rule.regionDeclared()) && node.region().isEmpty()) {
      unmet++;
    }
    if (rule.regions() != null && rule.regions().stream().noneMatch(node.region()::equals)) {
      unmet++;
    }
    if (Boolean.TRUE.equals(rule.undertaken())) {
      int held =
          List.of("public", "internal", "confidential", "restricted")
              .indexOf(node.traits().labels().getOrDefault("openledger.holds", ""));
      unmet += held >= rule.dataClass().ordinal() ? 0 : 1;
    }
    if (rule.owners() != null && rule.owners().stream().noneMatch(node.owner()::equals)) {
      unmet++;
    }
    return unmet == 0;
  }

  private static boolean admits(DataRule rule, Node node) {
    return passes(new DataFilters.Shown(), of(rule), node)
        && passes(new DataFilters.Trusted(), of(rule), node);
  }

  private static boolean passes(Filter filter, Request request, Node node) {
    return filter.test(request, node) instanceof Filter.Verdict.Feasible;
  }

  private static Request of(DataRule rule) {
    return World.request(1, World.cheapest(1))
        .of(
            new Work(
                "wasm",
                Map.of(),
                new Governed(
                    List.of(), List.of(), List.of(), Floors.NONE, Governed.ITS_OWN, null, rule)));
  }

  private static GovernedRules rules(DataRule row) {
    return new GovernedRules(1, null, null, null, null, null, null, null, List.of(row), null, null);
  }

  private static JobSpec spec(DataClass of, Policy.Verification verification) {
    var program = Digest.wrap(new byte[Digest.BYTES]);
    return new JobSpec(
        "data",
        Map.of(),
        new Workload.Wasm(program, 1_000, Workload.Wasm.PAGE_BYTES, 0),
        List.of(new JobSpec.Task(List.of(), program)),
        new Policy(
            null, new Policy.Limits(1, 1_000, List.of(), null, 0, null, of), verification, null));
  }

  private static Node vault(String name, String holds, String region, int reputation) {
    return World.node(name, name, region, 200, 1_000_000, reputation, 4)
        .with(
            new Traits(
                Map.of(DataRule.HOLDS_LABEL, holds), "", "", "bubblewrap", 0, 0, 0, List.of(), 0));
  }

  private static Pool pool(String name) {
    return new Pool(
        xyz.openledger.protocol.PoolId.of("olga", name), name, "olga", PoolTerms.DEFAULT);
  }
}
