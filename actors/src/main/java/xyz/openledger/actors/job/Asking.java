package xyz.openledger.actors.job;

import java.util.HashSet;
import java.util.Set;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Scheduling;
import xyz.openledger.pools.Work;
import xyz.openledger.pools.governance.ClassRule;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.verification.Verdict;

/** What a job asks of pools. */
public final class Asking {
  private Asking() {}

  /**
   * What one task asks.
   *
   * @param pending replicas of the whole job that are still to be placed, this task's among them
   */
  public static Request request(Job job, Job.Task task, int pending) {
    Set<Address> owners = new HashSet<>();
    Set<NodeId> nodes = Set.of();
    if (JobRules.verdict(job, task) instanceof Verdict.Lease lease) {
      owners.addAll(lease.ownersExcluded());
      nodes = lease.nodesExcluded();
    }
    return new Request(
        new TaskId(job.id(), task.index()),
        task.replicas().size(),
        job.governed().policy(job.spec().policy()),
        job.workload().fuelMax(),
        job.workload().memoryMaxBytes(),
        owners,
        nodes,
        JobRules.replicaBudgetNanoOpen(job, pending),
        job.governed().scheduling(scheduling(job)),
        new Work(ClassRule.kind(job.spec().workload()), job.spec().labels(), job.governed()));
  }

  /** Where its tasks stand in queues. Once any of a gang has started, the rest starts alone. */
  private static Scheduling scheduling(Job job) {
    boolean begun = job.tasks().stream().anyMatch(task -> !task.replicas().isEmpty());
    return Scheduling.of(job.tenant(), job.spec(), begun);
  }
}
