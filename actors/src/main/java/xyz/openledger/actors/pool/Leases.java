package xyz.openledger.actors.pool;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.pools.queue.WorkloadClass;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TenantId;

/** The leases that run in one pool, and how many each of its nodes has. */
final class Leases {
  private final Map<ReplicaId, Held> leases = new HashMap<>();
  private final Map<NodeId, Integer> leased = new HashMap<>();

  /** A lease, and what the queue weighs of it. */
  record Held(Grant grant, TenantId tenant, long fuelMax, long memoryMaxBytes, long endsAtMillis) {
    /** What was just granted to a task that waited. */
    static Held of(Grant grant, Asked entry, long nowMillis) {
      return new Held(
          grant,
          entry.request().scheduling().tenant(),
          entry.request().fuelMax(),
          entry.request().memoryMaxBytes(),
          nowMillis + grant.leaseMillis());
    }

    /** What its job says that it has. */
    static Held of(Grant grant, PoolMessage.Leased said, long nowMillis) {
      return new Held(
          grant,
          said.tenant(),
          said.fuelMax(),
          said.memoryMaxBytes(),
          nowMillis + grant.leaseMillis());
    }

    /** Lets a queue count it. */
    void runsIn(PoolQueue queue, long nowMillis) {
      queue.runs(
          tenant,
          grant.replica().task(),
          grant.node(),
          memoryMaxBytes,
          WorkloadClass.of(fuelMax, memoryMaxBytes),
          endsAtMillis,
          grant.capacity() != null,
          nowMillis);
    }
  }

  void take(Held held) {
    Grant grant = held.grant();
    leases.put(grant.replica(), held);
    leased.merge(grant.node(), 1, Integer::sum);
  }

  /** Ends a lease; null if there is none. */
  @Nullable Held free(ReplicaId replica) {
    Held held = leases.remove(replica);
    if (held != null) {
      leased.computeIfPresent(held.grant().node(), (_, count) -> count > 1 ? count - 1 : null);
    }
    return held;
  }

  @Nullable Held find(ReplicaId replica) {
    return leases.get(replica);
  }

  boolean has(ReplicaId replica) {
    return leases.containsKey(replica);
  }

  /** How many run on that node. */
  int on(NodeId node) {
    return leased.getOrDefault(node, 0);
  }

  /** Those on a node that it does not hold. */
  List<ReplicaId> lost(NodeId node, Collection<ReplicaId> holds) {
    return leases.values().stream()
        .map(Held::grant)
        .filter(grant -> grant.node().equals(node) && !holds.contains(grant.replica()))
        .map(Grant::replica)
        .toList();
  }

  /** Whose they are that run on demand: once for each lease. */
  List<TenantId> onDemand() {
    return leases.values().stream()
        .filter(held -> held.grant().capacity() == null)
        .map(Held::tenant)
        .toList();
  }

  Collection<Held> all() {
    return leases.values();
  }

  int size() {
    return leases.size();
  }
}
