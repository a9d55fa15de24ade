package xyz.openledger.pools;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import xyz.openledger.pools.governance.Floors;
import xyz.openledger.pools.governance.Governed;
import xyz.openledger.protocol.PoolId;

class RulesTest {
  private static final Node EU = World.node("eve", "eve", "eu", 200, 1_000_000, 5_000, 4);
  private static final Node XX = World.node("xi", "xi", "xx", 200, 1_000_000, 5_000, 4);
  private static final Node NOWHERE = World.node("no", "no", "", 200, 1_000_000, 5_000, 4);

  @Test
  void keepsWorkOutOfForbiddenRegionsAndOffNodesThatDeclareNone() {
    var request = governed(List.of(), List.of("xx"));

    assertThat(Matcher.objection(request, EU)).isEmpty();
    assertThat(Matcher.objection(request, XX)).contains("in region xx, which governance forbids");
    assertThat(Matcher.objection(request, NOWHERE))
        .contains("declares no region, and governance forbids [xx]");
  }

  @Test
  void runsAnIsolatedClassOnlyOnNodesThatSayTheyTakeIt() {
    var request = governed(List.of("odd"), List.of());

    assertThat(Matcher.objection(request, EU)).contains("does not say openledger.takes.odd");
    assertThat(Matcher.objection(request, labelled("openledger.takes.odd", "false"))).isPresent();
    assertThat(Matcher.objection(request, labelled("openledger.takes.other", "true"))).isPresent();
    assertThat(Matcher.objection(request, labelled("openledger.takes.odd", "true"))).isEmpty();
  }

  @Test
  void countsWhatGovernanceRemovesAndCallsItHopeless() {
    var placement =
        new Matcher(PoolTerms.DEFAULT, World.SECRET)
            .place(governed(List.of(), List.of("xx")), Roster.of(List.of(XX, NOWHERE)), 1);

    assertThat(placement.hopeless()).isTrue();
    assertThat(placement.explanation().removed())
        .containsExactly(new Explanation.Removed(Clause.GOVERNANCE, 0, 2));
  }

  @Test
  void countsWhatTheTermsOfNodesRemoveAndAdvisesNothingThatWouldNotHelp() {
    var choosy = EU.under(new OwnTerms("job.labels.tier == 'gold'", ""));
    var request = World.request(1, World.cheapest(1));

    var advice = Advice.of(request, 1, List.of(choosy));

    assertThat(advice.feasible()).isFalse();
    assertThat(advice.effects()).containsExactly(new Advice.Effect(Clause.TERMS, "", 1, 1));
    assertThat(advice.relaxation()).isNull();
    assertThat(Matcher.objection(request, choosy))
        .contains("the node's own terms do not take it: job.labels.tier == 'gold'");
    assertThat(
            Matcher.objection(
                request.of(new Work("wasm", Map.of("tier", "gold"), Governed.FREELY)), choosy))
        .isEmpty();
  }

  @Test
  void routesAroundPoolsWhereGovernanceAllowsNothing() {
    var eu = PoolSummary.of(pool("eu"), Roster.of(List.of(EU)), 0);
    var xx = PoolSummary.of(pool("xx"), Roster.of(List.of(XX, NOWHERE)), 0);

    assertThat(PoolRouter.rank(governed(List.of(), List.of("xx")), List.of(eu, xx)))
        .isInstanceOfSatisfying(
            Route.Ranked.class,
            route -> {
              assertThat(route.pools()).extracting(Route.Choice::name).containsExactly("eu");
              assertThat(route.refused().getFirst().objections())
                  .containsExactly(
                      new Route.Objection(
                          Clause.GOVERNANCE, "in [, xx], and governance forbids [xx]"));
            });
    assertThat(PoolRouter.rank(governed(List.of("odd"), List.of()), List.of(eu, xx)))
        .isInstanceOf(Route.Unsatisfiable.class);
  }

  private static Request governed(List<String> isolated, List<String> regionsForbidden) {
    return World.request(1, World.cheapest(1))
        .of(
            new Work(
                "wasm",
                Map.of(),
                new Governed(isolated, isolated, regionsForbidden, Floors.NONE, Governed.ITS_OWN)));
  }

  private static Node labelled(String key, String value) {
    return new Node(
        EU.id(),
        EU.owner(),
        EU.pool(),
        EU.region(),
        EU.carbonGramsPerKwh(),
        EU.priceNanoOpenPerGigafuel(),
        EU.fuelPerCpuSecond(),
        EU.roundTripMicros(),
        EU.memoryMaxBytesPerSlot(),
        EU.freeSlots(),
        EU.slots(),
        EU.reputation(),
        EU.acceptedReplicas(),
        true,
        new Traits(Map.of(key, value), "", "", "", 0, 0, 0, List.of(), 0));
  }

  private static Pool pool(String name) {
    return new Pool(PoolId.of("olga", name), name, "olga", PoolTerms.DEFAULT);
  }
}
