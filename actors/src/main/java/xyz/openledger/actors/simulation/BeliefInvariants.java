package xyz.openledger.actors.simulation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.job.Job;
import xyz.openledger.actors.job.JobReplica;
import xyz.openledger.pools.AuditDraw;
import xyz.openledger.pools.EpochSecret;
import xyz.openledger.pools.queue.WorkloadClass;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Price;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.verification.AuditRate;
import xyz.openledger.verification.Payout;

/**
 * What must hold where few are believed: what each node has shown is counted a second time from
 * what jobs ended with, and whose results are spot-checked is drawn a second time.
 */
final class BeliefInvariants {
  /** The odds that a stranger lies, if one in five does. */
  private static final double STRANGER = 0.25;

  private final String where;
  private final EpochSecret secret;
  private final Map<Shown, Long> confirmed = new HashMap<>();
  private final Map<NodeId, Long> stakes = new HashMap<>();
  private final Set<String> audited = new TreeSet<>();

  private record Shown(NodeId node, String workload) {}

  BeliefInvariants(String where, EpochSecret secret) {
    this.where = where;
    this.secret = secret;
  }

  void staked(NodeId node, long nanoOpen) {
    stakes.put(node, nanoOpen);
  }

  /** A lease is given to a node of which so much is known. */
  void leased(Job job, Grant grant, long nowMillis) {
    Policy.Method method = job.spec().policy().verification().method();
    if (!AuditRate.applies(method)) {
      return;
    }
    long shown = confirmed.getOrDefault(new Shown(grant.node(), workload(job)), 0L);
    if (grant.confirmed() != shown) {
      fail(
          nowMillis,
          "%s is believed for %d results, and %d were confirmed"
              .formatted(grant.node(), grant.confirmed(), shown));
    }
    int rate =
        AuditRate.partsPerMillion(
            shown,
            Price.ofReplica(job.workload().fuelMax(), grant.priceNanoOpenPerGigafuel()),
            stakes.getOrDefault(grant.node(), 0L));
    boolean drawn = AuditDraw.of(secret, grant.replica(), rate);
    if (drawn != grant.audited()) {
      fail(nowMillis, grant.replica() + " is drawn for a spot check, and has none");
    }
    if (drawn) {
      audited.add(grant.replica().toString());
    }
  }

  /** A task is decided. */
  void decided(Job job, Job.Task task, List<Payout> payouts, boolean settled, long nowMillis) {
    Policy.Verification policy = job.spec().policy().verification();
    int owners = JobLives.owners(task, payouts);
    if (settled && owners < policy.parameters().agreement()) {
      fail(nowMillis, "%s: %d owners agree and not %s".formatted(job.id(), owners, policy));
    }
    if (settled && policy.method() == Policy.Method.ADAPTIVE) {
      adaptive(job, task, payouts, owners, nowMillis);
    }
    String workload = workload(job);
    for (int i = 0; i < payouts.size(); i++) {
      var key = new Shown(task.replicas().get(i).grant().node(), workload);
      switch (payouts.get(i).standing()) {
        case ACCEPTED -> confirmed.merge(key, owners > 1 ? 1L : 0L, Long::sum);
        case REJECTED -> confirmed.put(key, 0L);
        case LOST, RELEASED -> {}
      }
    }
  }

  /** A spot check takes a second owner; of strangers alone it takes as many as the error allows. */
  private void adaptive(Job job, Job.Task task, List<Payout> payouts, int owners, long nowMillis) {
    double strangers = 1;
    boolean known = false;
    for (int i = 0; i < payouts.size(); i++) {
      JobReplica replica = task.replicas().get(i);
      if (payouts.get(i).standing() == Receipt.Standing.ACCEPTED) {
        strangers *= STRANGER;
        known |= replica.grant().confirmed() > 0;
        if (owners < 2 && audited.contains(replica.grant().replica().toString())) {
          fail(nowMillis, job.id() + " rests on a result alone that was to be checked");
        }
      }
    }
    int errorMax =
        Objects.requireNonNull(job.spec().policy().verification().errorMaxPartsPerMillion());
    if (!known && 1_000_000 * strangers / (1 + strangers) > errorMax) {
      fail(nowMillis, job.id() + " rests on too few strangers");
    }
  }

  private static String workload(Job job) {
    return WorkloadClass.of(job.workload().fuelMax(), job.workload().memoryMaxBytes()).word();
  }

  private void fail(long nowMillis, String what) {
    throw new Invariants.Violation(where, nowMillis, what);
  }
}
