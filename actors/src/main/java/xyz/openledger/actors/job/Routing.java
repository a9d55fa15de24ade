package xyz.openledger.actors.job;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.pool.PoolMessage;
import xyz.openledger.pools.PoolRouter;
import xyz.openledger.pools.Route;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.TaskId;

/**
 * Finds nodes for a job: chooses a pool for each task, asks it, takes what it grants or gives it
 * back, and goes elsewhere where a pool does not help.
 */
final class Routing {
  /** How long a task waits in one pool before it is tried in the next. */
  private static final long PATIENCE_MILLIS = 10_000;

  /** How long after its start a member may not know yet who is there. */
  private static final long ASSEMBLY_MILLIS = 30_000;

  private final Neighbours neighbours;
  private final Clock clock;
  private final ActorContext<JobMessage> context;

  Routing(Neighbours neighbours, Clock clock, ActorContext<JobMessage> context) {
    this.neighbours = neighbours;
    this.clock = clock;
    this.context = context;
  }

  /** Notes which replicas are wanted; answers whether there are new ones among them. */
  static boolean want(Job job, Progress now, JobRules.Step.Lease lease) {
    TreeSet<Integer> asked = now.requested.computeIfAbsent(lease.task(), _ -> new TreeSet<>());
    int missing = lease.count() - asked.size();
    for (int i = 0; i < missing; i++) {
      asked.add(now.nextNumber(job.tasks().get(lease.task())));
    }
    now.later.put(lease.task(), lease.later());
    return missing > 0;
  }

  /** Asks the task's pool for what is wanted. */
  void ask(Job job, Progress now, int index) {
    TreeSet<Integer> asked = now.requested.get(index);
    if (asked == null || asked.isEmpty() || job.finished() != null) {
      return;
    }
    Progress.Routed to = now.routed.computeIfAbsent(index, _ -> route(job, now, index));
    if (to == null) {
      return;
    }
    neighbours
        .pools()
        .apply(to.pool())
        .tell(
            new PoolMessage.Request(
                Asking.request(job, job.tasks().get(index), now.pending()),
                List.copyOf(asked),
                job.deadlineAtMillis(),
                context.getSelf(),
                Boolean.TRUE.equals(job.spec().scheduled().hedge()),
                Preemptions.allowed(job, job.tasks().get(index))));
  }

  /** Asks again for all that is wanted, elsewhere where it has taken too long. */
  void askAgain(Job job, Progress now) {
    now.left.clear();
    announce(job);
    for (int task : now.requested.keySet()) {
      elsewhereIfLate(job, now, task);
      ask(job, now, task);
    }
  }

  /** A pool may have started anew, alone or with us: whom it leased to this job is not free. */
  void announce(Job job) {
    if (job.finished() != null) {
      return;
    }
    job.tasks().stream()
        .flatMap(task -> task.replicas().stream())
        .filter(replica -> replica.phase() == JobReplica.Phase.LEASED)
        .map(JobReplica::grant)
        .collect(Collectors.groupingBy(Grant::pool))
        .forEach((pool, grants) -> neighbours.pools().apply(pool).tell(leased(job, grants)));
  }

  private static PoolMessage.Leased leased(Job job, List<Grant> grants) {
    return new PoolMessage.Leased(
        job.tenant(), job.workload().fuelMax(), job.workload().memoryMaxBytes(), grants);
  }

  /**
   * Those grants that the job still wants and can pay for; the others go back. One that was asked
   * for when more was left is asked for again, for less.
   *
   * @param now null if the job is not live
   */
  List<Grant> wanted(@Nullable Job job, @Nullable Progress now, List<Grant> grants) {
    var wanted = new ArrayList<Grant>();
    long left = job == null ? 0 : JobRules.leftNanoOpen(job);
    for (Grant grant : grants) {
      int task = grant.replica().task().index();
      TreeSet<Integer> asked =
          job == null || job.finished() != null || now == null ? null : now.requested.get(task);
      long worst = job == null ? 0 : JobRules.worstNanoOpen(job, grant);
      if (job != null
          && now != null
          && asked != null
          && worst <= left
          && !SavedStates.ownersApart(job, job.tasks().get(task)).contains(grant.owner())
          && asked.remove(grant.replica().number())) {
        left -= worst;
        wanted.add(grant);
        if (asked.isEmpty()) {
          now.waiting.remove(task);
        }
      } else if (job == null || job.replica(grant.replica()) == null) {
        release(grant, PoolQueue.End.CALLED_BACK);
      }
    }
    return wanted;
  }

  /** Why these grants were taken, in words that are kept. */
  static List<String> why(Progress now, JobMessage.Granted granted, List<Grant> taken) {
    Grant first = taken.getFirst();
    Progress.Routed to = now.routed.get(first.replica().task().index());
    return Words.placed(
        granted, taken, to != null && to.pool().equals(first.pool()) ? to.reason() : null);
  }

  /** The pool has no node for the task just now. */
  void queued(Progress now, JobMessage.Queued queued) {
    now.notBefore.put(queued.task().index(), queued.notBeforeMillis());
    now.waiting.put(
        queued.task().index(),
        queued.explanation().stream()
            .map(reason -> "pool " + name(queued.pool()) + ": " + reason)
            .toList());
  }

  /** Whether this member may not know yet who is there; without a single pool it knows nothing. */
  private boolean isAssembling() {
    return clock.millis() < context.getSystem().startTime() + ASSEMBLY_MILLIS
        || neighbours.directory().get().isEmpty();
  }

  /** Whether the job may still find nodes somewhere; if not, it has failed. */
  boolean elsewhere(Job job, Progress now, JobMessage.Unplaceable unplaceable) {
    int task = unplaceable.task().index();
    PoolId pool = unplaceable.pool();
    if (pool == null) {
      // What has begun waits for nodes to come back until its deadline. What has not is told at
      // once, unless the nodes are still on their way back to a member that has just started.
      return isAssembling() || job.isPlaced();
    }
    if (pool.equals(now.pool(task))) {
      leave(now, task, pool, "could never: " + String.join(", ", unplaceable.explanation()));
      now.routed.remove(task);
      ask(job, now, task);
    }
    return true;
  }

  /** A pool that cannot help for a while is left for another one, if there is one. */
  private void elsewhereIfLate(Job job, Progress now, int task) {
    Progress.Routed to = now.routed.get(task);
    // Who waits for a cleaner hour has time until then, and as long after it as always.
    long since = to == null ? 0 : Math.max(to.atMillis(), now.notBefore.getOrDefault(task, 0L));
    if (to == null || job.finished() != null || since > clock.millis() - PATIENCE_MILLIS) {
      return;
    }
    leave(now, task, to.pool(), "kept it waiting for %d s".formatted(PATIENCE_MILLIS / 1_000));
    if (ranking(job, now, task) instanceof Route.Ranked) {
      withdraw(job, now, task);
      now.routed.remove(task);
    }
  }

  private static void leave(Progress now, int task, PoolId pool, String why) {
    now.left.computeIfAbsent(task, _ -> new HashMap<>()).put(pool, why);
  }

  private Route ranking(Job job, Progress now, int task) {
    Map<PoolId, String> left = now.left.getOrDefault(task, Map.of());
    return PoolRouter.rank(
        Asking.request(job, job.tasks().get(task), now.pending()),
        neighbours.directory().get().stream()
            .filter(pool -> !left.containsKey(pool.pool()))
            .toList(),
        neighbours.blobBytes());
  }

  private Progress.@Nullable Routed route(Job job, Progress now, int index) {
    List<String> left =
        Words.left(now.left.getOrDefault(index, Map.of()), neighbours.directory().get());
    return switch (ranking(job, now, index)) {
      case Route.Ranked ranked -> {
        PoolId pool = together(job, now, index, ranked);
        now.waiting.put(index, List.of("pool " + name(pool) + " to answer"));
        yield new Progress.Routed(pool, clock.millis(), Words.pool(ranked, left));
      }
      case Route.Unsatisfiable none -> {
        List<String> words = Words.nowhere(none, left);
        now.waiting.put(index, words);
        context
            .getSelf()
            .tell(new JobMessage.Unplaceable(new TaskId(job.id(), index), null, words));
        yield null;
      }
    };
  }

  /** The best pool; for a gang, which starts in one pool, the one where others of it wait. */
  private static PoolId together(Job job, Progress now, int index, Route.Ranked ranked) {
    PoolId best = ranked.pools().getFirst().pool();
    if (!Asking.request(job, job.tasks().get(index), now.pending()).scheduling().gang()) {
      return best;
    }
    return ranked.pools().stream()
        .map(Route.Choice::pool)
        .filter(pool -> now.routed.values().stream().anyMatch(to -> to.pool().equals(pool)))
        .findFirst()
        .orElse(best);
  }

  /** Gives back all that was asked for and not granted yet. */
  void withdraw(Job job, Progress now) {
    now.requested.forEach((task, _) -> withdraw(job, now, task));
    now.requested.clear();
  }

  /** Takes back what was asked for beside a straggler that has come after all. */
  void withdrawPointless(Job job, Progress now) {
    for (Job.Task task : job.tasks()) {
      if (Race.isPointless(task) && now.requested.containsKey(task.index())) {
        withdraw(job, now, task.index());
        now.requested.remove(task.index());
        now.waiting.remove(task.index());
      }
    }
  }

  private void withdraw(Job job, Progress now, int task) {
    PoolId pool = now.pool(task);
    if (pool != null) {
      neighbours.pools().apply(pool).tell(new PoolMessage.Withdraw(new TaskId(job.id(), task)));
    }
  }

  /** Gives a replica's slot back, with word on how it went. */
  void release(JobReplica replica) {
    release(replica.grant(), end(replica));
  }

  /** How a lease ended, for those who decide whom to give the next one. */
  static PoolQueue.End end(JobReplica replica) {
    return switch (replica.phase()) {
      case LEASED, PREEMPTED -> PoolQueue.End.CALLED_BACK;
      case COMMITTED, REVEALED -> PoolQueue.End.BROUGHT;
      // That a program cannot be run keeps nobody away from the work of others.
      case LOST ->
          replica.problem() == Problem.INVALID_MODULE
              ? PoolQueue.End.CALLED_BACK
              : PoolQueue.End.LOST;
    };
  }

  private void release(Grant grant, PoolQueue.End end) {
    neighbours
        .pools()
        .apply(grant.pool())
        .tell(new PoolMessage.Release(List.of(grant.replica()), end));
  }

  private String name(PoolId id) {
    return neighbours.directory().get().stream()
        .filter(pool -> pool.pool().equals(id) && !pool.name().isEmpty())
        .findFirst()
        .map(pool -> pool.name())
        .orElse(id.value());
  }
}
