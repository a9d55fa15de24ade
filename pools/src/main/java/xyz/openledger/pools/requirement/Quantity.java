package xyz.openledger.pools.requirement;

import java.util.function.ToLongFunction;
import xyz.openledger.pools.Node;
import xyz.openledger.protocol.Price;

/** What is a whole number, 0 or above, of every node. */
public enum Quantity {
  /** Of its grid; what is undeclared counts as the worst there is. */
  CARBON("carbonGramsPerKwh", 1, 100_000, Node::carbonAtWorstGramsPerKwh),
  /** What it asks. */
  PRICE(
      "priceNanoOpenPerGigafuel",
      0,
      Price.NANO_OPEN_PER_GIGAFUEL_MAX,
      Node::priceNanoOpenPerGigafuel),
  /** Measured. */
  SPEED("fuelPerCpuSecond", 100_000, 1_000_000_000_000L, Node::fuelPerCpuSecond),
  /** Measured. */
  ROUND_TRIP("roundTripMicros", 0, Integer.MAX_VALUE, Node::roundTripMicros),
  /** The most linear memory of one task. */
  MEMORY_PER_SLOT("memoryMaxBytesPerSlot", 0, Long.MAX_VALUE, Node::memoryMaxBytesPerSlot),
  /** Leases it holds at once. */
  SLOTS("slots", 0, Node.SLOTS_MAX, Node::slots),
  /** Leases it would take now. */
  FREE_SLOTS("freeSlots", 0, Node.SLOTS_MAX, Node::offeredSlots),
  /** 0 to 10,000. */
  REPUTATION("reputation", 0, 10_000, Node::reputation),
  /** Its results that were accepted so far. */
  ACCEPTED_REPLICAS("acceptedReplicas", 0, Long.MAX_VALUE, Node::acceptedReplicas),
  /** Of the machine. */
  CORES("cores", 0, 65_536, node -> node.traits().cores()),
  /** Of the machine. */
  MEMORY("memoryBytes", 0, Long.MAX_VALUE, node -> node.traits().memoryBytes()),
  /** Of the machine. */
  DISK("diskFreeBytes", 0, Long.MAX_VALUE, node -> node.traits().diskFreeBytes()),
  /** Declared; 0 if undeclared. */
  WATTS("watts", 0, 1_000_000, node -> node.traits().watts());

  private final String field;
  private final long least;
  private final long most;

  @SuppressWarnings("ImmutableEnumChecker") // each is a function of its argument alone
  private final ToLongFunction<Node> value;

  Quantity(String field, long least, long most, ToLongFunction<Node> value) {
    this.field = field;
    this.least = least;
    this.most = most;
    this.value = value;
  }

  /** Its name in policies, as in {@code node.watts}. */
  public String field() {
    return field;
  }

  /** No node has less. */
  public long least() {
    return least;
  }

  /** No node has more. */
  public long most() {
    return most;
  }

  /** What it is of {@code node}. */
  public long of(Node node) {
    return value.applyAsLong(node);
  }
}
