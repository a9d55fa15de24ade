package xyz.openledger.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.actors.job.Cast.committed;
import static xyz.openledger.actors.job.Cast.grant;
import static xyz.openledger.actors.job.Cast.lost;
import static xyz.openledger.actors.job.Cast.placed;
import static xyz.openledger.actors.job.Cast.policy;
import static xyz.openledger.actors.job.Cast.replica;
import static xyz.openledger.actors.job.Cast.verification;

import org.junit.jupiter.api.Test;
import xyz.openledger.pools.queue.PoolQueue.End;
import xyz.openledger.protocol.Problem;

class LeaseEndTest {
  private static final Grant ADA = grant(replica(0, 0), "ada", 1, 100);

  private static Job leased() {
    return Job.of(Cast.submitted(Cast.spec(policy(verification(1, 1), 1_000), 1)))
        .apply(placed(1, ADA));
  }

  private static End end(Job job) {
    return Routing.end(job.tasks().getFirst().replicas().getFirst());
  }

  @Test
  void whoLosesATaskIsToldFromWhoBringsItAndFromWhomItWasTakenBack() {
    assertThat(end(leased())).isEqualTo(End.CALLED_BACK);
    assertThat(end(leased().apply(committed(2, ADA.replica())))).isEqualTo(End.BROUGHT);
    assertThat(end(leased().apply(lost(2, ADA.replica(), Problem.NODE_LOST)))).isEqualTo(End.LOST);
  }

  /** Else whoever publishes what cannot be run would keep all machines from the work of others. */
  @Test
  void whoSaysThatAProgramCannotBeRunIsNotKeptAwayForIt() {
    assertThat(end(leased().apply(lost(2, ADA.replica(), Problem.INVALID_MODULE))))
        .isEqualTo(End.CALLED_BACK);
  }
}
