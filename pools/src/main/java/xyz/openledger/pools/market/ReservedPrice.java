package xyz.openledger.pools.market;

import java.math.BigInteger;

/** What slots that are bought ahead cost. */
public final class ReservedPrice {
  /** The shortest time for which slots may be bought ahead. */
  public static final long PERIOD_MILLIS_MIN = 60_000;

  /** The longest. */
  public static final long PERIOD_MILLIS_MAX = 30 * 86_400_000L;

  private static final long HOUR_MILLIS = 3_600_000;

  private ReservedPrice() {}

  /**
   * A slot for a while, rounded up.
   *
   * @param slotHourNanoOpen what it costs by the hour
   */
  public static long ofLot(long slotHourNanoOpen, long periodMillis) {
    BigInteger[] parts =
        BigInteger.valueOf(slotHourNanoOpen)
            .multiply(BigInteger.valueOf(periodMillis))
            .divideAndRemainder(BigInteger.valueOf(HOUR_MILLIS));
    return parts[0].add(BigInteger.valueOf(parts[1].signum())).longValueExact();
  }

  /**
   * What of a price is earned so far: the part of the time that has passed, rounded down.
   *
   * @param keptMillis how long the slots were kept
   */
  public static long earned(long priceNanoOpen, long keptMillis, long periodMillis) {
    long kept = Math.clamp(keptMillis, 0, periodMillis);
    return BigInteger.valueOf(priceNanoOpen)
        .multiply(BigInteger.valueOf(kept))
        .divide(BigInteger.valueOf(periodMillis))
        .longValueExact();
  }
}
