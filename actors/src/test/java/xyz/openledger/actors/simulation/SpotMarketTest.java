package xyz.openledger.actors.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import xyz.openledger.pools.Matcher;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Placement;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.market.MarketTerms;
import xyz.openledger.pools.market.SpotClearing;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.json.Json;

/** Cheap work that bids in a uniform-price auction, in virtual time. */
class SpotMarketTest {
  private static final Comparison.Plan SMALL =
      new Comparison.Plan(7, 1, 12, 150, 120, null, false, false, false, false, true);

  @Test
  void leasesAreSoldAtOnePriceAndAllJobsEnd() {
    SimulationReport report = Comparison.run(SMALL, _ -> {});

    assertThat(report.rows())
        .filteredOn(row -> row.scheduler().equals("openledger, market"))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.figures().spotLeases()).isPositive();
              assertThat(row.figures().spotOpenPerGigafuel()).isPositive();
              assertThat(row.figures().settled() + row.figures().failed()).isEqualTo(150);
            });
    assertThat(Json.pretty(Comparison.run(SMALL, _ -> {}))).isEqualTo(Json.pretty(report));
  }

  /** What a clearing must never do. */
  private enum Fault implements Rules {
    PAYS_AS_BID("does not pay the price that all pay") {
      @Override
      SpotClearing.Outcome wrong(
          SpotClearing.Outcome right, List<SpotClearing.Bid> bids, List<SpotClearing.Ask> asks) {
        return awards(
            right,
            award ->
                new SpotClearing.Award(
                    award.bid(), at(award.placement(), award.bid().limitNanoOpen())));
      }
    },
    CHARGES_MORE_THAN_THE_LIMIT("pays more than its limit") {
      @Override
      SpotClearing.Outcome wrong(
          SpotClearing.Outcome right, List<SpotClearing.Bid> bids, List<SpotClearing.Ask> asks) {
        // And says that they had bid so much.
        long dear = bids.stream().mapToLong(SpotClearing.Bid::limitNanoOpen).max().orElse(0) + 1;
        var more =
            new SpotClearing.Outcome(dear, right.bidUnits(), right.askUnits(), right.awards());
        return awards(
            more,
            award ->
                new SpotClearing.Award(
                    new SpotClearing.Bid(award.bid().request(), award.bid().count(), dear),
                    at(award.placement(), dear)));
      }
    },
    SELLS_TO_A_WRONG_REGION("breaks region") {
      @Override
      public Optional<SpotClearing.Outcome> clearing(
          long lastNanoOpen,
          MarketTerms terms,
          Matcher matcher,
          List<SpotClearing.Bid> bids,
          List<SpotClearing.Ask> asks) {
        return SpotClearing.of(
            lastNanoOpen, terms, matcher, bids.stream().map(Fault::anywhere).toList(), asks);
      }
    },
    SELLS_FOR_LESS("sells below its reservation price") {
      @Override
      SpotClearing.Outcome wrong(
          SpotClearing.Outcome right, List<SpotClearing.Bid> bids, List<SpotClearing.Ask> asks) {
        var cheap = new SpotClearing.Outcome(1, right.bidUnits(), right.askUnits(), right.awards());
        return awards(
            cheap, award -> new SpotClearing.Award(award.bid(), at(award.placement(), 1)));
      }
    },
    SELLS_TWICE("more than it") {
      @Override
      SpotClearing.Outcome wrong(
          SpotClearing.Outcome right, List<SpotClearing.Bid> bids, List<SpotClearing.Ask> asks) {
        var twice = new ArrayList<>(right.awards());
        twice.addAll(right.awards());
        return new SpotClearing.Outcome(
            right.priceNanoOpen(), right.bidUnits(), right.askUnits(), twice);
      }
    },
    LEAPS("moved by more than a step") {
      @Override
      public Optional<SpotClearing.Outcome> clearing(
          long lastNanoOpen,
          MarketTerms terms,
          Matcher matcher,
          List<SpotClearing.Bid> bids,
          List<SpotClearing.Ask> asks) {
        var wide =
            new MarketTerms(10_000, terms.margin(), terms.ordersMax(), terms.premiumBasisPoints());
        return SpotClearing.of(lastNanoOpen, wide, matcher, bids, asks);
      }
    };

    final String words;

    Fault(String words) {
      this.words = words;
    }

    SpotClearing.Outcome wrong(
        SpotClearing.Outcome right, List<SpotClearing.Bid> bids, List<SpotClearing.Ask> asks) {
      return right;
    }

    @Override
    public Optional<SpotClearing.Outcome> clearing(
        long lastNanoOpen,
        MarketTerms terms,
        Matcher matcher,
        List<SpotClearing.Bid> bids,
        List<SpotClearing.Ask> asks) {
      return SpotClearing.of(lastNanoOpen, terms, matcher, bids, asks)
          .map(right -> wrong(right, bids, asks));
    }

    private static SpotClearing.Bid anywhere(SpotClearing.Bid bid) {
      Request asked = bid.request();
      Policy policy = asked.policy();
      Policy.Limits limits = policy.limits();
      var free =
          new Policy(
              policy.objective(),
              new Policy.Limits(
                  limits.priceMaxNanoOpen(),
                  limits.deadlineMillis(),
                  List.of(),
                  limits.carbonGramsPerKwhMax(),
                  limits.reputationMin(),
                  limits.roundTripMicrosMax(),
                  limits.dataClass()),
              policy.verification(),
              policy.capacity(),
              policy.require(),
              policy.prefer(),
              policy.selector(),
              policy.shift(),
              policy.spread());
      var request =
          new Request(
              asked.task(),
              asked.attempt(),
              free,
              asked.fuelMax(),
              asked.memoryMaxBytes(),
              asked.ownersExcluded(),
              asked.nodesExcluded(),
              asked.budgetNanoOpen(),
              asked.scheduling(),
              asked.work(),
              asked.affinity());
      return new SpotClearing.Bid(request, bid.count(), bid.limitNanoOpen());
    }

    private static SpotClearing.Outcome awards(
        SpotClearing.Outcome right, UnaryOperator<SpotClearing.Award> change) {
      return new SpotClearing.Outcome(
          right.priceNanoOpen(),
          right.bidUnits(),
          right.askUnits(),
          right.awards().stream().map(change).toList());
    }

    private static Placement at(Placement placement, long nanoOpen) {
      List<Node> nodes = placement.chosen().stream().map(node -> node.asking(nanoOpen)).toList();
      return new Placement(nodes, placement.hopeless(), placement.explanation());
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void aPlantedFaultMakesItFail(Fault fault) {
    assertThatThrownBy(
            () -> {
              for (long seed = 1; seed <= 10; seed++) {
                Scenario scenario = Scenario.draw(seed, new Scenario.Size(12, 150, 150, null));
                new Simulation(
                        scenario,
                        new Production(seed),
                        new Usefulness(scenario),
                        "openledger",
                        Wishes.MARKET,
                        fault)
                    .run();
              }
            })
        .isInstanceOf(Invariants.Violation.class)
        .hasMessageContaining(fault.words);
  }
}
