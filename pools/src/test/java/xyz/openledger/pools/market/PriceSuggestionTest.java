package xyz.openledger.pools.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import xyz.openledger.pools.market.PriceSuggestion.Costs;
import xyz.openledger.pools.market.PriceSuggestion.Recent;

class PriceSuggestionTest {
  private static final long UNIT = 1_000_000_000L;

  /**
   * 100 W at 0.30, 20 W idle, 876 over a year, half of the time; 1 Gfuel/s on each of two slots.
   */
  private static final Costs COSTS =
      new Costs(3 * UNIT / 10, 100, 20, 876 * UNIT, 365, 5_000, UNIT, 2, UNIT / 20, 1_000, 2_000);

  @Test
  void addsUpWhatAnHourOfWorkCostsAndSharesItOut() {
    var suggestion = PriceSuggestion.of(COSTS, null);

    assertThat(suggestion.energyNanos()).isEqualTo(30_000_000);
    assertThat(suggestion.idleNanos()).isEqualTo(6_000_000);
    assertThat(suggestion.wearNanos()).isEqualTo(200_000_000);
    assertThat(suggestion.hourNanos()).isEqualTo(236_000_000);
    assertThat(suggestion.fuelPerHour()).isEqualTo(7_200 * UNIT);
    // 236,000,000 / 7,200 = 32,777.8; at 0.05 for one OPEN and a tenth for the network.
    assertThat(suggestion.gigafuelNanos()).isEqualTo(32_778);
    assertThat(suggestion.breakEvenNanoOpen()).isEqualTo(728_400);
    assertThat(suggestion.targetNanoOpen()).isEqualTo(874_080);
    assertThat(suggestion.suggestedNanoOpen()).isEqualTo(874_080);
  }

  @Test
  void asksWhatTheMarketPaysIfThatIsMoreAndNeverLessThanTheTarget() {
    assertThat(
            PriceSuggestion.of(COSTS, new Recent(9, 1, 2_000_000, 3_000_000)).suggestedNanoOpen())
        .isEqualTo(2_000_000);
    assertThat(PriceSuggestion.of(COSTS, new Recent(9, 1, 2, 3)).suggestedNanoOpen())
        .isEqualTo(874_080);
  }

  @Test
  void whatBreaksEvenReallyDoes() {
    var random = new SplittableRandom(5);
    for (int i = 0; i < 1_000; i++) {
      int watts = random.nextInt(1, 2_000);
      var costs =
          new Costs(
              random.nextLong(UNIT),
              watts,
              random.nextInt(watts + 1),
              random.nextLong(10_000) * UNIT,
              random.nextInt(30, 4_000),
              random.nextInt(100, 10_001),
              random.nextLong(10_000_000, 10 * UNIT),
              random.nextInt(1, 65),
              random.nextLong(UNIT / 100, 10 * UNIT),
              random.nextInt(5_000),
              0);
      var suggestion = PriceSuggestion.of(costs, null);
      double busy = costs.utilisationBasisPoints() / 1e4;
      double income =
          suggestion.breakEvenNanoOpen()
              / 1e9
              * costs.openNanos()
              * (1 - costs.feeBasisPoints() / 1e4)
              * (suggestion.fuelPerHour() / 1e9)
              * busy;
      double cost =
          costs.kilowattHourNanos() / 1e3 * (costs.watts() * busy + costs.idleWatts() * (1 - busy))
              + costs.hardwareNanos() / (costs.lifeDays() * 24.0);
      assertThat(income).as("%s", costs).isGreaterThanOrEqualTo(cost * 0.999_999);
    }
  }

  @Test
  void saysThatNoPriceCoversTheCostsIfNoneDoes() {
    var absurd = new Costs(UNIT, 1_000_000, 0, 900_000_000 * UNIT, 1, 1, 100_000, 1, 1, 0, 0);

    assertThatThrownBy(() -> PriceSuggestion.of(absurd, null))
        .hasMessageContaining("the price that covers the costs");
  }
}
