package xyz.openledger.actors.simulation;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.governance.DataRule;
import xyz.openledger.protocol.Address;
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
    if (!mayBeShown(request.work().governed().data(), node)) {
      return "data class";
    }
    if (request.ownersExcluded().contains(node.owner())) {
      return "owner";
    }
    if (node.reputation() < limits.reputationMin()) {
      return "reputation";
    }
    DataRule data = request.work().governed().data();
    if (data != null && node.reputation() < data.reputationMin()) {
      return "data reputation";
    }
    if (!node.accepting()) {
      return "accepting";
    }
    return node.freeSlots() > 0 ? null : "slot";
  }

  private static boolean mayBeShown(@Nullable DataRule data, Node node) {
    if (data == null) {
      return true;
    }
    List<String> sandboxes = data.sandboxes();
    List<String> regions = data.regions();
    List<Address> owners = data.owners();
    String holds = node.traits().labels().getOrDefault(DataRule.HOLDS_LABEL, "");
    boolean isolated = sandboxes == null || sandboxes.contains(node.traits().sandbox());
    boolean declared = !data.asksRegion() || !node.region().isEmpty();
    boolean there = regions == null || regions.contains(node.region());
    boolean undertaken =
        !data.asksUndertaking() || data.dataClass().orMoreSensitive().contains(holds);
    boolean owned = owners == null || owners.contains(node.owner());
    return isolated && declared && there && undertaken && owned;
  }
}
