package xyz.openledger.protocol.api;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.json.DecimalText;

/**
 * How a pool's market stands. Prices are of a gigafuel; a unit is a lease.
 *
 * @param resourceClass which class of work this is about
 * @param traded the classes that were sold on the spot here so far
 * @param postedNanoOpen the last clearing price and a premium; absent before the first clearing
 * @param lastNanoOpen the last clearing price
 * @param bidUnits leases that are bid for at this moment
 * @param askUnits leases that are for sale on the spot now
 * @param reservableSlots slots that may be bought ahead now
 * @param reservedSlots slots that are kept for those who bought them
 * @param clearings the last ones, newest first
 * @param reservations of the caller
 */
@Answer
public record PoolMarket(
    PoolId pool,
    String name,
    String resourceClass,
    List<String> traded,
    long clearingMillis,
    @DecimalText @Nullable Long postedNanoOpen,
    @DecimalText @Nullable Long lastNanoOpen,
    int bidUnits,
    @DecimalText @Nullable Long bestBidNanoOpen,
    int askUnits,
    @DecimalText @Nullable Long bestAskNanoOpen,
    int reservableSlots,
    int reservedSlots,
    List<Clearing> clearings,
    List<Reservation> reservations) {

  /**
   * One clearing.
   *
   * @param units leases that were sold
   * @param bidUnits leases that were bid for
   * @param askUnits leases that were for sale
   */
  @Answer
  public record Clearing(
      long round,
      @DecimalText long priceNanoOpen,
      long units,
      long bidUnits,
      long askUnits,
      long atMillis) {}
}
