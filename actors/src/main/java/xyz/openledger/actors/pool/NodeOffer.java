package xyz.openledger.actors.pool;

import xyz.openledger.pools.Traits;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;

/**
 * What a node offers its pool. Speed and round trip were measured by its benchmark; region and
 * carbon are declared.
 *
 * @param slots leases it holds at once
 * @param traits what the machine is; unknown in offers that were listed before it was told
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
    Traits traits) {}
