package xyz.openledger.pools.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ForecastTest {
  private final Forecast forecast = new Forecast();

  /** One slot a second, as told from then on. */
  private Forecast.Eta said(int slots) {
    return Objects.requireNonNull(forecast.of(slots));
  }

  private void pace() {
    forecast.busy(0);
    forecast.gave(1, 1_000);
  }

  @Test
  void saysNothingBeforeItKnowsThePace() {
    assertThat(forecast.of(10)).isNull();
    forecast.gave(5, 1_000);
    assertThat(forecast.of(10)).as("nobody had waited").isNull();
  }

  @Test
  void learnsTheQuantilesOfTheWaits() {
    pace();
    var random = new SplittableRandom(3);
    int within50 = 0;
    int within90 = 0;
    for (int i = 0; i < 5_000; i++) {
      Forecast.Eta eta = said(10);
      long waited = (long) (10_000 * 5 * -Math.log(1 - random.nextDouble()));
      within50 += waited <= eta.p50Millis() ? 1 : 0;
      within90 += waited <= eta.p90Millis() ? 1 : 0;
      forecast.learned(eta, waited);
    }

    assertThat(within50).isBetween(2_300, 2_700);
    assertThat(within90).isBetween(4_400, 4_700);
  }

  @Test
  void isNotThrownOffByManyThatWereToldTheSameAtOnce() {
    pace();
    Forecast.Eta eta = said(10);
    for (int i = 0; i < 500; i++) {
      forecast.learned(eta, 60_000);
    }

    assertThat(said(10).p50Millis()).isBetween(50_000L, 70_000L);
    assertThat(said(10).p90Millis()).isBetween(50_000L, 80_000L);
  }
}
