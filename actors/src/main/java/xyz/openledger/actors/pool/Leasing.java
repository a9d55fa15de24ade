package xyz.openledger.actors.pool;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.job.JobMessage;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Placement;
import xyz.openledger.pools.Pool;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.pools.queue.Preempting;
import xyz.openledger.pools.queue.WorkloadClass;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TaskId;

/**
 * Gives leases to those who wait and ends them, so that all who count slots agree: the members, the
 * market, the queue, and the watch for stragglers.
 */
final class Leasing {
  private static final long LEASE_MILLIS_MIN = 15_000;
  private static final long LEASE_FACTOR = 20;

  private final PoolId pool;
  private final Fences fences;
  private final Leases leases;
  private final Waiting waiting;
  private final Members members;
  private final PoolMarket market;
  private final CleanHours cleanHours;
  private final Clock clock;
  private final Watch watch = new Watch();
  private final Notices notices = new Notices();
  private final Map<ReplicaId, ActorRef<JobMessage>> preemptible = new HashMap<>();

  Leasing(
      PoolId pool,
      Fences fences,
      Leases leases,
      Waiting waiting,
      Members members,
      PoolMarket market,
      CleanHours cleanHours,
      Clock clock) {
    this.pool = pool;
    this.fences = fences;
    this.leases = leases;
    this.waiting = waiting;
    this.members = members;
    this.market = market;
    this.cleanHours = cleanHours;
    this.clock = clock;
  }

  /**
   * Leases to a task that waits.
   *
   * @param how it was bought, where that is not on demand
   */
  void grant(TaskId task, Placement placement, String how) {
    Asked entry = waiting.find(task);
    if (entry == null) {
      placement.chosen().forEach(node -> waiting.ended(task, node.id(), PoolQueue.End.CALLED_BACK));
      return;
    }
    var grants = new ArrayList<Grant>();
    List<String> choices = placement.explanation().choices();
    var why = new ArrayList<String>();
    for (Node node : placement.chosen()) {
      Integer number = entry.replicas().pollFirst();
      if (number == null) {
        waiting.ended(task, node.id(), PoolQueue.End.CALLED_BACK);
        continue;
      }
      var grant = lease(new ReplicaId(task, number), node, entry);
      var held = Leases.Held.of(grant, entry, clock.millis());
      take(held);
      if (grant.capacity() != null) {
        waiting.runs(held);
      }
      watch(grant, node, entry);
      if (entry.preemptible()) {
        notices.began(grant, node, entry.request(), clock.millis());
        preemptible.put(grant.replica(), entry.replyTo());
      }
      String words = how.isEmpty() ? entry.words() : how;
      String bought = words.isEmpty() ? "" : "; " + words;
      why.add(choices.get(grants.size()) + cleanHours.words(task, node, clock.millis()) + bought);
      grants.add(grant);
    }
    if (entry.replicas().isEmpty()) {
      waiting.remove(task);
    } else if (!entry.isOnDemand()) {
      var owners = new HashSet<>(entry.request().ownersExcluded());
      grants.forEach(grant -> owners.add(grant.owner()));
      waiting.add(entry.excluding(owners));
    }
    entry.replyTo().tell(new JobMessage.Granted(task.job(), grants, why));
  }

  private void watch(Grant grant, Node node, Asked entry) {
    watch.began(
        grant,
        WorkloadClass.of(entry.request()),
        node.durationMicros(entry.request().fuelMax()) / 1_000,
        entry.hedge() ? entry.replyTo() : null,
        clock.millis());
  }

  private Grant lease(ReplicaId replica, Node node, Asked entry) {
    long expectedMillis = entry.request().fuelMax() / Math.max(1, node.fuelPerCpuSecond() / 1_000);
    long leaseMillis =
        Math.min(
            LEASE_MILLIS_MIN + LEASE_FACTOR * expectedMillis,
            Math.max(1, entry.deadlineAtMillis() - clock.millis()));
    var grant =
        new Grant(
            replica,
            node.id(),
            node.owner(),
            pool,
            fences.next(node.id()),
            entry.price(node),
            leaseMillis,
            node.region(),
            node.carbonGramsPerKwh());
    return grant.bought(entry.capacity()).of(members.standing(entry.request(), grant));
  }

  /** Leases that we have given before a restart: their slots are not free. A repeat is none. */
  void leased(PoolMessage.Leased said) {
    for (Grant grant : said.grants()) {
      if (!leases.has(grant.replica())) {
        fences.saw(grant.node(), grant.fence());
        var held = Leases.Held.of(grant, said, clock.millis());
        take(held);
        waiting.runs(held);
      }
    }
  }

  private void take(Leases.Held held) {
    Grant grant = held.grant();
    leases.take(held);
    market.took(grant, held.tenant());
    members.refresh(grant.node());
  }

  void free(ReplicaId replica, PoolQueue.End end) {
    Leases.Held held = leases.free(replica);
    if (held != null) {
      Grant grant = held.grant();
      waiting.ended(replica.task(), grant.node(), end);
      watch
          .ended(replica, end, clock.millis())
          .ifPresent(
              brought -> members.brought(grant.node(), brought.workload(), brought.tookMillis()));
      notices.ended(replica);
      preemptible.remove(replica);
      market.freed(grant, held.tenant());
      members.refresh(grant.node());
    }
  }

  /** Tells jobs of leases that take long, and of those that have to make room. */
  void look() {
    watch.look(clock.millis());
    PoolQueue queue = waiting.queue();
    Pool known = waiting.pool();
    if (queue != null && known != null) {
      notices
          .look(
              Preempting.after(known.terms().preemptAfterMillis(), known.terms().noticeMillis()),
              queue,
              members.roster(),
              clock.millis())
          .forEach(this::tell);
    }
  }

  private void tell(Notices.Demand demand) {
    ActorRef<JobMessage> job = preemptible.get(demand.said().replica());
    if (job != null) {
      job.tell(demand.said());
    }
  }
}
