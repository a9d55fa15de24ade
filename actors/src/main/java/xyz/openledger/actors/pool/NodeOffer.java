package xyz.openledger.actors.pool;

import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.OwnTerms;
import xyz.openledger.pools.Traits;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.session.Selling;

/**
 * What a node offers its pool. Speed and round trip were measured by its benchmark; region and
 * carbon are declared.
 *
 * @param slots leases it holds at once
 * @param traits what the machine is; unknown in offers that were listed before it was told
 * @param terms what it asks of jobs; absent if that is nothing
 * @param selling what is for sale beside on-demand slots; absent for nothing
 */
public record NodeOffer(
    NodeId node,
    String name,
    Address owner,
    long priceNanoOpenPerGigafuel,
    int slots,
    long memoryMaxBytesPerSlot,
    String region,
    int carbonGramsPerKwh,
    int watts,
    long fuelPerCpuSecond,
    int roundTripMicros,
    String sandbox,
    Traits traits,
    @Nullable OwnTerms terms,
    @Nullable Selling selling) {

  /** An offer of on-demand slots alone, to any job. */
  public NodeOffer(
      NodeId node,
      String name,
      Address owner,
      long priceNanoOpenPerGigafuel,
      int slots,
      long memoryMaxBytesPerSlot,
      String region,
      int carbonGramsPerKwh,
      int watts,
      long fuelPerCpuSecond,
      int roundTripMicros,
      String sandbox,
      Traits traits) {
    this(
        node,
        name,
        owner,
        priceNanoOpenPerGigafuel,
        slots,
        memoryMaxBytesPerSlot,
        region,
        carbonGramsPerKwh,
        watts,
        fuelPerCpuSecond,
        roundTripMicros,
        sandbox,
        traits,
        null,
        null);
  }

  /** What it asks of jobs. */
  public OwnTerms asks() {
    return terms == null ? OwnTerms.NONE : terms;
  }

  /** What is for sale beside on-demand slots. */
  Selling market() {
    return selling == null ? Selling.NOTHING : selling;
  }
}
