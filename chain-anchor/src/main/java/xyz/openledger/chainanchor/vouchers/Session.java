package xyz.openledger.chainanchor.vouchers;

import java.util.LinkedHashMap;
import java.util.Map;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.voucher.SessionKey;
import xyz.openledger.protocol.voucher.SignedVoucher;

/** One session key: what it owes, promised and paid, by pool. Mutable. */
final class Session {
  final String apiKey;
  final TenantId tenant;
  final SessionKey terms;
  final Map<PoolId, Tab> tabs = new LinkedHashMap<>();
  final Map<PoolId, Long> settled = new LinkedHashMap<>();
  final Map<JobId, Long> running = new LinkedHashMap<>();
  long runningNanoOpen;

  Session(String apiKey, TenantId tenant, SessionKey terms) {
    this.apiKey = apiKey;
    this.tenant = tenant;
    this.terms = terms;
  }

  static Session of(SessionStanding standing) {
    var session = new Session(standing.apiKey(), standing.tenant(), standing.terms());
    for (SessionStanding.PoolTab tab : standing.tabs()) {
      session.tabs.put(tab.pool(), tab.tab());
      session.settled.put(tab.pool(), tab.settledNanoOpen());
    }
    standing.running().forEach(job -> session.start(job.job(), job.mostNanoOpen()));
    return session;
  }

  Session copy() {
    var copy = new Session(apiKey, tenant, terms);
    copy.tabs.putAll(tabs);
    copy.settled.putAll(settled);
    copy.running.putAll(running);
    copy.runningNanoOpen = runningNanoOpen;
    return copy;
  }

  Tab tab(PoolId pool) {
    return tabs.getOrDefault(pool, Tab.NEW);
  }

  long promisedElsewhere(PoolId pool) {
    return tabs.values().stream().mapToLong(Tab::promisedNanoOpen).sum()
        - tab(pool).promisedNanoOpen();
  }

  void start(JobId job, long mostNanoOpen) {
    running.put(job, mostNanoOpen);
    runningNanoOpen = Math.addExact(runningNanoOpen, mostNanoOpen);
  }

  void end(VoucherEvent.Ended event) {
    Long most = running.remove(event.job());
    if (most == null || event.costs().stream().mapToLong(PoolCost::nanoOpen).sum() > most) {
      throw new IllegalStateException(event + " cannot follow: it was started for " + most);
    }
    runningNanoOpen -= most;
    event.costs().forEach(cost -> tabs.put(cost.pool(), tab(cost.pool()).owing(cost.nanoOpen())));
  }

  void promise(SignedVoucher voucher) {
    PoolId pool = voucher.voucher().pool();
    tabs.put(pool, tab(pool).promised(voucher));
  }

  SessionStanding standing(int jobsMax) {
    return new SessionStanding(
        apiKey,
        tenant,
        terms,
        runningNanoOpen,
        tabs.entrySet().stream()
            .map(
                entry ->
                    new SessionStanding.PoolTab(
                        entry.getKey(),
                        entry.getValue().owedNanoOpen(),
                        entry.getValue().last(),
                        settled.getOrDefault(entry.getKey(), 0L)))
            .toList(),
        running.entrySet().stream()
            .limit(jobsMax)
            .map(entry -> new SessionStanding.Running(entry.getKey(), entry.getValue()))
            .toList());
  }
}
