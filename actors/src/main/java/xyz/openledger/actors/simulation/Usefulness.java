package xyz.openledger.actors.simulation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Roster;
import xyz.openledger.protocol.NodeId;

/** How much of the work that comes a node could run, were a slot of it free: 0 to 1. */
final class Usefulness {
  private final Map<NodeId, Double> byNode = new HashMap<>();

  Usefulness(Scenario scenario) {
    for (Machine machine : scenario.machines()) {
      byNode.put(machine.node().id(), of(machine.node(), scenario.arrivals()));
    }
  }

  private static double of(Node node, List<Arrival> arrivals) {
    long able = arrivals.stream().filter(job -> Clauses.may(job, node)).count();
    return (double) able / arrivals.size();
  }

  double of(Node node) {
    return byNode.getOrDefault(node.id(), 0.0);
  }

  /** What part of the free slots the work that comes could not use, on average over that work. */
  double fragmentation(Roster roster) {
    double free = 0;
    double lost = 0;
    for (Node node : roster.nodes()) {
      free += node.offeredSlots();
      lost += node.offeredSlots() * (1 - of(node));
    }
    return free == 0 ? 0 : lost / free;
  }
}
