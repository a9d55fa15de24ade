package xyz.openledger.actors.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.energy.Zones;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.verification.Reputation;

/** The machines of a scenario as they stand: who is there, how busy, and what is thought of it. */
final class Floor {
  private final @Nullable HourlyGrid grid;
  private final Map<NodeId, Machine> machines = new TreeMap<>();
  private final Map<NodeId, Integer> running = new HashMap<>();
  private final Map<NodeId, Reputation> reputations = new HashMap<>();
  private Roster roster = Roster.EMPTY;

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

  Map<NodeId, Reputation> reputations() {
    return reputations;
  }

  int busySlots() {
    return running.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Slots of nodes that take work. */
  int openSlots() {
    return roster.nodes().stream().filter(Node::accepting).mapToInt(Node::slots).sum();
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
    if (grid == null) {
      return machine.node();
    }
    Node node = HourlyGrid.declared(machine);
    return node.onGrid(
        Zones.gramsPerKwh(grid, node.traits().labels(), node.carbonGramsPerKwh(), nowMillis));
  }

  /** A machine comes or goes. */
  void set(NodeId id, boolean accepting, long nowMillis) {
    Node node = now(id, nowMillis);
    Reputation reputation = reputations.getOrDefault(id, Reputation.NEW);
    int free = Math.max(0, node.slots() - running.getOrDefault(id, 0));
    roster = roster.with(node.standing(free, reputation.score(), reputation.accepted(), accepting));
  }

  void refresh(NodeId id, long nowMillis) {
    set(id, roster.find(id).map(Node::accepting).orElse(false), nowMillis);
  }

  void refreshAll(long nowMillis) {
    roster.nodes().forEach(node -> set(node.id(), node.accepting(), nowMillis));
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

  /** A node's reputation follows what it did. */
  void conducted(NodeId id, Reputation.Conduct conduct, long nowMillis) {
    reputations.merge(id, Reputation.NEW.after(conduct), (old, _) -> old.after(conduct));
    refresh(id, nowMillis);
  }
}
