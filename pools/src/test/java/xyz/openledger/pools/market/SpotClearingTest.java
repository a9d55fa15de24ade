package xyz.openledger.pools.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xyz.openledger.pools.SpotMarket.ask;
import static xyz.openledger.pools.SpotMarket.bid;
import static xyz.openledger.pools.SpotMarket.bidIn;
import static xyz.openledger.pools.SpotMarket.matcher;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.pools.Matcher;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.SpotMarket;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Price;
import xyz.openledger.protocol.ProblemException;

class SpotClearingTest {
  private static final int ROUNDS = 25;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 40);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyClearingKeepsWhatItPromises(long seed) {
    var random = new SplittableRandom(seed);
    long last = Clearing.NO_PRICE;
    for (int round = 0; round < ROUNDS; round++) {
      var bids = SpotMarket.bids(random);
      var asks = SpotMarket.asks(random);
      var outcome = SpotClearing.of(last, MarketTerms.SPOT, matcher(), bids, asks);
      assertThat(SpotClearing.of(last, MarketTerms.SPOT, matcher(), bids, asks))
          .as("the same bids and asks have the same outcome")
          .isEqualTo(outcome);
      if (outcome.isPresent()) {
        check(outcome.get(), asks);
        if (last != Clearing.NO_PRICE) {
          assertThat(Math.abs(outcome.get().priceNanoOpen() - last))
              .as("the step")
              .isLessThanOrEqualTo(ClearingPrice.step(last, MarketTerms.SPOT));
        }
        last = outcome.get().priceNanoOpen();
      }
    }
  }

  private static void check(SpotClearing.Outcome outcome, List<SpotClearing.Ask> asks) {
    long price = outcome.priceNanoOpen();
    Map<NodeId, Integer> sold = new HashMap<>();
    Map<SpotClearing.Bid, Integer> bought = new HashMap<>();
    long paid = 0;
    for (SpotClearing.Award award : outcome.awards()) {
      var request = award.bid().request();
      assertThat(price)
          .as("no price above the bid")
          .isLessThanOrEqualTo(award.bid().limitNanoOpen());
      var owners = new HashSet<>(request.ownersExcluded());
      for (Node node : award.placement().chosen()) {
        assertThat(node.priceNanoOpenPerGigafuel()).as("one price for all").isEqualTo(price);
        long worst = Price.ofReplica(request.fuelMax(), node.priceNanoOpenPerGigafuel());
        assertThat(worst).as("no budget is exceeded").isLessThanOrEqualTo(request.budgetNanoOpen());
        assertThat(owners.add(node.owner())).as("distinct owners").isTrue();
        assertThat(Matcher.objection(request, node.withFreeSlots(1))).isEmpty();
        sold.merge(node.id(), 1, Integer::sum);
        bought.merge(award.bid(), 1, Integer::sum);
        paid += worst;
      }
    }
    long earned = 0;
    for (SpotClearing.Award award : outcome.awards()) {
      for (Node node : award.placement().chosen()) {
        earned += Price.ofReplica(award.bid().request().fuelMax(), node.priceNanoOpenPerGigafuel());
      }
    }
    assertThat(earned).as("what is paid is what is earned").isEqualTo(paid);
    bought.forEach((bid, count) -> assertThat(count).isLessThanOrEqualTo(bid.count()));
    for (SpotClearing.Ask ask : asks) {
      int slots = sold.getOrDefault(ask.node().id(), 0);
      assertThat(slots).as("no slot is sold twice").isLessThanOrEqualTo(ask.slots());
      if (slots > 0) {
        assertThat(price)
            .as("no price below the ask")
            .isGreaterThanOrEqualTo(ask.reservationNanoOpen());
      }
    }
    assertThat(outcome.units()).isLessThanOrEqualTo((int) outcome.askUnits());
  }

  @Test
  void setsOnePriceBetweenTheLastBidAndTheLastAskThatTrade() {
    var outcome =
        SpotClearing.of(
                Clearing.NO_PRICE,
                MarketTerms.SPOT,
                matcher(),
                List.of(bid(1, 1, 900), bid(2, 1, 500), bid(3, 1, 100)),
                List.of(ask("bob", 1, 200), ask("cyd", 1, 300), ask("dan", 1, 800)))
            .orElseThrow();

    assertThat(outcome.priceNanoOpen()).isBetween(300L, 500L);
    assertThat(outcome.awards())
        .extracting(award -> award.bid().limitNanoOpen())
        .containsExactly(900L, 500L);
    assertThat(outcome.awards())
        .flatExtracting(award -> award.placement().chosen())
        .extracting(node -> node.id())
        .doesNotContain(ask("dan", 1, 800).node().id())
        .doesNotHaveDuplicates();
  }

  @Test
  void aBidThatNobodyCanServeMovesNoPrice() {
    var asks = List.of(ask("bob", 1, 200));
    var alone =
        SpotClearing.of(300, MarketTerms.SPOT, matcher(), List.of(bid(1, 1, 310)), asks)
            .orElseThrow();

    var with =
        SpotClearing.of(
                300,
                MarketTerms.SPOT,
                matcher(),
                List.of(bidIn("us", 2, 10_000), bid(1, 1, 310)),
                asks)
            .orElseThrow();

    assertThat(with).isEqualTo(alone);
  }

  @Test
  void withoutBidsNothingIsCleared() {
    assertThat(
            SpotClearing.of(7, MarketTerms.SPOT, matcher(), List.of(), List.of(ask("bob", 1, 1))))
        .isEmpty();
  }

  @Test
  void theLimitIsTheHighestPriceTheBudgetCanPay() {
    var random = new SplittableRandom(5);
    for (int i = 0; i < 1_000; i++) {
      long budget = random.nextLong(0, 1_000_000_000_000_000_000L);
      long fuel = random.nextLong(1, 10_000_000_000_000L);
      long limit = SpotClearing.limit(budget, fuel);
      assertThat(Price.ofReplica(fuel, limit)).isLessThanOrEqualTo(budget);
      if (limit < Price.NANO_OPEN_PER_GIGAFUEL_MAX) {
        assertThat(Price.ofReplica(fuel, limit + 1)).isGreaterThan(budget);
      }
    }
  }

  @Test
  void refusesWhatIsNegativeOrBeyondAllPrices() {
    var request = bid(1, 1, 5).request();
    assertThatThrownBy(() -> new SpotClearing.Bid(request, 1, -1))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("limitNanoOpen");
    assertThatThrownBy(() -> new SpotClearing.Bid(request, 1, Price.NANO_OPEN_PER_GIGAFUEL_MAX + 1))
        .isInstanceOf(ProblemException.class);
    assertThatThrownBy(() -> ask("bob", 1, -1)).isInstanceOf(ProblemException.class);
    assertThatThrownBy(() -> ask("bob", 9, 1)).isInstanceOf(ProblemException.class);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whatASlotEarnsGrowsWithTimeAndIsAtTheEndItsPrice(long seed) {
    var random = new SplittableRandom(seed);
    long period =
        random.nextLong(ReservedPrice.PERIOD_MILLIS_MIN, ReservedPrice.PERIOD_MILLIS_MAX + 1);
    long price = ReservedPrice.ofLot(random.nextLong(1, 100_000_000_000L), period);
    long before = 0;
    for (int i = 0; i <= 20; i++) {
      long earned = ReservedPrice.earned(price, period * i / 20, period);
      assertThat(earned).isBetween(before, price);
      before = earned;
    }
    assertThat(before).isEqualTo(price);
    assertThat(ReservedPrice.earned(price, -5, period)).isZero();
    assertThat(ReservedPrice.earned(price, period + 1, period)).isEqualTo(price);
  }

  @Test
  void aSlotForHalfAnHourCostsHalfRoundedUp() {
    assertThat(ReservedPrice.ofLot(7, 1_800_000)).isEqualTo(4);
    assertThat(ReservedPrice.ofLot(8, 3_600_000)).isEqualTo(8);
  }
}
