package xyz.openledger.actors.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.job.Job;
import xyz.openledger.actors.job.JobEvent;
import xyz.openledger.actors.job.JobReplica;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Scheduling;
import xyz.openledger.pools.queue.Preempting;
import xyz.openledger.protocol.Price;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.SavedState;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.Workload;
import xyz.openledger.verification.Payout;

/**
 * What must hold when jobs make room, reckoned a second time from the events alone: no lease ends
 * without its notice, nothing that was saved is done twice, and who made steps is paid for them.
 */
final class StoppingInvariants {
  private static final int STOPS_MAX = 2;

  private final String where;
  private final Map<ReplicaId, Long> noticed = new HashMap<>();
  private final Map<TaskId, Integer> stops = new HashMap<>();

  StoppingInvariants(String where) {
    this.where = where;
  }

  /**
   * A notice was given.
   *
   * @param waits who is to have the slot, and since when it waits; null if it waits no more
   */
  void noticed(Job job, JobEvent.Noticed event, Invariants.@Nullable Waits waits, long nowMillis) {
    Preempting rule = Preempting.DEFAULT;
    if (!Boolean.TRUE.equals(job.spec().scheduled().preemptible())) {
      fail(nowMillis, event.replica() + " was stopped, and had not said that it may be");
    }
    if (event.noticeMillis() < rule.terms().noticeMillis()) {
      fail(nowMillis, event.replica() + " got less notice than its lease says");
    }
    if (waits == null || nowMillis - waits.sinceMillis() < rule.waitMillis()) {
      fail(nowMillis, event.replica() + " makes room for work that has not waited long enough");
    }
    if (waits != null
        && priority(waits.request()) - priority(job) < rule.terms().prioritiesAbove()) {
      fail(nowMillis, event.replica() + " makes room for work that is not more urgent");
    }
    noticed.put(event.replica(), nowMillis);
  }

  /** A replica was stopped. */
  void stopped(JobEvent event, long nowMillis) {
    if (event instanceof JobEvent.Preempted over) {
      Long since = noticed.get(over.replica());
      if (since == null || nowMillis - since < Preempting.DEFAULT.terms().noticeMillis()) {
        fail(nowMillis, over.replica() + " was stopped before its notice was over");
      }
      if (stops.merge(over.replica().task(), 1, Integer::sum) > STOPS_MAX) {
        fail(nowMillis, over.replica().task() + " had to make room more than twice");
      }
    }
  }

  /** Leases were given: where one node's word is enough, whoever comes next goes on. */
  void assigned(Job job, List<Grant> grants, long nowMillis) {
    if (job.spec().policy().verification().parameters().agreement() > 1) {
      return;
    }
    for (Grant grant : grants) {
      Job.Task task = job.tasks().get(grant.replica().task().index());
      int furthest = 0;
      for (JobReplica replica : task.replicas()) {
        SavedState saved = saved(replica);
        if (saved != null && tries(task, replica) == 0) {
          furthest = Math.max(furthest, saved.step());
        }
      }
      Receipt.Resumed resumed = grant.resumed();
      if (furthest > (resumed == null ? 0 : resumed.saved().step())) {
        fail(
            nowMillis,
            grant.replica() + " does steps again that were saved, " + furthest + " of them");
      }
    }
  }

  /** A task is decided: each of those on whose steps the result rests is paid for its own steps. */
  void paid(Job job, Job.Task task, List<Payout> payouts, long nowMillis) {
    Set<ReplicaId> confirmed = new HashSet<>();
    for (int i = 0; i < payouts.size(); i++) {
      JobReplica replica = task.replicas().get(i);
      var outcome = replica.outcome();
      if (payouts.get(i).standing() != Receipt.Standing.ACCEPTED || outcome == null) {
        continue;
      }
      long until = outcome.fuelUsed();
      JobReplica each = replica;
      while (each != null) {
        Receipt.Resumed from = each.grant().resumed();
        long own = until - (from == null ? 0 : from.saved().fuel());
        // One state may serve one result alone, so nobody is paid twice for the same steps.
        if (confirmed.add(each.grant().replica())) {
          expect(job, task, each, payouts, own, nowMillis);
        }
        until -= own;
        each = from == null ? null : find(task, from.from());
      }
    }
    for (int i = 0; i < payouts.size(); i++) {
      JobReplica replica = task.replicas().get(i);
      if (replica.phase() == JobReplica.Phase.PREEMPTED
          && !confirmed.contains(replica.grant().replica())
          && payouts.get(i).nanoOpen() > most(job, replica)) {
        fail(nowMillis, replica.grant().replica() + " is paid more than its time");
      }
    }
  }

  private void expect(
      Job job, Job.Task task, JobReplica replica, List<Payout> payouts, long fuel, long nowMillis) {
    long due = Price.ofReplica(fuel, replica.grant().priceNanoOpenPerGigafuel());
    long paid = payouts.get(task.replicas().indexOf(replica)).nanoOpen();
    if (job.workload() instanceof Workload.Finetune && paid != due) {
      fail(
          nowMillis,
          "%s is paid %d and not the %d of its steps"
              .formatted(replica.grant().replica(), paid, due));
    }
  }

  private static @Nullable JobReplica find(Job.Task task, ReplicaId id) {
    return task.replicas().stream()
        .filter(each -> each.grant().replica().equals(id))
        .findFirst()
        .orElse(null);
  }

  /** For the fuel of all of its time. */
  private static long most(Job job, JobReplica replica) {
    JobReplica.Notice notice = replica.notice();
    return notice == null
        ? 0
        : Price.ofReplica(
            Math.min(job.workload().fuelMax(), notice.fuel()),
            replica.grant().priceNanoOpenPerGigafuel());
  }

  private static @Nullable SavedState saved(JobReplica replica) {
    JobReplica.Notice notice = replica.notice();
    return replica.phase() == JobReplica.Phase.PREEMPTED && notice != null ? notice.saved() : null;
  }

  private static int tries(Job.Task task, JobReplica saved) {
    int tries = 0;
    for (JobReplica each : task.replicas()) {
      Receipt.Resumed resumed = each.grant().resumed();
      tries += resumed != null && resumed.from().equals(saved.grant().replica()) ? 1 : 0;
    }
    return tries;
  }

  private static int priority(Job job) {
    return Scheduling.of(job.tenant(), job.spec(), true).priority();
  }

  private static int priority(Request request) {
    return request.scheduling().priority();
  }

  private void fail(long nowMillis, String what) {
    throw new Invariants.Violation(where, nowMillis, what);
  }
}
