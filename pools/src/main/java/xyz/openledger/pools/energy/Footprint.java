package xyz.openledger.pools.energy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import xyz.openledger.protocol.Check;

/**
 * What work emitted, as Software Carbon Intensity (Green Software Foundation, ISO/IEC 21031):
 *
 * <pre>
 *   SCI = ((E × I) + M) per R
 *   E   CPU time × power share: fuel / speed × watts / slots
 *   I   the grid's intensity, g CO2e per kWh
 *   M   what making the machine emitted × the share of its life that was used
 *   R   one job
 * </pre>
 *
 * Each part is rounded up to the next whole unit.
 *
 * @param energyMicroJoules E
 * @param operationalMicrograms E × I, CO2 equivalent
 * @param embodiedMicrograms M, CO2 equivalent
 */
public record Footprint(
    long energyMicroJoules, long operationalMicrograms, long embodiedMicrograms) {
  /** Nothing ran. */
  public static final Footprint NONE = new Footprint(0, 0, 0);

  /** 1 kWh is 3.6 × 10^12 µJ and 1 g is 10^6 µg: what divides µJ × g/kWh to give µg. */
  private static final long MICRO_JOULES_PER_KWH_BY_MICROGRAMS_PER_GRAM = 3_600_000;

  private static final long MICROS = 1_000_000;

  /**
   * What a machine is, as far as its footprint goes.
   *
   * @param fuelPerCpuSecond measured
   * @param watts under load, of the whole machine, as declared
   * @param slots it runs at once
   * @param gramsPerKwh of its grid
   * @param embodiedGrams what making it emitted, CO2 equivalent; 0 if it is not known
   * @param lifeSeconds how long it is used
   */
  public record Machine(
      long fuelPerCpuSecond,
      int watts,
      int slots,
      int gramsPerKwh,
      long embodiedGrams,
      long lifeSeconds) {
    /** How long a machine is taken to be used if nobody says: four years. */
    public static final long LIFE_SECONDS = 4L * 365 * 86_400;

    /** Checks the ranges. */
    public Machine {
      Check.range("fuelPerCpuSecond", fuelPerCpuSecond, 1, 1_000_000_000_000_000L);
      Check.range("watts", watts, 0, 1_000_000);
      Check.range("slots", slots, 1, 1_000_000);
      Check.range("gramsPerKwh", gramsPerKwh, 0, GridIntensity.GRAMS_PER_KWH_MAX);
      Check.range("embodiedGrams", embodiedGrams, 0, 1_000_000_000_000L);
      Check.range("lifeSeconds", lifeSeconds, 1, 100L * 365 * 86_400);
    }
  }

  /** What burning {@code fuel} on one slot of {@code machine} emitted. */
  public static Footprint of(long fuel, Machine machine) {
    Check.range("fuel", fuel, 0, Long.MAX_VALUE);
    var slotFuelPerSecond = big(machine.fuelPerCpuSecond).multiply(big(machine.slots));
    var slotMicros = big(fuel).multiply(big(MICROS));
    long energy = ceil(slotMicros.multiply(big(machine.watts)), slotFuelPerSecond);
    return new Footprint(
        energy,
        ceil(
            big(energy).multiply(big(machine.gramsPerKwh)),
            big(MICRO_JOULES_PER_KWH_BY_MICROGRAMS_PER_GRAM)),
        ceil(
            slotMicros.multiply(big(machine.embodiedGrams)),
            slotFuelPerSecond.multiply(big(machine.lifeSeconds))));
  }

  /** Both together. */
  public Footprint plus(Footprint other) {
    return new Footprint(
        Math.addExact(energyMicroJoules, other.energyMicroJoules),
        Math.addExact(operationalMicrograms, other.operationalMicrograms),
        Math.addExact(embodiedMicrograms, other.embodiedMicrograms));
  }

  /** E × I + M. */
  public long totalMicrograms() {
    return Math.addExact(operationalMicrograms, embodiedMicrograms);
  }

  /** What a figure for {@code machine} takes for granted, a sentence each. */
  public static List<String> assumptions(Machine machine) {
    var assumptions =
        new ArrayList<>(
            List.of(
                "power: %d W declared for the whole machine, shared equally by %d slots"
                    .formatted(machine.watts, machine.slots),
                "time: fuel at the measured %d a CPU-second; waiting and idling are not counted"
                    .formatted(machine.fuelPerCpuSecond),
                "grid: %d g CO2e per kWh, location-based".formatted(machine.gramsPerKwh)));
    assumptions.add(
        machine.embodiedGrams == 0
            ? "making the machine: not known, counted as 0"
            : "making the machine: %d g CO2e over %d days of use"
                .formatted(machine.embodiedGrams, machine.lifeSeconds / 86_400));
    return assumptions;
  }

  private static BigInteger big(long value) {
    return BigInteger.valueOf(value);
  }

  private static long ceil(BigInteger of, BigInteger by) {
    BigInteger[] parts = of.divideAndRemainder(by);
    return parts[0].add(BigInteger.valueOf(parts[1].signum())).longValueExact();
  }
}
