package xyz.openledger.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.actors.job.Cast.LEASE_MILLIS;
import static xyz.openledger.actors.job.Cast.committed;
import static xyz.openledger.actors.job.Cast.grant;
import static xyz.openledger.actors.job.Cast.placed;
import static xyz.openledger.actors.job.Cast.policy;
import static xyz.openledger.actors.job.Cast.replica;
import static xyz.openledger.actors.job.Cast.reveal;
import static xyz.openledger.actors.job.Cast.revealed;
import static xyz.openledger.actors.job.Cast.said;
import static xyz.openledger.actors.job.Cast.spec;
import static xyz.openledger.actors.job.Cast.submitted;
import static xyz.openledger.actors.job.Cast.verification;

import java.util.List;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ReplicaId;

class OverdueTest {
  private static final Grant BOB = grant(replica(0, 0), "bob", 1, 100);
  private static final Grant CAROL = grant(replica(0, 1), "carol", 2, 100);
  private static final long LEASED_AT = 1_000;
  private static final long LEASE_ENDS = LEASED_AT + LEASE_MILLIS + Overdue.LEASE_GRACE_MILLIS;
  private static final long REVEAL_MILLIS = Overdue.REVEAL_MILLIS + Overdue.LEASE_GRACE_MILLIS;

  private final Job job =
      Job.of(submitted(spec(policy(verification(2, 3), 1_000), 1)))
          .apply(placed(LEASED_AT, BOB, CAROL));

  @Test
  void givesANodeItsLeaseAndAGrace() {
    assertThat(Overdue.losses(job, LEASE_ENDS, 0)).isEmpty();

    assertThat(lost(job, LEASE_ENDS + 1)).containsExactly(BOB.replica(), CAROL.replica());
    assertThat(Overdue.losses(job, LEASE_ENDS + 1, 0))
        .allSatisfy(loss -> assertThat(loss.problem()).isEqualTo(Problem.DEADLINE_PASSED));
  }

  @Test
  void doesNotHurryACommittedOneWhileAnotherStillRuns() {
    Job half = job.apply(committed(LEASED_AT, BOB.replica()));

    assertThat(lost(half, LEASE_ENDS + 1)).containsExactly(CAROL.replica());
  }

  @Test
  void givesACommittedOneItsTimeToRevealOnceAllHaveCommitted() {
    Job all = job.apply(committed(2_000, BOB.replica(), CAROL.replica()));

    assertThat(Overdue.losses(all, 2_000 + REVEAL_MILLIS, 0)).isEmpty();
    assertThat(lost(all, 2_000 + REVEAL_MILLIS + 1))
        .containsExactly(BOB.replica(), CAROL.replica());
  }

  @Test
  void doesNotBlameAFastNodeForASlowOne() {
    Job all =
        job.apply(committed(LEASED_AT, BOB.replica()))
            .apply(committed(LEASE_ENDS, CAROL.replica()));

    assertThat(Overdue.losses(all, LEASE_ENDS + REVEAL_MILLIS, 0)).isEmpty();

    Job carolWasFirst = all.apply(revealed(LEASE_ENDS + 10, reveal(all, CAROL, said("42"))));
    assertThat(Overdue.losses(carolWasFirst, LEASE_ENDS + REVEAL_MILLIS, 0)).isEmpty();
    assertThat(lost(carolWasFirst, LEASE_ENDS + 10 + REVEAL_MILLIS + 1))
        .containsExactly(BOB.replica());
  }

  @Test
  void keepsACommittedOneWhileTheOtherIsBeingReplaced() {
    Job waiting =
        job.apply(committed(2_000, BOB.replica()))
            .apply(Cast.lost(3_000, CAROL.replica(), Problem.NODE_LOST));

    assertThat(Overdue.losses(waiting, Long.MAX_VALUE, 0)).isEmpty();
  }

  @Test
  void waitsForNobodyWhoHasSpokenOrIsGone() {
    Job ended =
        job.apply(revealed(2_000, reveal(job, BOB, said("42"))))
            .apply(Cast.lost(2_000, CAROL.replica(), Problem.NODE_LOST));

    assertThat(Overdue.losses(ended, Long.MAX_VALUE, 0)).isEmpty();
  }

  private static List<ReplicaId> lost(Job job, long nowMillis) {
    return Overdue.losses(job, nowMillis, 0).stream().map(JobEvent.Loss::replica).toList();
  }
}
