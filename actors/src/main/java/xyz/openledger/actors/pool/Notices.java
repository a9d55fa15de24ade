package xyz.openledger.actors.pool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.job.JobMessage;
import xyz.openledger.pools.Matcher;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.market.ResourceClass;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.pools.queue.Preempting;
import xyz.openledger.pools.queue.Preemption;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;

/**
 * Which leases of a pool may be taken back for more urgent work, and for whom notice was given. The
 * rule is {@link Preempting}; the job decides whether it obeys, and writes it down. Leases from
 * before a pool's restart run to their end. Time comes in as a number, and what is to be said goes
 * out as a list: a pool sends it, the simulator plays it.
 */
public final class Notices {
  /** After notice, for the job's word and the way there; then the lease counts as refused. */
  private static final long GRACE_MILLIS = 15_000;

  private final Map<ReplicaId, Lease> leases = new LinkedHashMap<>();
  private final Map<ReplicaId, Told> told = new HashMap<>();
  private final Set<ReplicaId> refused = new HashSet<>();

  private record Lease(
      Grant grant,
      TenantId tenant,
      int priority,
      long fuelPerSecond,
      long nanoOpenPerSecond,
      long sinceMillis,
      long endsAtMillis) {}

  private record Told(TaskId waits, long untilMillis) {}

  /**
   * A slot that is wanted back.
   *
   * @param said what its job is to be told
   * @param waits for whom
   */
  public record Demand(JobMessage.Preempt said, TaskId waits) {}

  /** A lease begins that may be taken back. */
  public void began(Grant grant, Node node, Request request, long nowMillis) {
    long seconds = Math.max(1, request.fuelMax() / Math.max(1, node.fuelPerCpuSecond()));
    leases.put(
        grant.replica(),
        new Lease(
            grant,
            request.scheduling().tenant(),
            request.scheduling().priority(),
            node.fuelPerCpuSecond(),
            node.priceNanoOpenPerGigafuel() * (node.fuelPerCpuSecond() / 1_000_000) / 1_000,
            nowMillis,
            nowMillis + 1_000 * seconds));
  }

  /** A lease is over. */
  public void ended(ReplicaId replica) {
    leases.remove(replica);
    told.remove(replica);
    refused.remove(replica);
  }

  /** To whom notice is to be given because somebody has waited too long. */
  public List<Demand> look(Preempting rule, PoolQueue queue, Roster roster, long nowMillis) {
    told.entrySet()
        .removeIf(
            each ->
                each.getValue().untilMillis() + GRACE_MILLIS < nowMillis
                    && refused.add(each.getKey()));
    var demands = new ArrayList<Demand>();
    if (leases.isEmpty()) {
      return demands;
    }
    for (Preempting.Wants wants : queue.urgent(rule.waitMillis(), nowMillis)) {
      TaskId waits = wants.request().task();
      int coming = (int) told.values().stream().filter(each -> each.waits().equals(waits)).count();
      rule.plan(wants, coming, candidates(wants, queue, roster, nowMillis), nowMillis)
          .ifPresent(
              plan ->
                  plan.stopped()
                      .forEach(runs -> demands.addAll(tell(rule, runs, wants, nowMillis))));
    }
    return demands;
  }

  private List<Preempting.Candidate> candidates(
      Preempting.Wants wants, PoolQueue queue, Roster roster, long nowMillis) {
    var candidates = new ArrayList<Preempting.Candidate>();
    var of = ResourceClass.of(wants.request());
    for (Lease lease : leases.values()) {
      ReplicaId replica = lease.grant().replica();
      Node node = roster.find(lease.grant().node()).map(of::seen).orElse(null);
      if (node != null
          && !told.containsKey(replica)
          && !refused.contains(replica)
          && !replica.job().equals(wants.request().task().job())
          && node.freeSlots() == 0
          && Matcher.objection(wants.request(), node.withFreeSlots(1)).isEmpty()) {
        candidates.add(
            new Preempting.Candidate(
                new Preemption.Runs(
                    replica.task(),
                    node.id(),
                    lease.priority(),
                    queue.borrows(lease.tenant()),
                    lease.sinceMillis(),
                    // What should have ended by now may run for ever.
                    lease.endsAtMillis() < nowMillis ? Long.MAX_VALUE : lease.endsAtMillis(),
                    lease.nanoOpenPerSecond()),
                lease.tenant(),
                node.owner(),
                queue.beyondGuarantee(lease.tenant()) - leaving(lease.tenant())));
      }
    }
    return candidates;
  }

  /** How many slots of a tenant notice was given for. */
  private int leaving(TenantId tenant) {
    return (int)
        told.keySet().stream()
            .map(leases::get)
            .filter(lease -> lease != null && lease.tenant().equals(tenant))
            .count();
  }

  private List<Demand> tell(
      Preempting rule, Preemption.Runs runs, Preempting.Wants wants, long nowMillis) {
    var demands = new ArrayList<Demand>();
    for (Lease lease : leases.values()) {
      Grant grant = lease.grant();
      if (grant.replica().task().equals(runs.task()) && grant.node().equals(runs.node())) {
        long notice = rule.terms().noticeMillis();
        told.put(grant.replica(), new Told(wants.request().task(), nowMillis + notice));
        var said =
            new JobMessage.Preempt(
                grant.replica(),
                grant.node(),
                grant.fence(),
                notice,
                lease.fuelPerSecond(),
                words(lease, wants, notice));
        demands.add(new Demand(said, wants.request().task()));
      }
    }
    return demands;
  }

  private static String words(Lease lease, Preempting.Wants wants, long noticeMillis) {
    return "makes room in %d s for work of priority %d of tenant %s, which waited for %d s; its own is %d%s"
        .formatted(
            noticeMillis / 1_000,
            wants.request().scheduling().priority(),
            wants.request().scheduling().tenant(),
            wants.waitedMillis() / 1_000,
            lease.priority(),
            wants.guaranteed() ? "; that tenant's quota guarantees the slot" : "");
  }
}
