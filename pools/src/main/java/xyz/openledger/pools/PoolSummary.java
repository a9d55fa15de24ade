package xyz.openledger.pools;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import xyz.openledger.pools.market.ResourceClass;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Price;

/**
 * What a pool tells others of itself: its best figures, which may be those of different nodes. So a
 * pool that fails a clause here cannot serve it; one that passes may still find no node.
 *
 * @param owners distinct ones
 * @param queued tasks that wait
 * @param regions of its nodes, sorted
 * @param carbonGramsPerKwh of its cleanest node; the largest there is if none declares it
 * @param priceNanoOpenPerGigafuel of its cheapest node, in the class in which that is cheapest
 * @param fuelPerCpuSecond of its fastest node
 * @param roundTripMicros of its quickest node
 * @param memoryMaxBytesPerSlot of its roomiest node
 * @param reputation of its most reputed node
 * @param sketch what its nodes are, in bounded space
 * @param held which blobs they hold, in bounded space
 */
public record PoolSummary(
    PoolId pool,
    String name,
    int nodes,
    int owners,
    int slots,
    int freeSlots,
    int queued,
    List<String> regions,
    int carbonGramsPerKwh,
    long priceNanoOpenPerGigafuel,
    long fuelPerCpuSecond,
    int roundTripMicros,
    long memoryMaxBytesPerSlot,
    int reputation,
    Sketch sketch,
    HeldBlobs held)
    implements Offer {

  /** A pool that does not tell what its nodes are. */
  public PoolSummary(
      PoolId pool,
      String name,
      int nodes,
      int owners,
      int slots,
      int freeSlots,
      int queued,
      List<String> regions,
      int carbonGramsPerKwh,
      long priceNanoOpenPerGigafuel,
      long fuelPerCpuSecond,
      int roundTripMicros,
      long memoryMaxBytesPerSlot,
      int reputation) {
    this(
        pool,
        name,
        nodes,
        owners,
        slots,
        freeSlots,
        queued,
        regions,
        carbonGramsPerKwh,
        priceNanoOpenPerGigafuel,
        fuelPerCpuSecond,
        roundTripMicros,
        memoryMaxBytesPerSlot,
        reputation,
        Sketch.UNKNOWN,
        HeldBlobs.UNKNOWN);
  }

  /** The same pool whose nodes hold these. */
  public PoolSummary holding(HeldBlobs blobs) {
    return new PoolSummary(
        pool,
        name,
        nodes,
        owners,
        slots,
        freeSlots,
        queued,
        regions,
        carbonGramsPerKwh,
        priceNanoOpenPerGigafuel,
        fuelPerCpuSecond,
        roundTripMicros,
        memoryMaxBytesPerSlot,
        reputation,
        sketch,
        blobs);
  }

  /** Sums a pool up. */
  public static PoolSummary of(Pool pool, Roster roster, int queued) {
    Set<Address> owners = new HashSet<>();
    var regions = new TreeSet<String>();
    int slots = 0;
    int carbon = Node.CARBON_GRAMS_PER_KWH_MAX;
    long price = Price.NANO_OPEN_PER_GIGAFUEL_MAX;
    long speed = Node.FUEL_PER_CPU_SECOND_MIN;
    int roundTrip = Integer.MAX_VALUE;
    long memory = 0;
    int reputation = 0;
    for (Node node : roster.nodes()) {
      owners.add(node.owner());
      regions.add(node.region());
      slots += node.slots();
      carbon = Math.min(carbon, node.carbonAtWorstGramsPerKwh());
      price = Math.min(price, ResourceClass.least(node));
      speed = Math.max(speed, node.fuelPerCpuSecond());
      roundTrip = Math.min(roundTrip, node.roundTripMicros());
      memory = Math.max(memory, node.memoryMaxBytesPerSlot());
      reputation = Math.max(reputation, node.reputation());
    }
    return new PoolSummary(
        pool.id(),
        pool.name(),
        roster.nodes().size(),
        owners.size(),
        slots,
        roster.freeSlots(),
        queued,
        List.copyOf(regions),
        carbon,
        price,
        speed,
        roundTrip,
        memory,
        reputation,
        Sketch.of(roster.nodes()),
        HeldBlobs.UNKNOWN);
  }
}
