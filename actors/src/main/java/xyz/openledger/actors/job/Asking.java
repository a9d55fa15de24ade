package xyz.openledger.actors.job;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import xyz.openledger.pools.Affinity;
import xyz.openledger.pools.Profiles;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Scheduling;
import xyz.openledger.pools.Work;
import xyz.openledger.pools.governance.ClassRule;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.Workload;
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
    if (SavedStates.allowed(job)) {
      owners.addAll(SavedStates.ownersApart(job, task));
    }
    return new Request(
        new TaskId(job.id(), task.index()),
        task.replicas().size(),
        Profiles.of(
            job.governed().policy(job.spec().policy()),
            job.spec().workload(),
            job.spec().tasks().get(task.index())),
        job.workload().fuelMax(),
        job.workload().memoryMaxBytes(),
        owners,
        nodes,
        JobRules.replicaBudgetNanoOpen(job, pending),
        job.governed().scheduling(scheduling(job)),
        new Work(
            ClassRule.kind(job.spec().workload()),
            job.spec().labels(),
            job.governed(),
            job.licences()),
        new Affinity(blobs(job, task), beside(job, task)));
  }

  /** What a node needs to run it: a model's adapter, samples and checkpoint are arguments. */
  private static List<Digest> blobs(Job job, Job.Task task) {
    JobSpec.Task spec = job.spec().tasks().get(task.index());
    var blobs = new ArrayList<>(List.of(job.workload().program(), spec.input()));
    switch (job.workload()) {
      case Workload.Inference _ -> {
        Digest adapter = Workload.Inference.adapter(spec.arguments());
        if (adapter != null) {
          blobs.add(adapter);
        }
      }
      case Workload.Finetune _ ->
          spec.arguments().stream().skip(1).forEach(each -> blobs.add(Digest.parse(each)));
      case Workload.Wasm _, Workload.Matmul _, Workload.Onnx _, Workload.PrivateModel _ -> {}
    }
    return blobs;
  }

  /** Who has a replica of the task, or had a say; only asked where the policy spreads them. */
  private static Set<NodeId> beside(Job job, Job.Task task) {
    return job.spec().policy().spread() == null
        ? Set.of()
        : task.replicas().stream()
            .filter(replica -> replica.live() || replica.outcome() != null)
            .map(replica -> replica.grant().node())
            .collect(Collectors.toSet());
  }

  /** Where its tasks stand in queues. Once any of a gang has started, the rest starts alone. */
  private static Scheduling scheduling(Job job) {
    boolean begun = job.tasks().stream().anyMatch(task -> !task.replicas().isEmpty());
    return Scheduling.of(job.tenant(), job.spec(), begun);
  }
}
