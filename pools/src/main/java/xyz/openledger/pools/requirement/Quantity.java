package xyz.openledger.pools.requirement;

import java.util.function.ToLongFunction;
import xyz.openledger.pools.Node;

/** What is a whole number, 0 or above, of every node. */
public enum Quantity {
  /** Of its grid; what is undeclared counts as the worst there is. */
  CARBON("carbonGramsPerKwh", Node::carbonAtWorstGramsPerKwh),
  /** What it asks. */
  PRICE("priceNanoOpenPerGigafuel", Node::priceNanoOpenPerGigafuel),
  /** Measured. */
  SPEED("fuelPerCpuSecond", Node::fuelPerCpuSecond),
  /** Measured. */
  ROUND_TRIP("roundTripMicros", Node::roundTripMicros),
  /** The most linear memory of one task. */
  MEMORY_PER_SLOT("memoryMaxBytesPerSlot", Node::memoryMaxBytesPerSlot),
  /** Leases it holds at once. */
  SLOTS("slots", Node::slots),
  /** Leases it would take now. */
  FREE_SLOTS("freeSlots", Node::offeredSlots),
  /** 0 to 10,000. */
  REPUTATION("reputation", Node::reputation),
  /** Its results that were accepted so far. */
  ACCEPTED_REPLICAS("acceptedReplicas", Node::acceptedReplicas),
  /** Of the machine. */
  CORES("cores", node -> node.traits().cores()),
  /** Of the machine. */
  MEMORY("memoryBytes", node -> node.traits().memoryBytes()),
  /** Of the machine. */
  DISK("diskFreeBytes", node -> node.traits().diskFreeBytes()),
  /** Declared; 0 if undeclared. */
  WATTS("watts", node -> node.traits().watts());

  private final String field;

  @SuppressWarnings("ImmutableEnumChecker") // each is a function of its argument alone
  private final ToLongFunction<Node> value;

  Quantity(String field, ToLongFunction<Node> value) {
    this.field = field;
    this.value = value;
  }

  /** Its name in policies, as in {@code node.watts}. */
  public String field() {
    return field;
  }

  /** What it is of {@code node}. */
  public long of(Node node) {
    return value.applyAsLong(node);
  }
}
