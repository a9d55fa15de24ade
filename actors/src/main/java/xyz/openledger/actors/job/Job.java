package xyz.openledger.actors.job;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.governance.Governed;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TaskIdentity;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.Workload;

/**
 * What the events of one job add up to.
 *
 * @param governed what governance said of it when it was admitted
 * @param explanation why its replicas went where they went
 * @param answered what was answered before it was verified; null if nothing was
 * @param finished the decision, once there is one
 * @param modelOwner who gets the model's part of its price; null if whom governance names
 * @param licences that the models which it uses were under when it was submitted
 */
public record Job(
    JobId id,
    TenantId tenant,
    JobSpec spec,
    Digest code,
    long holdNumber,
    long governanceEpoch,
    Digest ruleHash,
    Governed governed,
    long submittedAtMillis,
    List<Task> tasks,
    List<Reason> explanation,
    JobEvent.@Nullable Answered answered,
    JobEvent.@Nullable Finished finished,
    @Nullable Address modelOwner,
    List<String> licences) {

  /**
   * One task of the job.
   *
   * @param identity its {@link TaskIdentity}
   * @param race between a straggler and the replica beside it; null if there was none
   */
  public record Task(int index, Digest identity, List<JobReplica> replicas, @Nullable Race race) {
    /** A task that nobody has been slow at. */
    public Task(int index, Digest identity, List<JobReplica> replicas) {
      this(index, identity, replicas, null);
    }

    Task with(ReplicaId id, UnaryOperator<JobReplica> change) {
      var changed = new ArrayList<JobReplica>(replicas.size());
      for (JobReplica replica : replicas) {
        changed.add(
            replica.grant().replica().equals(id) && replica.live()
                ? change.apply(replica)
                : replica);
      }
      return new Task(
          index, identity, List.copyOf(changed), race == null ? null : race.after(changed));
    }

    Task and(JobReplica replica) {
      var more = new ArrayList<>(replicas);
      more.add(replica);
      return new Task(index, identity, List.copyOf(more), race);
    }

    Task hedged(ReplicaId straggler) {
      return new Task(index, identity, replicas, new Race(straggler, replicas.size(), null));
    }

    /** The replica with that id, or null. */
    @Nullable JobReplica replica(ReplicaId id) {
      for (JobReplica replica : replicas) {
        if (replica.grant().replica().equals(id)) {
          return replica;
        }
      }
      return null;
    }
  }

  /** The first event makes a job; there is no job before it. */
  public static Job of(JobEvent.Submitted submitted) {
    Workload limits = submitted.spec().workload();
    var tasks = new ArrayList<Task>(submitted.spec().tasks().size());
    for (JobSpec.Task task : submitted.spec().tasks()) {
      tasks.add(new Task(tasks.size(), TaskIdentity.of(submitted.code(), task, limits), List.of()));
    }
    return new Job(
        submitted.job(),
        submitted.tenant(),
        submitted.spec(),
        submitted.code(),
        submitted.holdNumber(),
        submitted.governanceEpoch(),
        submitted.ruleHash(),
        submitted.says(),
        submitted.atMillis(),
        List.copyOf(tasks),
        List.of(),
        null,
        null,
        submitted.modelOwner(),
        submitted.licences() == null ? List.of() : submitted.licences());
  }

  /** The one way a job changes. Word of a replica that is no longer live changes nothing. */
  public Job apply(JobEvent event) {
    return switch (event) {
      case JobEvent.Placed placed -> {
        Job job = with(tasks, Reason.and(explanation, placed), null);
        for (Grant grant : placed.grants()) {
          job = job.change(grant.replica(), task -> task.and(leased(task, grant, placed)));
        }
        yield job;
      }
      case JobEvent.Claimed claimed ->
          change(claimed.grant().replica(), task -> task.and(JobReplica.claimed(claimed)));
      case JobEvent.Hedged hedged ->
          change(hedged.straggler(), task -> task.hedged(hedged.straggler()))
              .with(Reason.and(explanation, hedged));
      case JobEvent.Committed committed -> {
        Job job = this;
        for (JobEvent.Commit commit : committed.commits()) {
          job =
              job.replica(
                  commit.replica(),
                  replica -> replica.committed(commit.commitment(), committed.atMillis()));
        }
        yield job;
      }
      case JobEvent.Revealed revealed -> {
        Job job = this;
        for (JobEvent.Reveal reveal : revealed.reveals()) {
          job =
              job.replica(
                  reveal.replica(), replica -> replica.revealed(reveal, revealed.atMillis()));
        }
        yield job;
      }
      case JobEvent.Lost lost -> {
        Job job = this;
        for (JobEvent.Loss loss : lost.losses()) {
          job =
              job.replica(
                  loss.replica(),
                  replica -> replica.lost(loss.problem(), loss.detail(), lost.atMillis()));
        }
        yield job;
      }
      case JobEvent.Noticed noticed ->
          replica(noticed.replica(), it -> it.noticed(noticed, workload().fuelMax()))
              .with(Reason.and(explanation, noticed.replica(), noticed.detail()));
      case JobEvent.Preempted over -> replica(over.replica(), it -> it.preempted(over));
      case JobEvent.Answered given -> with(tasks, Reason.and(explanation, given), given, finished);
      case JobEvent.Finished finished -> with(tasks, explanation, finished);
      case JobEvent.Settled _ -> this;
      case JobEvent.Submitted _ -> throw new IllegalStateException(id + " was submitted before");
    };
  }

  /** The replica with that id, or null. */
  public @Nullable JobReplica replica(ReplicaId replica) {
    int index = replica.task().index();
    return index < tasks.size() ? tasks.get(index).replica(replica) : null;
  }

  /** Whether a replica was leased for this job, and not for the earlier one that it checks. */
  boolean owns(JobReplica replica) {
    return replica.grant().replica().task().job().equals(id);
  }

  /** Whether nodes were leased for it. */
  boolean isPlaced() {
    return tasks.stream().flatMap(task -> task.replicas().stream()).anyMatch(this::owns);
  }

  /** Its limits and its program. */
  public Workload workload() {
    return spec.workload();
  }

  /** When it must be done. */
  public long deadlineAtMillis() {
    return submittedAtMillis + spec.policy().limits().deadlineMillis();
  }

  /** One of: queued, running, verifying, or how it ended. */
  public String state() {
    if (finished != null) {
      return finished.end().word();
    }
    if (answered != null) {
      return "verifying";
    }
    boolean running =
        tasks.stream()
            .flatMap(task -> task.replicas().stream())
            .anyMatch(replica -> replica.phase() == JobReplica.Phase.LEASED);
    return !isPlaced() ? "queued" : running ? "running" : "verifying";
  }

  private Job replica(ReplicaId id, UnaryOperator<JobReplica> change) {
    return change(id, task -> task.with(id, change));
  }

  private Job change(ReplicaId replica, UnaryOperator<Task> change) {
    var changed = new ArrayList<>(tasks);
    changed.set(replica.task().index(), change.apply(tasks.get(replica.task().index())));
    return with(List.copyOf(changed), explanation, finished);
  }

  private Job with(List<Reason> reasons) {
    return with(tasks, reasons, finished);
  }

  private Job with(
      List<Task> tasks, List<Reason> explanation, JobEvent.@Nullable Finished finished) {
    return with(tasks, explanation, answered, finished);
  }

  private Job with(
      List<Task> tasks,
      List<Reason> explanation,
      JobEvent.@Nullable Answered answered,
      JobEvent.@Nullable Finished finished) {
    return new Job(
        id,
        tenant,
        spec,
        code,
        holdNumber,
        governanceEpoch,
        ruleHash,
        governed,
        submittedAtMillis,
        tasks,
        explanation,
        answered,
        finished,
        modelOwner,
        licences);
  }

  /** A new replica; those of one event are leased together. */
  private static JobReplica leased(Task task, Grant grant, JobEvent.Placed placed) {
    long together =
        placed.grants().stream()
            .filter(it -> it.replica().task().equals(grant.replica().task()))
            .count();
    return JobReplica.leased(
        grant, placed.atMillis(), together == 1 && FirstAnswer.isAlone(task, grant));
  }
}
