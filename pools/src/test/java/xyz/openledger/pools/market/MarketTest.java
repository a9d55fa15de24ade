package xyz.openledger.pools.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xyz.openledger.pools.market.Order.Until.CANCELLED;
import static xyz.openledger.pools.market.Order.Until.NEXT_CLEARING;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MarketTest {
  private static final ResourceClass WASM = ResourceClass.WASM;

  private final Market market = new Market(MarketTerms.DEFAULT);

  @Test
  void paysTheClearingPriceAndGivesTheDifferenceBackAtOnce() {
    market.fund("ada", 1_000);
    market.place(WASM, new Order(1, Side.BID, "ada", 120, 5, CANCELLED));
    market.place(WASM, new Order(2, Side.BID, "ada", 90, 2, CANCELLED));
    market.place(WASM, new Order(3, Side.ASK, "bob", 80, 5, CANCELLED));
    assertThat(market.budget("ada")).isEqualTo(new Budget(1_000, 780, 0));

    var clearing = market.clear(WASM);

    // Five want and five are offered from 91 to 120: the middle.
    assertThat(clearing.priceNanoOpen()).isEqualTo(105);
    assertThat(clearing.turnoverNanoOpen()).isEqualTo(525);
    assertThat(market.budget("ada")).isEqualTo(new Budget(1_000, 180, 525));
    assertThat(market.earnedNanoOpen("bob")).isEqualTo(525);
    assertThat(market.cancel(WASM, 2)).isTrue();
    assertThat(market.budget("ada")).isEqualTo(new Budget(1_000, 0, 525));
  }

  @Test
  void releasesWhatWasForOneClearing() {
    market.fund("ada", 1_000);
    market.place(WASM, new Order(1, Side.BID, "ada", 100, 10, NEXT_CLEARING));

    market.clear(WASM);

    assertThat(market.budget("ada").availableNanoOpen()).isEqualTo(1_000);
  }

  @Test
  void refusesABidThatTheBudgetDoesNotHold() {
    market.fund("ada", 1_000);

    assertThat(market.place(WASM, bid(1, "ada", 10)).orElseThrow().reason())
        .isEqualTo(Refusal.Reason.BUDGET_EXCEEDED);
    assertThat(market.place(WASM, bid(2, "eve", 1)).orElseThrow().reason())
        .isEqualTo(Refusal.Reason.NO_BUDGET);
    assertThat(market.place(WASM, bid(3, "ada", 9))).isEmpty();
    assertThat(market.place(WASM, bid(4, "ada", 1)).orElseThrow().reason())
        .isEqualTo(Refusal.Reason.BUDGET_EXCEEDED);
    assertThat(market.audit()).isEmpty();
  }

  @Test
  void postsThePriceOfTheLastClearingWithAPremiumRoundedUp() {
    assertThat(market.onDemandPriceNanoOpen(WASM)).isEmpty();
    market.fund("ada", 1_000);
    market.place(WASM, bid(1, "ada", 1));
    market.place(WASM, new Order(2, Side.ASK, "bob", 109, 1, CANCELLED));
    market.clear(WASM);

    assertThat(market.onDemandPriceNanoOpen(WASM)).hasValue(120);
  }

  @Test
  void aBudgetNeverSpendsWhatItDoesNotHold() {
    var budget = Budget.of(10).hold(6);

    assertThatThrownBy(() -> budget.hold(5)).hasMessageContaining("0 to 4");
    assertThatThrownBy(() -> budget.pay(7, 1)).hasMessageContaining("0 to 6");
    assertThatThrownBy(() -> budget.pay(2, 3)).hasMessageContaining("0 to 2");
    assertThat(budget.pay(6, 2)).isEqualTo(new Budget(10, 0, 2));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void buyersPayWhatSellersGetAndNoBudgetIsPassed(long seed) {
    var random = new SplittableRandom(seed);
    long funded = 0;
    for (int i = 0; i < 8; i++) {
      long nanoOpen = random.nextLong(1, 100_000);
      market.fund("p" + i, nanoOpen);
      funded += nanoOpen;
    }
    for (long id = 1; id < 3_000; id++) {
      boolean bid = random.nextBoolean();
      var of = random.nextInt(4) == 0 ? new ResourceClass("gpu-80g") : WASM;
      market.place(
          of,
          new Order(
              id,
              bid ? Side.BID : Side.ASK,
              "p" + random.nextInt(8),
              random.nextLong(90, 110),
              random.nextLong(1, 30),
              random.nextInt(4) == 0 ? NEXT_CLEARING : CANCELLED));
      market.cancel(of, random.nextLong(1, id + 1));
      if (random.nextInt(20) == 0) {
        market.clear(of);
        assertThat(market.audit()).isEmpty();
      }
    }
    long left = 0;
    long earned = 0;
    for (int i = 0; i < 8; i++) {
      var budget = market.budget("p" + i);
      left += budget.availableNanoOpen() + budget.heldNanoOpen();
      earned += market.earnedNanoOpen("p" + i);
    }
    assertThat(left + earned).isEqualTo(funded);
    assertThat(earned).isPositive();
  }

  private static Order bid(long id, String party, long units) {
    return new Order(id, Side.BID, party, 110, units, CANCELLED);
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, Boolean.getBoolean("thorough") ? 100 : 5);
  }
}
