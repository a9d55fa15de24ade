package xyz.openledger.actors.job;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.verification.Finding;
import xyz.openledger.verification.Reveal;
import xyz.openledger.verification.Reveals;
import xyz.openledger.verification.Verdicts;

/**
 * What nodes say of their replicas, and what follows from it: events to write down, or none if it
 * is stale.
 */
final class Testimony {
  private static final Finding UNBOUND =
      new Finding.Refused(
          Problem.PROTOCOL_VIOLATION, "shows its outcome without having committed to it before");

  private Testimony() {}

  static List<JobEvent> committed(PartitionState state, JobMessage.Committed said, long nowMillis) {
    JobReplica replica = live(state, said.replica(), said.node(), said.fence());
    if (replica == null || replica.phase() != JobReplica.Phase.LEASED) {
      return List.of();
    }
    return List.of(
        new JobEvent.Committed(
            said.replica().job(),
            List.of(new JobEvent.Commit(said.replica(), said.commitment())),
            nowMillis));
  }

  static List<JobEvent> revealed(PartitionState state, JobMessage.Revealed said, long nowMillis) {
    JobReplica replica = live(state, said.replica(), said.node(), said.fence());
    Job job = state.job(said.replica().job());
    if (replica == null || job == null) {
      return List.of();
    }
    var found =
        isUnbound(job, replica)
            ? UNBOUND
            : Reveals.reveal(expected(job, replica, said.reveal().task()), said.reveal());
    if (found instanceof Finding.Refused(var problem, var reason)) {
      return lost(
          state,
          new JobMessage.Lost(
              said.replica(), said.node(), said.fence(), problem, reason, said.heardBy()),
          nowMillis);
    }
    var reveal =
        new JobEvent.Reveal(
            said.replica(), said.reveal().outcome(), said.statement(), said.output(), said.check());
    var event = new JobEvent.Revealed(said.replica().job(), List.of(reveal), nowMillis);
    return Consequences.of(job, event, nowMillis);
  }

  /** The job of an outcome that is to be checked or disputed before it is written down, or null. */
  static @Nullable Job unchecked(PartitionState state, JobMessage.Revealed said) {
    Job job = state.job(said.replica().job());
    return job != null
            && said.check() == null
            && (Findings.eachIsChecked(job) || disputed(job, said))
            && live(state, said.replica(), said.node(), said.fence()) != null
        ? job
        : null;
  }

  private static boolean disputed(Job job, JobMessage.Revealed said) {
    Job.Task task = job.tasks().get(said.replica().task().index());
    return Findings.rival(job, task, said.reveal().outcome()) != null;
  }

  static List<JobEvent> lost(PartitionState state, JobMessage.Lost said, long nowMillis) {
    if (live(state, said.replica(), said.node(), said.fence()) == null) {
      return List.of();
    }
    JobEvent preempted = Preemptions.instead(state.job(said.replica().job()), said, nowMillis);
    if (preempted != null) {
      return List.of(preempted);
    }
    var loss = new JobEvent.Loss(said.replica(), said.problem(), said.detail());
    var event = new JobEvent.Lost(said.replica().job(), List.of(loss), nowMillis);
    return Consequences.of(state.job(event.job()), event, nowMillis);
  }

  /** Whether it shows what it has not bound itself to, and never was leased to show at once. */
  private static boolean isUnbound(Job job, JobReplica replica) {
    Grant grant = replica.grant();
    // It may have been leased again after the others were lost: see JobRules#showsAtOnce.
    boolean alone =
        replica.alone()
            || FirstAnswer.isAlone(job.tasks().get(grant.replica().task().index()), grant);
    return replica.commitment() == null
        && !Verdicts.showsAtOnce(job.spec().policy().verification(), grant.confirmed(), alone);
  }

  private static Reveal.Expected expected(Job job, JobReplica replica, Digest stated) {
    Grant grant = replica.grant();
    return new Reveal.Expected(
        grant.replica(),
        grant.node(),
        grant.fence(),
        task(job, grant, stated),
        job.workload().fuelMax(),
        job.workload().outputMaxBytes(),
        replica.commitment());
  }

  /** Agents of earlier releases name the task also where honest runs may differ. */
  private static Digest task(Job job, Grant grant, Digest stated) {
    int index = grant.replica().task().index();
    Digest task = job.tasks().get(index).identity();
    Digest run = ResultStatement.oneRun(task, grant.replica(), grant.fence());
    boolean mayDiffer = job.workload().mayDiffer(job.spec().tasks().get(index).arguments());
    return mayDiffer && stated.equals(run) ? run : task;
  }

  /** The replica that is leased to that node under that fence; what else is said of it is stale. */
  private static @Nullable JobReplica live(
      PartitionState state, ReplicaId id, NodeId node, long fence) {
    Job job = state.job(id.job());
    JobReplica replica = job == null || job.finished() != null ? null : job.replica(id);
    return replica != null
            && replica.live()
            && replica.grant().node().equals(node)
            && replica.grant().fence() == fence
        ? replica
        : null;
  }
}
