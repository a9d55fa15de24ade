package xyz.openledger.actors.simulation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.expression.Interpreted;
import xyz.openledger.pools.governance.DataRule;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.DataClass;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Price;

/**
 * What a policy forbids, said a second time: the production filters and their index are checked
 * against it. Expressions are interpreted whole, and nothing is looked up.
 */
final class Clauses {
  private static final int REMEMBERED_MAX = 64;

  private static final Map<String, Interpreted> EXPRESSIONS =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Interpreted> eldest) {
          return size() > REMEMBERED_MAX;
        }
      };

  private Clauses() {}

  /**
   * The name of a clause that the node breaks; null if it breaks none.
   *
   * @param roster where those are found beside which it must not be
   */
  static @Nullable String broken(Request request, Node node, Roster roster) {
    if (!node.accepting()) {
      return "accepting";
    }
    if (node.freeSlots() <= 0) {
      return "slot";
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
    DataRule data = request.work().governed().data();
    if (node.reputation() < request.policy().limits().reputationMin()) {
      return "reputation";
    }
    if (data != null && node.reputation() < data.reputationMin()) {
      return "data reputation";
    }
    if (!mayBeShown(data, node)) {
      return "data class";
    }
    if (!node.terms().accepts(request)) {
      return "terms";
    }
    return crowded(request, node, roster) ? "spread" : asked(request.policy(), node);
  }

  /** Whether a job could ever run on a machine, as it is when it is idle and well reputed. */
  static boolean may(Arrival arrival, Node node) {
    DataClass shown = arrival.policy().limits().dataClass();
    return arrival.memoryMaxBytes() <= node.memoryMaxBytesPerSlot()
        && Price.ofReplica(arrival.fuelMax(), node.priceNanoOpenPerGigafuel())
            <= Price.ofReplica(arrival.fuelMax(), arrival.priceMax())
        && mayBeShown(shown == null ? null : DataRule.usual(shown), node)
        && asked(arrival.policy(), node) == null;
  }

  /** What a policy says of a node whoever asks. */
  private static @Nullable String asked(Policy policy, Node node) {
    Policy.Limits limits = policy.limits();
    List<String> regions = limits.regions();
    Integer carbon = limits.carbonGramsPerKwhMax();
    Integer roundTrip = limits.roundTripMicrosMax();
    if (!regions.isEmpty() && !regions.contains(node.region())) {
      return "region";
    }
    if (carbon != null && node.carbonGramsPerKwh() > carbon) {
      return "carbon";
    }
    if (roundTrip != null && node.roundTripMicros() > roundTrip) {
      return "round trip";
    }
    if (!policy.labels().stream().allMatch(label -> selects(label, node.traits().labels()))) {
      return "selector";
    }
    String require = policy.require();
    return require == null || expression(require).test(node) ? null : "require";
  }

  private static boolean selects(Policy.LabelRequirement asked, Map<String, String> labels) {
    String value = labels.get(asked.key());
    return switch (asked.operator()) {
      case IN -> value != null && asked.among().contains(value);
      case NOT_IN -> value == null || !asked.among().contains(value);
      case EXISTS -> value != null;
      case DOES_NOT_EXIST -> value == null;
    };
  }

  private static Interpreted expression(String source) {
    synchronized (EXPRESSIONS) {
      return EXPRESSIONS.computeIfAbsent(source, it -> Interpreted.of("require", it));
    }
  }

  /** Whether another replica is in the node's region, where they must be apart by region. */
  private static boolean crowded(Request request, Node node, Roster roster) {
    for (NodeId beside : request.farFrom()) {
      if (roster.find(beside).map(Node::region).filter(node.region()::equals).isPresent()) {
        return true;
      }
    }
    return false;
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
