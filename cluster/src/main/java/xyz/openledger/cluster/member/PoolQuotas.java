package xyz.openledger.cluster.member;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.pool.PoolView;
import xyz.openledger.pools.queue.Quotas;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.PoolQuota;
import xyz.openledger.protocol.api.PoolQuotaChange;

/** Quotas as operators say them, and as queues count them. */
final class PoolQuotas {
  private PoolQuotas() {}

  /** What a queue is told; null for no quota. */
  static Quotas.@Nullable Quota quota(PoolQuotaChange change) {
    Integer guaranteed = change.guaranteed();
    if (guaranteed == null) {
      return null;
    }
    Integer max = change.max();
    Integer lend = change.lend();
    Integer weight = change.weight();
    return new Quotas.Quota(
        weight == null ? 1 : weight,
        guaranteed,
        max == null ? 0 : max - guaranteed,
        lend == null ? 0 : lend);
  }

  static PoolQuota quota(PoolView.QuotaView view) {
    Quotas.Quota quota = view.quota();
    return new PoolQuota(
        view.tenant(),
        quota.slots(),
        quota.slots() + quota.borrowMax(),
        quota.lendMax(),
        quota.weight(),
        view.used());
  }

  /** The view if it shows that quota; a pool that has too many takes no further one. */
  static PoolView taken(PoolView view, @Nullable TenantId tenant, Quotas.@Nullable Quota wanted) {
    boolean there =
        view.quotas().stream()
            .anyMatch(each -> Objects.equals(each.tenant(), tenant) && each.quota().equals(wanted));
    if (wanted != null && !there) {
      throw new ProblemException(
          Problem.TOO_LARGE,
          "tenant",
          "a pool has at most %d quotas of tenants; remove one first".formatted(Quotas.NAMED_MAX));
    }
    return view;
  }
}
