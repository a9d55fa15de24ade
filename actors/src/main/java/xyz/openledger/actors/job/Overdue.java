package xyz.openledger.actors.job;

import java.util.ArrayList;
import java.util.List;
import xyz.openledger.protocol.Problem;

/**
 * Which replicas have kept their job waiting too long, and count as lost. Their nodes are not
 * accused of anything.
 */
final class Overdue {
  /** Beyond its lease, for the way there and back. */
  static final long LEASE_GRACE_MILLIS = 5_000;

  /** From the last commitment of the round to the reveal. */
  static final long REVEAL_MILLIS = 15_000;

  private Overdue() {}

  static List<JobEvent.Loss> losses(Job job, long nowMillis) {
    var losses = new ArrayList<JobEvent.Loss>();
    for (Job.Task task : job.tasks()) {
      boolean allCommitted =
          task.replicas().stream().noneMatch(r -> r.phase() == JobReplica.Phase.LEASED);
      for (JobReplica replica : task.replicas()) {
        long waited = nowMillis - replica.sinceMillis();
        boolean overdue =
            switch (replica.phase()) {
              case LEASED -> waited > replica.grant().leaseMillis() + LEASE_GRACE_MILLIS;
              case COMMITTED -> allCommitted && waited > REVEAL_MILLIS + LEASE_GRACE_MILLIS;
              case REVEALED, LOST -> false;
            };
        if (overdue) {
          losses.add(
              new JobEvent.Loss(
                  replica.grant().replica(),
                  Problem.DEADLINE_PASSED,
                  "no word from the node for " + waited + " ms"));
        }
      }
    }
    return losses;
  }
}
