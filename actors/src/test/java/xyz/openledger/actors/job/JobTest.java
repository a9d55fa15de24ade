package xyz.openledger.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xyz.openledger.actors.job.Cast.JOB;
import static xyz.openledger.actors.job.Cast.committed;
import static xyz.openledger.actors.job.Cast.finished;
import static xyz.openledger.actors.job.Cast.grant;
import static xyz.openledger.actors.job.Cast.lost;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import xyz.openledger.protocol.Problem;

class JobTest {
  private static final Grant BOB = grant(replica(0, 0), "bob", 1, 10);
  private static final Grant CAROL = grant(replica(0, 1), "carol", 2, 10);

  private final Job fresh = Job.of(submitted(spec(policy(verification(2, 3), 1_000), 2)));

  @Test
  void isQueuedThenRunningThenVerifying() {
    assertThat(fresh.state()).isEqualTo("queued");

    Job running = fresh.apply(placed(1, BOB, CAROL));

    assertThat(running.state()).isEqualTo("running");
    Job half = running.apply(committed(2, BOB.replica()));
    assertThat(half.state()).isEqualTo("running");
    assertThat(half.apply(committed(3, CAROL.replica())).state()).isEqualTo("verifying");
  }

  @ParameterizedTest
  @EnumSource(JobEvent.End.class)
  void isCalledAsItEnded(JobEvent.End end) {
    assertThat(fresh.apply(finished(end, null)).state()).isEqualTo(end.word());
  }

  @Test
  void keepsWhatEachReplicaSaidAndSinceWhen() {
    Job job = fresh.apply(placed(1, BOB, CAROL)).apply(committed(2, BOB.replica()));

    Job after = job.apply(revealed(3, reveal(job, BOB, said("42"))));

    JobReplica bob = after.replica(BOB.replica());
    assertThat(bob.phase()).isEqualTo(JobReplica.Phase.REVEALED);
    assertThat(bob.outcome()).isEqualTo(said("42"));
    assertThat(bob.commitment()).isNotNull();
    assertThat(bob.sinceMillis()).isEqualTo(3);
    assertThat(after.replica(CAROL.replica())).isEqualTo(job.replica(CAROL.replica()));
    assertThat(after.tasks().get(1)).isEqualTo(job.tasks().get(1));
  }

  @Test
  void isNotChangedByWordOfADeadReplica() {
    Job placed = fresh.apply(placed(1, BOB, CAROL));
    Job lost = placed.apply(lost(2, BOB.replica(), Problem.NODE_LOST));
    Job revealed = lost.apply(revealed(3, reveal(lost, CAROL, said("42"))));

    for (var late :
        List.of(
            committed(4, BOB.replica(), CAROL.replica()),
            revealed(4, reveal(lost, BOB, said("43")), reveal(lost, CAROL, said("43"))),
            lost(4, BOB.replica(), Problem.STALE_FENCE),
            lost(4, CAROL.replica(), Problem.STALE_FENCE))) {
      assertThat(revealed.apply(late)).as("%s", late).isEqualTo(revealed);
    }
  }

  @Test
  void isNotChangedByWordOfAReplicaThatItNeverHad() {
    Job placed = fresh.apply(placed(1, BOB));

    assertThat(placed.apply(committed(2, CAROL.replica(), replica(1, 0)))).isEqualTo(placed);
    assertThat(placed.replica(replica(7, 0))).isNull();
  }

  @Test
  void keepsOfEachTaskWhyItsFirstAndItsLatestReplicasWentWhereTheyWent() {
    Job job = fresh;
    for (String why : List.of("the best", "the next", "the only one left")) {
      job = job.apply(because(BOB, why));
    }
    job = job.apply(because(grant(replica(1, 0), "dave", 3, 10), "near"));
    job = job.apply(because(BOB, "a late one"));

    assertThat(Reason.lines(job.explanation())).containsExactly("the best", "a late one", "near");
  }

  @Test
  void keepsABoundedNumberOfReasonsTheFirstAmongThem() {
    Job job = Job.of(submitted(spec(policy(verification(2, 3), 1_000), 100)));
    for (int task = 0; task < 100; task++) {
      job = job.apply(because(grant(replica(task, 0), "bob", task, 10), "pool " + task, "node"));
    }

    List<String> lines = Reason.lines(job.explanation());
    assertThat(lines).hasSize(Reason.LINES_MAX).contains("pool 0", "pool 99", "pool 85");
    assertThat(lines).doesNotContain("pool 1", "pool 84");
  }

  @Test
  void remembersWhyAReplicaWasLost() {
    Job job = fresh.apply(placed(1, BOB)).apply(lost(2, BOB.replica(), Problem.NODE_LOST));

    assertThat(job.replica(BOB.replica()).problem()).isEqualTo(Problem.NODE_LOST);
    assertThat(job.replica(BOB.replica()).detail()).isEqualTo("it went away");
  }

  private static JobEvent.Placed because(Grant grant, String... why) {
    return new JobEvent.Placed(JOB, List.of(grant), List.of(why), 1);
  }

  @Test
  void isSubmittedOnce() {
    assertThatThrownBy(() -> fresh.apply(submitted(fresh.spec())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("was submitted before");
  }
}
