package xyz.openledger.pools.market;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Price;

/**
 * What a machine should ask, from what it costs its owner. Money of the owner's currency is in its
 * 10^-9; every step is rounded up and feeds the next one as printed, so that anyone can reckon
 * after it.
 *
 * @param energyNanos electricity of an hour of work
 * @param idleNanos electricity of the idle time that goes with it
 * @param wearNanos depreciation that it has to bring in
 * @param hourNanos the three together
 * @param fuelPerHour what all slots burn in an hour of work
 * @param gigafuelNanos what 10^9 fuel cost
 * @param breakEvenNanoOpen the price per 10^9 fuel that covers it, the network's fee included
 * @param targetNanoOpen with the margin
 * @param suggestedNanoOpen the target, or what the market paid lately if that is more
 */
public record PriceSuggestion(
    long energyNanos,
    long idleNanos,
    long wearNanos,
    long hourNanos,
    long fuelPerHour,
    long gigafuelNanos,
    long breakEvenNanoOpen,
    long targetNanoOpen,
    long suggestedNanoOpen) {

  private static final int WHOLE = MarketTerms.WHOLE_BASIS_POINTS;
  private static final long NANOS_MAX = 1_000_000_000_000_000_000L;
  private static final long NANO_OPEN_PER_OPEN = 1_000_000_000;
  private static final int WATTS_PER_KILOWATT = 1_000;
  private static final int HOURS_PER_DAY = 24;
  private static final int SECONDS_PER_HOUR = 3_600;

  /**
   * What a machine costs and does.
   *
   * @param kilowattHourNanos what electricity costs
   * @param watts of the machine under load
   * @param idleWatts of the machine idle, as far as it would be off otherwise
   * @param hardwareNanos what the machine cost, less what it will sell for
   * @param lifeDays in which that has to come back
   * @param utilisationBasisPoints of 10,000 hours, how many it works
   * @param fuelPerCpuSecond of one slot, measured
   * @param slots that work at once
   * @param openNanos what one OPEN is worth
   * @param feeBasisPoints what the network keeps
   * @param marginBasisPoints what the owner wants above its costs
   */
  public record Costs(
      long kilowattHourNanos,
      int watts,
      int idleWatts,
      long hardwareNanos,
      int lifeDays,
      int utilisationBasisPoints,
      long fuelPerCpuSecond,
      int slots,
      long openNanos,
      int feeBasisPoints,
      int marginBasisPoints) {
    /** Checks the ranges. */
    public Costs {
      Check.range("electricity", kilowattHourNanos, 0, NANOS_MAX / 1_000_000);
      Check.range("watts", watts, 1, 1_000_000);
      Check.range("idleWatts", idleWatts, 0, watts);
      Check.range("hardware", hardwareNanos, 0, NANOS_MAX);
      Check.range("lifeDays", lifeDays, 1, 36_500);
      Check.range("utilisation", utilisationBasisPoints, 1, WHOLE);
      Check.range("fuelPerCpuSecond", fuelPerCpuSecond, 100_000, 1_000_000_000_000L);
      Check.range("slots", slots, 1, 1_024);
      Check.range("openValue", openNanos, 1, NANOS_MAX);
      Check.range("fee", feeBasisPoints, 0, WHOLE - 1);
      Check.range("margin", marginBasisPoints, 0, 10 * WHOLE);
    }
  }

  /**
   * What accepted work was paid lately, per 10^9 fuel.
   *
   * @param replicas how many
   */
  public record Recent(int replicas, long p10NanoOpen, long p50NanoOpen, long p90NanoOpen) {}

  /**
   * Suggests.
   *
   * @param recent absent if nothing is known of the market
   * @throws xyz.openledger.protocol.ProblemException if no price that may be asked covers the costs
   */
  public static PriceSuggestion of(Costs costs, @Nullable Recent recent) {
    long energy = ceil(costs.watts, costs.kilowattHourNanos, WATTS_PER_KILOWATT);
    long idle =
        ceil(
            big(costs.idleWatts)
                .multiply(big(costs.kilowattHourNanos))
                .multiply(big(WHOLE - costs.utilisationBasisPoints)),
            big(WATTS_PER_KILOWATT).multiply(big(costs.utilisationBasisPoints)));
    long wear =
        ceil(
            big(costs.hardwareNanos).multiply(big(WHOLE)),
            big(costs.lifeDays)
                .multiply(big(HOURS_PER_DAY))
                .multiply(big(costs.utilisationBasisPoints)));
    long hour = Math.addExact(Math.addExact(energy, idle), wear);
    long fuel = costs.fuelPerCpuSecond * costs.slots * SECONDS_PER_HOUR;
    long gigafuel = ceil(hour, Price.GIGAFUEL, fuel);
    long breakEven =
        ceil(
            big(gigafuel).multiply(big(NANO_OPEN_PER_OPEN)).multiply(big(WHOLE)),
            big(costs.openNanos).multiply(big(WHOLE - costs.feeBasisPoints)));
    long target = ceil(breakEven, WHOLE + (long) costs.marginBasisPoints, WHOLE);
    Check.range("the price that covers the costs", target, 0, Price.NANO_OPEN_PER_GIGAFUEL_MAX);
    long suggested = recent == null ? target : Math.max(target, recent.p50NanoOpen);
    return new PriceSuggestion(
        energy, idle, wear, hour, fuel, gigafuel, breakEven, target, suggested);
  }

  private static BigInteger big(long value) {
    return BigInteger.valueOf(value);
  }

  private static long ceil(long factor, long other, long by) {
    return ceil(big(factor).multiply(big(other)), big(by));
  }

  private static long ceil(BigInteger of, BigInteger by) {
    BigInteger[] parts = of.divideAndRemainder(by);
    BigInteger up = parts[0].add(big(parts[1].signum()));
    return Check.range(
        "the price that covers the costs",
        up.min(big(Long.MAX_VALUE)).longValue(),
        0,
        Long.MAX_VALUE - 1);
  }
}
