package xyz.openledger.pools.queue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;

/**
 * What runs, for whom, and until when at the latest. The replicas of a task go to distinct nodes,
 * so task and node name a lease.
 */
final class Running {
  private final Map<Key, Lease> leases = new HashMap<>();
  private final Map<TenantId, Integer> bought = new HashMap<>();

  /** A task on a node. */
  record Key(TaskId task, NodeId node) {}

  /**
   * A slot in use.
   *
   * @param endsAtMillis when all its fuel has burned at the node's measured speed
   * @param bought on the market, beside all quotas
   */
  record Lease(
      Key key,
      TenantId tenant,
      long memoryBytes,
      WorkloadClass workload,
      long endsAtMillis,
      boolean bought) {}

  /** Notes a lease; answers the one in whose place it comes, if there is one. */
  List<Lease> put(Lease lease) {
    Lease before = leases.put(lease.key(), lease);
    count(before, -1);
    count(lease, 1);
    return before == null ? List.of() : List.of(before);
  }

  /** Ends a lease; answers it, if there was one. */
  List<Lease> remove(Key key) {
    Lease lease = leases.remove(key);
    count(lease, -1);
    return lease == null ? List.of() : List.of(lease);
  }

  /** All of them, those that end first in front. */
  List<Lease> byEnd() {
    var sorted = new ArrayList<>(leases.values());
    sorted.sort(
        Comparator.comparingLong(Lease::endsAtMillis)
            .thenComparing((Lease lease) -> lease.key().task().job())
            .thenComparingInt(lease -> lease.key().task().index())
            .thenComparing(lease -> lease.key().node()));
    return sorted;
  }

  private void count(@Nullable Lease lease, int more) {
    if (lease != null && lease.bought()) {
      bought.merge(lease.tenant(), more, (a, b) -> a + b == 0 ? null : a + b);
    }
  }

  /** The slots in use but those that were bought on the market, by tenant, without zeros. */
  Map<TenantId, Integer> underQuotas(Map<TenantId, Integer> slots) {
    if (bought.isEmpty()) {
      return slots;
    }
    var rest = new TreeMap<>(slots);
    bought.forEach(
        (tenant, slotsBought) ->
            rest.computeIfPresent(
                tenant, (_, used) -> used > slotsBought ? used - slotsBought : null));
    return rest;
  }

  int size() {
    return leases.size();
  }
}
