package xyz.openledger.actors.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.job.Job;
import xyz.openledger.actors.job.JobReplica;
import xyz.openledger.actors.job.JobRules;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.pools.queue.QueueTerms;
import xyz.openledger.pools.queue.WorkloadClass;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Price;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.SavedState;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;

/** What must hold at each step of a simulation, whoever schedules. */
final class Invariants {
  /** Beyond so many the queue takes turns, and who is next by rank may have to wait for one. */
  static final int TURNS = 256;

  private final String where;
  private final QuotaInvariants quotas;

  Invariants(String where, QuotaInvariants quotas) {
    this.where = where;
    this.quotas = quotas;
  }

  /** Something that must never happen has happened. */
  static final class Violation extends IllegalStateException {
    private static final long serialVersionUID = 1;

    Violation(String where, long nowMillis, String what) {
      super("%s, at %d ms: %s".formatted(where, nowMillis, what));
    }
  }

  /** A job whose tasks wait, and since when. */
  record Waits(Request request, long sinceMillis) {}

  /**
   * After slots were given: within what was free, within the policies, gangs whole.
   *
   * @return the tenants whose quota did not let them have more
   */
  Set<TenantId> given(
      List<PoolQueue.Grant> grants, Roster before, Map<TaskId, Waits> waiting, long nowMillis) {
    Map<NodeId, Integer> taken = new HashMap<>();
    Map<JobId, Integer> members = new HashMap<>();
    for (PoolQueue.Grant grant : grants) {
      Request granted = grant.entry().request();
      Waits waits = waiting.get(granted.task());
      // What was asked, not what the scheduler makes of it.
      Request request = waits == null ? granted : waits.request();
      Set<Address> owners = new HashSet<>(request.ownersExcluded());
      for (Node chosen : grant.placement().chosen()) {
        Node node = before.find(chosen.id()).orElseThrow();
        String broken = Clauses.broken(request, node, before);
        if (broken != null) {
          fail(nowMillis, "%s on %s breaks %s".formatted(request.task(), node.id(), broken));
        }
        if (!owners.add(node.owner())) {
          fail(nowMillis, granted.task() + " has two replicas of one owner");
        }
        if (taken.merge(node.id(), 1, Integer::sum) > node.freeSlots()) {
          fail(nowMillis, node.id() + " was given more than it has free");
        }
        request = request.after(node);
      }
      if (request.scheduling().gang()) {
        members.merge(request.task().job(), 1, Integer::sum);
        if (grant.placement().chosen().size() < grant.entry().count()) {
          fail(nowMillis, "task " + request.task() + " of a gang is half started");
        }
      }
    }
    for (PoolQueue.Grant grant : grants) {
      int tasks = grant.entry().request().scheduling().gangTasks();
      int started = members.getOrDefault(grant.entry().request().task().job(), 0);
      if (tasks > 0 && started != tasks) {
        fail(nowMillis, "of a gang of %d tasks %d started".formatted(tasks, started));
      }
    }
    Set<TenantId> heldBack = quotas.given(grants, nowMillis);
    Map<TaskId, Waits> allowed = new LinkedHashMap<>(waiting);
    allowed.values().removeIf(it -> heldBack.contains(it.request().scheduling().tenant()));
    starving(grants, before, waiting, allowed, nowMillis);
    return heldBack;
  }

  /** A job ends by its deadline at the latest, and for want of time no sooner than it is due. */
  void inTime(
      Job job, JobRules.Step.@Nullable Finish passed, Map<TaskId, Waits> waiting, long nowMillis) {
    boolean due = nowMillis > job.deadlineAtMillis();
    if (due && passed == null) {
      fail(nowMillis, job.id() + " outlives its deadline");
    }
    Long queued = job.spec().scheduled().queuedMillisMax();
    boolean queues =
        queued != null
            && waiting.entrySet().stream()
                .anyMatch(
                    it ->
                        it.getKey().job().equals(job.id())
                            && nowMillis - it.getValue().sinceMillis() > queued);
    if (passed != null && !due && !queues) {
      fail(nowMillis, job.id() + " was ended before its time");
    }
  }

  /** Nobody who could have had the slot was passed by somebody who came beyond the bound. */
  private void starving(
      List<PoolQueue.Grant> grants,
      Roster before,
      Map<TaskId, Waits> waiting,
      Map<TaskId, Waits> allowed,
      long nowMillis) {
    long bound = QueueTerms.DEFAULT.passedByMillis();
    boolean plain =
        where.startsWith("openledger")
            && waiting.size() <= TURNS
            && waiting.values().stream().noneMatch(it -> it.request().scheduling().gang());
    if (!plain) {
      return;
    }
    Set<TaskId> given = new HashSet<>();
    grants.forEach(grant -> given.add(grant.entry().request().task()));
    for (PoolQueue.Grant grant : grants) {
      Waits served = waiting.get(grant.entry().request().task());
      for (Waits other : allowed.values()) {
        if (served != null
            && served.sinceMillis() - other.sinceMillis() > bound
            && !given.contains(other.request().task())
            && grant.placement().chosen().stream()
                .anyMatch(node -> alike(other.request(), served.request(), node, before))) {
          fail(
              nowMillis,
              "%s was passed by %s beyond the bound"
                  .formatted(other.request().task(), served.request().task()));
        }
      }
    }
  }

  /** Of one class of work, so that no breaker keeps the node from one of them alone. */
  private static boolean alike(Request other, Request served, Node node, Roster before) {
    return Clauses.broken(other, node, before) == null
        && WorkloadClass.of(other).equals(WorkloadClass.of(served));
  }

  /** After every step: slots, money, budgets. */
  void step(Map<NodeId, Integer> running, Roster roster, Books books, long nowMillis) {
    for (Node node : roster.nodes()) {
      if (running.getOrDefault(node.id(), 0) > node.slots()) {
        fail(nowMillis, node.id() + " runs more than it has slots");
      }
    }
    if (books.total() != books.minted()) {
      fail(nowMillis, "money was made or lost: %d of %d".formatted(books.total(), books.minted()));
    }
    if (books.overdrawn()) {
      fail(nowMillis, "an account is overdrawn");
    }
  }

  /** A job's leases, if all burn all their fuel, cost no more than its price limit. */
  void budget(Job job, long nowMillis) {
    long worst = 0;
    for (Job.Task task : job.tasks()) {
      for (JobReplica replica : task.replicas()) {
        worst +=
            switch (replica.phase()) {
              case LOST -> 0;
              case PREEMPTED ->
                  Price.ofReplica(stopped(replica), replica.grant().priceNanoOpenPerGigafuel());
              case LEASED, COMMITTED ->
                  Price.ofReplica(
                      job.workload().fuelMax(), replica.grant().priceNanoOpenPerGigafuel());
              case REVEALED -> {
                var outcome = replica.outcome();
                yield outcome == null
                    ? 0
                    : Price.ofReplica(
                        outcome.fuelUsed(), replica.grant().priceNanoOpenPerGigafuel());
              }
            };
      }
    }
    if (worst > job.spec().policy().limits().priceMaxNanoOpen()) {
      fail(nowMillis, job.id() + " may cost more than its price limit");
    }
  }

  /** What a replica that was stopped may be paid for: its steps if it saved them, else its time. */
  private static long stopped(JobReplica replica) {
    JobReplica.Notice notice = replica.notice();
    SavedState saved = notice == null ? null : notice.saved();
    Receipt.Resumed resumed = replica.grant().resumed();
    return saved != null
        ? saved.fuel() - (resumed == null ? 0 : resumed.saved().fuel())
        : notice == null ? 0 : notice.fuel();
  }

  /** What a decided job pays was held for it. */
  void covered(Job job, long heldNanoOpen, long nowMillis) {
    if (heldNanoOpen < 0) {
      fail(nowMillis, job.id() + " pays more than was held for it");
    }
  }

  /** A decided job is charged no more than it said. */
  void charged(Job job, long nanoOpen, long nowMillis) {
    if (nanoOpen > job.spec().policy().limits().priceMaxNanoOpen()) {
      fail(nowMillis, job.id() + " is charged more than its price limit");
    }
  }

  private void fail(long nowMillis, String what) {
    throw new Violation(where, nowMillis, what);
  }
}
