package xyz.openledger.actors.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import xyz.openledger.pools.queue.Quotas;
import xyz.openledger.protocol.TenantId;

/** What quotas allow, beside what is used. */
final class QuotaUse {
  private QuotaUse() {}

  /**
   * Each quota, by tenant, and last the one of all others.
   *
   * @param leases whose each lease is
   */
  static List<PoolView.QuotaView> of(Quotas quotas, List<TenantId> leases) {
    var views = new ArrayList<PoolView.QuotaView>();
    int named = 0;
    for (var entry : new TreeMap<>(quotas.named()).entrySet()) {
      int used = (int) leases.stream().filter(entry.getKey()::equals).count();
      views.add(new PoolView.QuotaView(entry.getKey(), entry.getValue(), used));
      named += used;
    }
    Quotas.Quota others = quotas.others();
    if (others != null) {
      views.add(new PoolView.QuotaView(null, others, leases.size() - named));
    }
    return List.copyOf(views);
  }
}
