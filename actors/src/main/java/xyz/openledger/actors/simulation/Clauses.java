package xyz.openledger.actors.simulation;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Request;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Price;

/** What a policy forbids, said a second time: the production filters are checked against it. */
final class Clauses {
  private Clauses() {}

  /** The name of a clause that the node breaks; null if it breaks none. */
  static @Nullable String broken(Request request, Node node) {
    Policy.Limits limits = request.policy().limits();
    List<String> regions = limits.regions();
    Integer carbon = limits.carbonGramsPerKwhMax();
    if (!regions.isEmpty() && !regions.contains(node.region())) {
      return "region";
    }
    if (carbon != null && node.carbonGramsPerKwh() > carbon) {
      return "carbon";
    }
    if (request.memoryMaxBytes() > node.memoryMaxBytesPerSlot()) {
      return "memory";
    }
    if (Price.ofReplica(request.fuelMax(), node.priceNanoOpenPerGigafuel())
        > request.budgetNanoOpen()) {
      return "price";
    }
    if (request.nodesExcluded().contains(node.id())) {
      return "node";
    }
    if (request.ownersExcluded().contains(node.owner())) {
      return "owner";
    }
    if (node.reputation() < limits.reputationMin()) {
      return "reputation";
    }
    if (!node.accepting()) {
      return "accepting";
    }
    return node.freeSlots() > 0 ? null : "slot";
  }
}
