package xyz.openledger.pools.energy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import xyz.openledger.pools.energy.Footprint.Machine;

class FootprintTest {
  private static final long YEAR_SECONDS = 365 * 86_400;

  @Test
  void isEnergyTimesIntensityPlusTheMachinesShare() {
    // An hour on one of two slots of a machine of 200 W is 0.1 kWh, at 400 g/kWh 40 g;
    // an hour of a year on half of a machine that took 876 kg to make is 50 g.
    var machine = new Machine(1_000_000, 200, 2, 400, 876_000, YEAR_SECONDS);

    var footprint = Footprint.of(3_600L * 1_000_000, machine);

    assertThat(footprint).isEqualTo(new Footprint(360_000_000_000L, 40_000_000, 50_000_000));
    assertThat(footprint.totalMicrograms()).isEqualTo(90_000_000);
  }

  @Test
  void saysWhatItTakesForGranted() {
    assertThat(Footprint.assumptions(new Machine(1_000_000, 200, 2, 400, 0, YEAR_SECONDS)))
        .anyMatch(each -> each.contains("200 W declared"))
        .anyMatch(each -> each.contains("not known, counted as 0"));
  }

  @Test
  void neverUnderstatesAndNeverByMoreThanItsRounding() {
    var random = new SplittableRandom(3);
    for (int i = 0; i < 2_000; i++) {
      long fuel = random.nextLong(10_000_000_000_000L);
      var machine =
          new Machine(
              random.nextLong(100_000, 1_000_000_000_000L),
              random.nextInt(2_000),
              random.nextInt(1, 128),
              random.nextInt(1_000),
              random.nextLong(5_000_000),
              random.nextLong(1, 10 * YEAR_SECONDS));
      double seconds = (double) fuel / machine.fuelPerCpuSecond() / machine.slots();
      double operational = seconds * machine.watts() / 3.6e6 * machine.gramsPerKwh() * 1e6;
      double embodied = seconds / machine.lifeSeconds() * machine.embodiedGrams() * 1e6;

      var footprint = Footprint.of(fuel, machine);

      assertThat((double) footprint.operationalMicrograms())
          .isBetween(operational * 0.999_999, operational * 1.000_001 + 2);
      assertThat((double) footprint.embodiedMicrograms())
          .isBetween(embodied * 0.999_999, embodied * 1.000_001 + 2);
    }
  }

  @Test
  void theTableIsWholeAndSaysWhereItIsFrom() {
    var table = new YearlyAverages();

    assertThat(table.zones()).hasSizeGreaterThan(40).containsKeys("FR", "US", "PL");
    assertThat(table.at("FR", 0)).contains(table.zones().get("FR"));
    assertThat(table.at("XX", 0)).isEmpty();
    assertThat(table.zones().values())
        .allMatch(reading -> reading.basis() == GridIntensity.Basis.YEARLY_AVERAGE)
        .allMatch(reading -> reading.source().contains("2021"))
        .allMatch(reading -> reading.gramsPerKwh() > 0);
  }
}
