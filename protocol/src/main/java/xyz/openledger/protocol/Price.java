package xyz.openledger.protocol;

/**
 * What running costs: fuel times a price, rounded up to the next nano-OPEN, exactly.
 *
 * <pre>
 *   ceil( fuel × priceNanoOpenPerGigafuel / 10^9 )
 * </pre>
 */
public final class Price {
  /** The fuel that a price is quoted for. */
  public static final long GIGAFUEL = 1_000_000_000L;

  /**
   * The highest price a node may ask: with it, even the largest fuel limit a job may set costs no
   * more than all the OPEN there is, so that no legal amount overflows.
   */
  public static final long NANO_OPEN_PER_GIGAFUEL_MAX = 100_000_000_000_000L;

  private static final long DIGIT = 0xffff_ffffL;

  private Price() {}

  /**
   * What one replica costs, in nano-OPEN.
   *
   * @param fuel burned, or at most to be burned; not negative
   * @param priceNanoOpenPerGigafuel agreed for the lease; not negative
   * @throws ArithmeticException if the amount does not fit 63 bits, which it always does within
   *     {@link #NANO_OPEN_PER_GIGAFUEL_MAX} and the fuel that a job may ask for
   */
  public static long ofReplica(long fuel, long priceNanoOpenPerGigafuel) {
    if (fuel < 0 || priceNanoOpenPerGigafuel < 0) {
      throw new IllegalArgumentException(
          "fuel %d at price %d: neither is ever negative"
              .formatted(fuel, priceNanoOpenPerGigafuel));
    }
    long high = Math.multiplyHigh(fuel, priceNanoOpenPerGigafuel);
    long low = fuel * priceNanoOpenPerGigafuel;
    return high == 0 && low >= 0 ? Math.ceilDiv(low, GIGAFUEL) : ceilDiv(high, low);
  }

  /**
   * The 128-bit number {@code high ‖ low} by 10^9, in digits of 32 bits: a remainder is below 2^30,
   * so remainder and next digit always fit 62 bits.
   */
  private static long ceilDiv(long high, long low) {
    if (high >= GIGAFUEL / 2) {
      throw new ArithmeticException("a price above 2^63 - 1 nano-OPEN");
    }
    long upper = (high << Integer.SIZE) | (low >>> Integer.SIZE);
    long lower = (upper % GIGAFUEL << Integer.SIZE) | (low & DIGIT);
    long quotient = ((upper / GIGAFUEL) << Integer.SIZE) + lower / GIGAFUEL;
    return lower % GIGAFUEL == 0 ? quotient : Math.addExact(quotient, 1);
  }
}
