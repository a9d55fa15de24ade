package xyz.openledger.actors.pool;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.job.JobMessage;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.pools.queue.Stragglers;
import xyz.openledger.pools.queue.WorkloadClass;
import xyz.openledger.protocol.ReplicaId;

/**
 * How long the leases of a pool take beside what their nodes' speed foretells, and word to the jobs
 * that asked for it when one takes much longer. Leases from before a restart are not watched.
 */
final class Watch {
  /** The way there and a worker's start: nothing is foretold to take less. */
  static final long FORETOLD_MILLIS_MIN = 1_000;

  private final Stragglers stragglers = new Stragglers();
  private final Map<ReplicaId, Lease> leases = new HashMap<>();

  /** Those whose jobs want to know. */
  private final Map<ReplicaId, Lease> asking = new HashMap<>();

  private record Lease(
      Grant grant,
      WorkloadClass workload,
      long foretoldMillis,
      long sinceMillis,
      @Nullable ActorRef<JobMessage> job) {}

  /**
   * A lease begins.
   *
   * @param foretoldMillis what it takes to burn all its fuel
   * @param job who wants to know if it is slow; null if nobody does
   */
  void began(
      Grant grant,
      WorkloadClass workload,
      long foretoldMillis,
      @Nullable ActorRef<JobMessage> job,
      long nowMillis) {
    var lease =
        new Lease(grant, workload, Math.max(FORETOLD_MILLIS_MIN, foretoldMillis), nowMillis, job);
    leases.put(grant.replica(), lease);
    if (job != null) {
      asking.put(grant.replica(), lease);
    }
    stragglers.leased();
  }

  /** That a node brought a result, so long after its lease. */
  record Brought(WorkloadClass workload, long tookMillis) {}

  /** A lease is over; what it brought, if that is known. */
  Optional<Brought> ended(ReplicaId replica, PoolQueue.End end, long nowMillis) {
    Lease lease = leases.remove(replica);
    asking.remove(replica);
    if (lease == null || end != PoolQueue.End.BROUGHT) {
      return Optional.empty();
    }
    long took = nowMillis - lease.sinceMillis();
    stragglers.brought(lease.workload(), lease.foretoldMillis(), took);
    return Optional.of(new Brought(lease.workload(), took));
  }

  /** Tells of those that are slow by now, each once, as far as there is an allowance. */
  void look(long nowMillis) {
    asking.values().removeIf(lease -> isTold(lease, nowMillis));
  }

  private boolean isTold(Lease lease, long nowMillis) {
    ActorRef<JobMessage> job = lease.job();
    long runs = nowMillis - lease.sinceMillis();
    if (job == null || !stragglers.hedge(lease.workload(), lease.foretoldMillis(), runs, false)) {
      return false;
    }
    Grant grant = lease.grant();
    job.tell(
        new JobMessage.Straggles(
            grant.replica(),
            grant.node(),
            grant.fence(),
            "runs for %d ms; of its like, 99 of 100 were done in %d ms: one more is wanted beside it"
                .formatted(runs, stragglers.lateMillis(lease.workload(), lease.foretoldMillis()))));
    return true;
  }
}
