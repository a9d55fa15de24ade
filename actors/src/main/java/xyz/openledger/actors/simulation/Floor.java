package xyz.openledger.actors.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.energy.Zones;
import xyz.openledger.pools.market.Clearing;
import xyz.openledger.pools.market.OnDemand;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.verification.NodeRecord;
import xyz.openledger.verification.Reputation;

/** The machines of a scenario as they stand: who is there, how busy, and what is thought of it. */
final class Floor {
  private final @Nullable HourlyGrid grid;
  private long postedNanoOpen = Clearing.NO_PRICE;
  private final Map<NodeId, Machine> machines = new TreeMap<>();
  private final Map<NodeId, Integer> running = new HashMap<>();
  private final Map<NodeId, NodeRecord> records = new HashMap<>();
  private Roster roster = Roster.EMPTY;
  private ToIntFunction<NodeId> withheld = _ -> 0;

  /** Machines whose grid changes by the hour, if there is one. */
  Floor(@Nullable HourlyGrid grid) {
    this.grid = grid;
  }

  Roster roster() {
    return roster;
  }

  /** Slots in use, of nodes that have any. */
  Map<NodeId, Integer> running() {
    return running;
  }

  /** What receipts say of a node. */
  NodeRecord record(NodeId id) {
    return records.getOrDefault(id, NodeRecord.NEW);
  }

  int reputation(NodeId id) {
    return record(id).whole().reputation().score();
  }

  /** The best reputation there is. */
  int reputed() {
    return machines.keySet().stream().mapToInt(this::reputation).max().orElse(1);
  }

  int busySlots() {
    return running.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Slots of nodes that take work. */
  int openSlots() {
    return roster.nodes().stream().filter(Node::accepting).mapToInt(Node::slots).sum();
  }

  /** What the slots in use could burn in a second, of what all slots there could: two sums. */
  double[] capacity() {
    double busy = 0;
    double open = 0;
    for (Node node : roster.nodes()) {
      double speed = (double) node.fuelPerCpuSecond();
      busy += speed * running.getOrDefault(node.id(), 0);
      open += node.accepting() ? speed * node.slots() : 0;
    }
    return new double[] {busy, open};
  }

  /** So many slots of a node are kept for others than whoever comes. */
  void withholding(ToIntFunction<NodeId> slots) {
    withheld = slots;
  }

  /** Makes a machine known; it is not there yet. */
  void bring(Machine machine) {
    machines.put(machine.node().id(), machine);
  }

  Machine machine(NodeId id) {
    return Objects.requireNonNull(machines.get(id), "every node was brought");
  }

  /** What a machine says of itself in this hour. */
  Node now(NodeId id, long nowMillis) {
    Machine machine = machine(id);
    Node own = machine.node();
    if (postedNanoOpen != Clearing.NO_PRICE) {
      return own.asking(OnDemand.price(postedNanoOpen, own.priceNanoOpenPerGigafuel()));
    }
    if (grid == null) {
      return own;
    }
    Node node = HourlyGrid.declared(machine);
    return node.onGrid(
        Zones.gramsPerKwh(grid, node.traits().labels(), node.carbonGramsPerKwh(), nowMillis));
  }

  /** A machine comes or goes. */
  void set(NodeId id, boolean accepting, long nowMillis) {
    Node node = now(id, nowMillis);
    Reputation reputation = record(id).whole().reputation();
    int taken = running.getOrDefault(id, 0) + withheld.applyAsInt(id);
    int free = Math.max(0, node.slots() - taken);
    roster = roster.with(node.standing(free, reputation.score(), reputation.accepted(), accepting));
  }

  void refresh(NodeId id, long nowMillis) {
    set(id, roster.find(id).map(Node::accepting).orElse(false), nowMillis);
  }

  void refreshAll(long nowMillis) {
    roster.nodes().forEach(node -> set(node.id(), node.accepting(), nowMillis));
  }

  /** What is bought at once costs so much from now on, or what a machine asks if that is more. */
  void post(long nanoOpen, long nowMillis) {
    postedNanoOpen = nanoOpen;
    refreshAll(nowMillis);
  }

  /** A slot is taken. */
  void took(NodeId id, long nowMillis) {
    running.merge(id, 1, Integer::sum);
    refresh(id, nowMillis);
  }

  /** A slot is free again; the roster hears of it when the node is refreshed. */
  void gaveBack(NodeId id) {
    running.computeIfPresent(id, (_, count) -> count > 1 ? count - 1 : null);
  }

  /**
   * A node's record follows what it did.
   *
   * @param confirmed whether another owner came to the same
   */
  void conducted(
      NodeId id, String workload, Reputation.Conduct conduct, boolean confirmed, long nowMillis) {
    records.put(id, record(id).after(workload, conduct, confirmed, nowMillis));
    refresh(id, nowMillis);
  }
}
