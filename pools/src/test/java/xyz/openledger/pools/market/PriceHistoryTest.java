package xyz.openledger.pools.market;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PriceHistoryTest {
  private static final ResourceClass WASM = ResourceClass.WASM;

  @Test
  void tellsThePercentilesOfEachInterval() {
    var history = new PriceHistory(1_000, 3);
    for (int price = 1; price <= 10; price++) {
      history.note(WASM, 2_500, price * 100);
    }
    history.note(WASM, 5_000, 7);

    assertThat(history.of(WASM))
        .containsExactly(
            new PriceHistory.Summary(2_000, 10, 100, 500, 900),
            new PriceHistory.Summary(5_000, 1, 7, 7, 7));
    assertThat(history.of(new ResourceClass("gpu"))).isEmpty();
  }

  @Test
  void forgetsTheOldestInterval() {
    var history = new PriceHistory(1_000, 3);
    for (int hour = 0; hour < 5; hour++) {
      history.note(WASM, hour * 1_000, hour);
    }

    assertThat(history.of(WASM))
        .extracting(PriceHistory.Summary::p50NanoOpen)
        .containsExactly(2L, 3L, 4L);
  }

  @Test
  void thinsOutAnIntervalWithVeryManyPricesAndStaysNear() {
    var history = new PriceHistory(1_000, 3);
    int prices = 100 * PriceHistory.SAMPLES_MAX;
    for (int price = 0; price < prices; price++) {
      history.note(WASM, 0, price);
    }

    var summary = history.of(WASM).getFirst();
    assertThat(summary.prices()).isEqualTo(prices);
    assertThat(summary.p50NanoOpen()).isBetween(prices * 49L / 100, prices * 51L / 100);
  }
}
