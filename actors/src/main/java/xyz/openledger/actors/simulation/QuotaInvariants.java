package xyz.openledger.actors.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.job.Job;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.pools.queue.Quotas;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.TenantId;

/**
 * What must hold of quotas, reckoned from the leases alone: nobody uses more than may be borrowed,
 * and whoever borrows finds all that is borrowed covered by what is lent and unused.
 */
final class QuotaInvariants {
  private final String where;
  private final Map<TenantId, Quotas.Quota> quotas;
  private final Map<TenantId, Integer> used = new HashMap<>();

  QuotaInvariants(String where, Quotas quotas) {
    this.where = where;
    this.quotas = quotas.named();
  }

  /**
   * Slots were given, in that order.
   *
   * @return the tenants who could not have had one more slot at some moment of that
   */
  Set<TenantId> given(List<PoolQueue.Grant> grants, long nowMillis) {
    Set<TenantId> heldBack = new HashSet<>();
    if (quotas.isEmpty()) {
      return heldBack;
    }
    var then = new HashMap<>(used);
    holdBack(then, heldBack);
    for (PoolQueue.Grant grant : grants) {
      TenantId tenant = grant.entry().request().scheduling().tenant();
      then.merge(tenant, grant.placement().chosen().size(), Integer::sum);
      String over = over(tenant, then);
      if (!over.isEmpty()) {
        throw new Invariants.Violation(where, nowMillis, over);
      }
      holdBack(then, heldBack);
    }
    return heldBack;
  }

  private void holdBack(Map<TenantId, Integer> use, Set<TenantId> heldBack) {
    for (TenantId tenant : quotas.keySet()) {
      var more = new HashMap<>(use);
      more.merge(tenant, 1, Integer::sum);
      if (!over(tenant, more).isEmpty()) {
        heldBack.add(tenant);
      }
    }
  }

  private String over(TenantId tenant, Map<TenantId, Integer> use) {
    Quotas.Quota own = quotas.get(tenant);
    int borrows = own == null ? 0 : use.getOrDefault(tenant, 0) - own.slots();
    if (own == null || borrows <= 0) {
      return "";
    }
    if (borrows > own.borrowMax()) {
      return tenant + " borrows more than it may";
    }
    int borrowed = 0;
    int lent = 0;
    for (var each : quotas.entrySet()) {
      int beyond = use.getOrDefault(each.getKey(), 0) - each.getValue().slots();
      borrowed += Math.max(0, beyond);
      lent += Math.min(each.getValue().lendMax(), Math.max(0, -beyond));
    }
    return borrowed <= lent ? "" : tenant + " borrows what nobody lends";
  }

  void began(Job job, Grant grant) {
    if (counts(grant)) {
      used.merge(job.tenant(), 1, Integer::sum);
    }
  }

  void ended(Job job, Grant grant) {
    if (counts(grant)) {
      used.merge(job.tenant(), -1, Integer::sum);
    }
  }

  /** What is bought on the market is no matter of quotas. */
  private static boolean counts(Grant grant) {
    return grant.capacity() == null || grant.capacity() == Policy.Capacity.ON_DEMAND;
  }
}
