package xyz.openledger.pools.queue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;

/**
 * What runs, for whom, and until when at the latest. The replicas of a task go to distinct nodes,
 * so task and node name a lease.
 */
final class Running {
  private final Map<Key, Lease> leases = new HashMap<>();

  /** A task on a node. */
  record Key(TaskId task, NodeId node) {}

  /**
   * A slot in use.
   *
   * @param endsAtMillis when all its fuel has burned at the node's measured speed
   */
  record Lease(
      Key key, TenantId tenant, long memoryBytes, WorkloadClass workload, long endsAtMillis) {}

  /** Notes a lease; answers the one in whose place it comes, if there is one. */
  List<Lease> put(Lease lease) {
    Lease before = leases.put(lease.key(), lease);
    return before == null ? List.of() : List.of(before);
  }

  /** Ends a lease; answers it, if there was one. */
  List<Lease> remove(Key key) {
    Lease lease = leases.remove(key);
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

  int size() {
    return leases.size();
  }
}
