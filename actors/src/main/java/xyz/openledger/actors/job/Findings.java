package xyz.openledger.actors.job;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.Workload;
import xyz.openledger.verification.Checked;

/** What the checks that are written down with a task's outcomes add up to. */
final class Findings {
  private Findings() {}

  /** Whether outcomes of a job are checked one by one, each as it comes. */
  static boolean eachIsChecked(Job job) {
    return switch (job.spec().policy().verification().method()) {
      case FREIVALDS, SUMCHECK, ZK, TEE, TOPLOC -> true;
      case DISPUTE, TRUSTED, QUORUM, ADAPTIVE, TRUST -> false;
    };
  }

  static Checked of(Job job, Job.Task task) {
    if (eachIsChecked(job)) {
      return each(task);
    }
    return job.spec().policy().verification().method() == Policy.Method.DISPUTE
        ? disputed(task)
        : Checked.NOTHING;
  }

  /** What was not checked is not proven. */
  private static Checked each(Job.Task task) {
    Set<ReplicaId> proven = new HashSet<>();
    Set<ReplicaId> refuted = new HashSet<>();
    for (JobReplica replica : task.replicas()) {
      JobEvent.Reveal reveal = replica.reveal();
      if (reveal != null) {
        boolean holds = reveal.check() != null && reveal.check().holds();
        (holds ? proven : refuted).add(reveal.replica());
      }
    }
    return new Checked(proven, refuted);
  }

  /** A dispute is about outcomes: what it says of one holds for everyone who came to it. */
  private static Checked disputed(Job.Task task) {
    Set<Outcome> right = new HashSet<>();
    Set<Outcome> wrong = new HashSet<>();
    for (JobReplica replica : task.replicas()) {
      JobEvent.Reveal reveal = replica.reveal();
      Receipt.ProductCheck check = reveal == null ? null : reveal.check();
      if (reveal == null || check == null || check.dispute() == null) {
        continue;
      }
      (check.holds() ? right : wrong).add(reveal.outcome());
      JobReplica rival = task.replica(check.dispute().rival());
      if (rival != null && rival.outcome() != null) {
        (check.dispute().rivalHolds() ? right : wrong).add(rival.outcome());
      }
    }
    Set<ReplicaId> proven = new HashSet<>();
    Set<ReplicaId> refuted = new HashSet<>();
    for (JobReplica replica : task.replicas()) {
      Outcome said = replica.outcome();
      if (said != null && right.contains(said)) {
        proven.add(replica.grant().replica());
      } else if (said != null && (!right.isEmpty() || wrong.contains(said))) {
        refuted.add(replica.grant().replica());
      }
    }
    return new Checked(proven, refuted);
  }

  /**
   * Who has to be disputed before an outcome is written down: the first that said otherwise and was
   * not found wrong. Null if nobody has, or if what is right is known already.
   */
  static @Nullable JobReplica rival(Job job, Job.Task task, Outcome said) {
    if (job.spec().policy().verification().method() != Policy.Method.DISPUTE
        || job.workload() instanceof Workload.Wasm) {
      // What a program does can only be run again: a committee does, as Disputed decides.
      return null;
    }
    Checked checked = disputed(task);
    if (!checked.proven().isEmpty()) {
      return null;
    }
    for (JobReplica replica : task.replicas()) {
      if (replica.outcome() != null
          && !replica.outcome().equals(said)
          && !checked.refuted().contains(replica.grant().replica())) {
        return replica;
      }
    }
    return null;
  }

  /** The output that a task's replica stands by, if it is kept with the job. */
  static byte @Nullable [] output(Job.Task task, Outcome said) {
    for (JobReplica replica : task.replicas()) {
      JobEvent.Reveal reveal = replica.reveal();
      if (reveal != null && reveal.output() != null && said.equals(reveal.outcome())) {
        return reveal.output();
      }
    }
    return null;
  }
}
