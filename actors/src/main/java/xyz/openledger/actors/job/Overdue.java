package xyz.openledger.actors.job;

import java.util.ArrayList;
import java.util.List;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.verification.Verdict;

/**
 * Which replicas have kept their job waiting too long, and count as lost. Their nodes are not
 * accused of anything.
 */
final class Overdue {
  /** Beyond its lease, for the way there and back. */
  static final long LEASE_GRACE_MILLIS = 5_000;

  /** To reveal, from the moment that nothing else is waited for. */
  static final long REVEAL_MILLIS = 15_000;

  private Overdue() {}

  /**
   * The replicas that are overdue.
   *
   * @param listeningSinceMillis when this member began to listen: silence before that proves
   *     nothing
   */
  static List<JobEvent.Loss> losses(Job job, long nowMillis, long listeningSinceMillis) {
    var losses = new ArrayList<JobEvent.Loss>();
    for (Job.Task task : job.tasks()) {
      List<ReplicaId> asked =
          JobRules.verdict(job, task) instanceof Verdict.Reveal(var replicas)
              ? replicas
              : List.of();
      for (JobReplica replica : task.replicas()) {
        // Who committed early could not reveal before the others had come as far.
        long since =
            replica.phase() == JobReplica.Phase.COMMITTED
                ? lastChangeMillis(task)
                : replica.sinceMillis();
        long waited = nowMillis - Math.max(since, listeningSinceMillis);
        boolean overdue =
            switch (replica.phase()) {
              case LEASED -> waited > replica.grant().leaseMillis() + LEASE_GRACE_MILLIS;
              case COMMITTED ->
                  asked.contains(replica.grant().replica())
                      && waited > REVEAL_MILLIS + LEASE_GRACE_MILLIS;
              case REVEALED, LOST, PREEMPTED -> false;
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

  private static long lastChangeMillis(Job.Task task) {
    return task.replicas().stream().mapToLong(JobReplica::sinceMillis).max().orElse(0);
  }
}
