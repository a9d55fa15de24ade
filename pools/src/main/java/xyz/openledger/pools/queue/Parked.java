package xyz.openledger.pools.queue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.Matcher;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.RosterChanges;
import xyz.openledger.pools.index.Top;
import xyz.openledger.pools.index.WaitingPolicies;

/**
 * Lanes that fit no node of the pool as it stood when they were tried, by what they ask. A node
 * that was freed names those that it might serve, so the others are not tried in vain.
 */
final class Parked {
  private static final int CLASSES_MAX = 1 << 20;

  private final RosterChanges changes = new RosterChanges();
  private final Map<Lane, Integer> classes = new HashMap<>();
  private @Nullable WaitingPolicies<Lane> policies;
  private long sequence;

  /** Parks a lane; false if it must go on being tried, since nodes are not indexed. */
  boolean add(Lane lane, Request request) {
    WaitingPolicies<Lane> known = policies;
    if (known == null) {
      known = changes.<Lane>waiting(CLASSES_MAX).orElse(null);
      policies = known;
    }
    if (known == null || classes.containsKey(lane) || known.classes() == CLASSES_MAX) {
      return classes.containsKey(lane);
    }
    classes.put(lane, known.add(Matcher.terms(request), sequence++, lane));
    return true;
  }

  /** Forgets a lane, if it is here. */
  void remove(Lane lane) {
    Integer of = classes.remove(lane);
    if (of != null && policies != null) {
      policies.remove(of, lane);
    }
  }

  /** Lets go of all that a node may serve that changed since the last roster. */
  void wake(Roster roster, Consumer<Lane> woken) {
    if (!changes.show(roster, node -> wake(node, woken))) {
      all(woken);
    }
  }

  private void wake(Node node, Consumer<Lane> woken) {
    WaitingPolicies<Lane> known = policies;
    if (known == null || node.offeredSlots() == 0) {
      return;
    }
    List<Lane> satisfied = known.satisfied(node, Top.K_MAX);
    if (satisfied.size() == Top.K_MAX) {
      all(woken);
    }
    for (Lane lane : satisfied) {
      remove(lane);
      woken.accept(lane);
    }
  }

  private void all(Consumer<Lane> woken) {
    classes.keySet().forEach(woken);
    classes.clear();
    policies = null;
  }

  /** How many lanes are parked. */
  int size() {
    return classes.size();
  }
}
