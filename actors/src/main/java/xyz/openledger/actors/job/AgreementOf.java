package xyz.openledger.actors.job;

import java.util.ArrayList;
import java.util.List;
import xyz.openledger.pools.queue.WorkloadClass;
import xyz.openledger.protocol.AgreementEvidence;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.verification.Adaptive;
import xyz.openledger.verification.Evidence;

/** Puts the evidence together for a task whose result was accepted. */
final class AgreementOf {
  private AgreementOf() {}

  /** The kind of work that a job is. */
  static String workloadClass(Job job) {
    return WorkloadClass.of(job.workload().fuelMax(), job.workload().memoryMaxBytes()).word();
  }

  static AgreementEvidence task(Job job, Job.Task task, List<Receipt.ReplicaReceipt> replicas) {
    var witnesses = new ArrayList<AgreementEvidence.Witness>();
    boolean committedFirst = true;
    for (int i = 0; i < replicas.size(); i++) {
      JobReplica replica = task.replicas().get(i);
      if (replica.phase() == JobReplica.Phase.REVEALED) {
        Grant grant = replica.grant();
        witnesses.add(
            new AgreementEvidence.Witness(
                grant.replica(),
                grant.confirmed(),
                grant.contribution(),
                replicas.get(i).standing() == Receipt.Standing.ACCEPTED));
        committedFirst &= replica.commitment() != null;
      }
    }
    return new AgreementEvidence(
        workloadClass(job),
        Adaptive.SABOTEURS_PARTS_PER_MILLION,
        Evidence.errorPartsPerMillion(Adaptive.SABOTEURS_PARTS_PER_MILLION, witnesses, replicas),
        Evidence.equality(job.spec().policy().verification().tolerance() != null),
        committedFirst,
        witnesses,
        Evidence.spread(replicas));
  }
}
