package xyz.openledger.pools;

import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Price;

/**
 * What matching sees of a node.
 *
 * @param region declared by the contributor
 * @param carbonGramsPerKwh of its grid, declared by the contributor
 * @param priceNanoOpenPerGigafuel what it asks
 * @param fuelPerCpuSecond measured by its benchmark
 * @param roundTripMicros from the start of the smallest task to its result, measured
 * @param memoryMaxBytesPerSlot the most linear memory of one task
 * @param freeSlots leases it would take now, 0 to {@code slots}
 * @param reputation 0 to 10,000
 * @param acceptedReplicas results of its own that were accepted so far; 0 for a newcomer
 * @param accepting false while it is away, draining, quiet or suspended
 * @param traits what the machine is
 * @param terms what it asks of jobs
 * @param latencies how long its results take, as its pool measured them
 * @param liking how much its pool's {@code prefer} likes it, 0 to 10,000; 10,000 where it says
 *     nothing
 */
public record Node(
    NodeId id,
    Address owner,
    PoolId pool,
    String region,
    int carbonGramsPerKwh,
    long priceNanoOpenPerGigafuel,
    long fuelPerCpuSecond,
    int roundTripMicros,
    long memoryMaxBytesPerSlot,
    int freeSlots,
    int slots,
    int reputation,
    long acceptedReplicas,
    boolean accepting,
    Traits traits,
    OwnTerms terms,
    Latencies latencies,
    int liking)
    implements Offer {
  /** The most slots of one node. */
  public static final int SLOTS_MAX = 1_024;

  /** What a machine begins with. */
  private static final int REPUTATION_BEGIN = 5_000;

  static final int CARBON_GRAMS_PER_KWH_MAX = 100_000;
  static final long FUEL_PER_CPU_SECOND_MIN = 100_000;
  private static final long FUEL_PER_CPU_SECOND_MAX = 1_000_000_000_000L;

  /** A node that takes any job. */
  public Node(
      NodeId id,
      Address owner,
      PoolId pool,
      String region,
      int carbonGramsPerKwh,
      long priceNanoOpenPerGigafuel,
      long fuelPerCpuSecond,
      int roundTripMicros,
      long memoryMaxBytesPerSlot,
      int freeSlots,
      int slots,
      int reputation,
      long acceptedReplicas,
      boolean accepting,
      Traits traits) {
    this(
        id,
        owner,
        pool,
        region,
        carbonGramsPerKwh,
        priceNanoOpenPerGigafuel,
        fuelPerCpuSecond,
        roundTripMicros,
        memoryMaxBytesPerSlot,
        freeSlots,
        slots,
        reputation,
        acceptedReplicas,
        accepting,
        traits,
        OwnTerms.NONE);
  }

  /** A node that was not measured in a pool that likes all alike. */
  public Node(
      NodeId id,
      Address owner,
      PoolId pool,
      String region,
      int carbonGramsPerKwh,
      long priceNanoOpenPerGigafuel,
      long fuelPerCpuSecond,
      int roundTripMicros,
      long memoryMaxBytesPerSlot,
      int freeSlots,
      int slots,
      int reputation,
      long acceptedReplicas,
      boolean accepting,
      Traits traits,
      OwnTerms terms) {
    this(
        id,
        owner,
        pool,
        region,
        carbonGramsPerKwh,
        priceNanoOpenPerGigafuel,
        fuelPerCpuSecond,
        roundTripMicros,
        memoryMaxBytesPerSlot,
        freeSlots,
        slots,
        reputation,
        acceptedReplicas,
        accepting,
        traits,
        terms,
        Latencies.UNKNOWN,
        Score.MAX);
  }

  /** Checks the ranges, within which no arithmetic of matching overflows. */
  public Node {
    Check.range("carbonGramsPerKwh", carbonGramsPerKwh, 0, CARBON_GRAMS_PER_KWH_MAX);
    Check.range(
        "priceNanoOpenPerGigafuel", priceNanoOpenPerGigafuel, 0, Price.NANO_OPEN_PER_GIGAFUEL_MAX);
    Check.range(
        "fuelPerCpuSecond", fuelPerCpuSecond, FUEL_PER_CPU_SECOND_MIN, FUEL_PER_CPU_SECOND_MAX);
    Check.range("roundTripMicros", roundTripMicros, 0, Integer.MAX_VALUE);
    Check.range("slots", slots, 0, SLOTS_MAX);
    Check.range("freeSlots", freeSlots, 0, slots);
    Check.range("reputation", reputation, 0, Score.MAX);
    Check.range("acceptedReplicas", acceptedReplicas, 0, Long.MAX_VALUE);
    Check.range("liking", liking, 0, Score.MAX);
  }

  /**
   * Whether it has no history yet. One that was caught with a wrong result has one, which halved
   * the reputation that it began with.
   */
  public boolean isNewcomer() {
    return acceptedReplicas == 0 && reputation > REPUTATION_BEGIN / 2;
  }

  /** The same node with another number of free slots. */
  public Node withFreeSlots(int free) {
    return standing(free, reputation, acceptedReplicas, accepting);
  }

  /** The same node as it stands at another time. */
  public Node standing(int freeSlots, int reputation, long acceptedReplicas, boolean accepting) {
    return new Node(
        id,
        owner,
        pool,
        region,
        carbonGramsPerKwh,
        priceNanoOpenPerGigafuel,
        fuelPerCpuSecond,
        roundTripMicros,
        memoryMaxBytesPerSlot,
        freeSlots,
        slots,
        reputation,
        acceptedReplicas,
        accepting,
        traits,
        terms,
        latencies,
        liking);
  }

  /** The same node that asks this of jobs. */
  public Node under(OwnTerms own) {
    return offering(carbonGramsPerKwh, priceNanoOpenPerGigafuel, own);
  }

  /** The same node if it asks that. */
  public Node asking(long nanoOpenPerGigafuel) {
    return offering(carbonGramsPerKwh, nanoOpenPerGigafuel, terms);
  }

  /** The same node on a grid of another intensity. */
  public Node onGrid(int gramsPerKwh) {
    return offering(gramsPerKwh, priceNanoOpenPerGigafuel, terms);
  }

  /** The same node on a machine that is this. */
  public Node with(Traits other) {
    return regarded(other, latencies, liking);
  }

  /** The same node, of whose results that is known. */
  public Node measured(Latencies others) {
    return others.equals(latencies) ? this : regarded(traits, others, liking);
  }

  /** The same node in a pool that likes it so much. */
  Node liked(int much) {
    return much == liking ? this : regarded(traits, latencies, much);
  }

  private Node regarded(Traits machine, Latencies others, int much) {
    return new Node(
        id,
        owner,
        pool,
        region,
        carbonGramsPerKwh,
        priceNanoOpenPerGigafuel,
        fuelPerCpuSecond,
        roundTripMicros,
        memoryMaxBytesPerSlot,
        freeSlots,
        slots,
        reputation,
        acceptedReplicas,
        accepting,
        machine,
        terms,
        others,
        much);
  }

  private Node offering(int gramsPerKwh, long nanoOpenPerGigafuel, OwnTerms own) {
    return new Node(
        id,
        owner,
        pool,
        region,
        gramsPerKwh,
        nanoOpenPerGigafuel,
        fuelPerCpuSecond,
        roundTripMicros,
        memoryMaxBytesPerSlot,
        freeSlots,
        slots,
        reputation,
        acceptedReplicas,
        accepting,
        traits,
        own,
        latencies,
        liking);
  }

  /** Leases it would take now, all things considered. */
  public int offeredSlots() {
    return accepting ? freeSlots : 0;
  }
}
