package xyz.openledger.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.actors.job.Cast.DEADLINE_MILLIS;
import static xyz.openledger.actors.job.Cast.committed;
import static xyz.openledger.actors.job.Cast.grant;
import static xyz.openledger.actors.job.Cast.lost;
import static xyz.openledger.actors.job.Cast.placed;
import static xyz.openledger.actors.job.Cast.policy;
import static xyz.openledger.actors.job.Cast.replica;
import static xyz.openledger.actors.job.Cast.verification;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Scheduling;

/** What a job is at when its time passes, and how often it is tried. */
class StageTest {
  private static final Grant BOB = grant(replica(0, 0), "bob", 1, 100);
  private static final Grant CAROL = grant(replica(0, 1), "carol", 2, 100);

  private final Job queued = job(Scheduling.USUAL, 1);
  private final Job running = queued.apply(placed(1_000, BOB, CAROL));
  private final Job verifying = running.apply(committed(2_000, BOB.replica(), CAROL.replica()));

  private static Job job(Scheduling scheduling, int tasks) {
    JobSpec plain = Cast.spec(policy(verification(2, 3), 10_000_000), tasks);
    return Job.of(
        Cast.submitted(
            new JobSpec(
                plain.name(),
                plain.labels(),
                plain.workload(),
                plain.tasks(),
                plain.policy(),
                scheduling)));
  }

  private static Scheduling limits(
      @Nullable Long queued, @Nullable Long running, @Nullable Long verifying) {
    return new Scheduling(null, null, null, null, queued, running, verifying);
  }

  @Test
  void callsEachStageThatADeadlineInterruptsByANameOfItsOwn() {
    assertThat(ended(queued, DEADLINE_MILLIS + 1)).isEqualTo(Problem.QUEUED_TOO_LONG);
    assertThat(ended(running, DEADLINE_MILLIS + 1)).isEqualTo(Problem.RUNNING_TOO_LONG);
    assertThat(ended(verifying, DEADLINE_MILLIS + 1)).isEqualTo(Problem.VERIFYING_TOO_LONG);
  }

  @Test
  void callsItWaitingWhereAllNodesWentAwayAndNoneIsFound() {
    Job alone =
        running
            .apply(lost(3_000, BOB.replica(), Problem.NODE_LOST))
            .apply(lost(3_000, CAROL.replica(), Problem.NODE_LOST));

    assertThat(ended(alone, DEADLINE_MILLIS + 1)).isEqualTo(Problem.QUEUED_TOO_LONG);
  }

  @Test
  void endsAJobThatIsAtOneThingForTooLong() {
    Job waits = job(limits(5_000L, null, null), 1);
    assertThat(ended(waits, 5_000)).isNull();
    assertThat(ended(waits, 5_001)).isEqualTo(Problem.QUEUED_TOO_LONG);

    Job runs = job(limits(100L, 5_000L, null), 1).apply(placed(90, BOB, CAROL));
    assertThat(ended(runs, 5_090)).isNull();
    assertThat(ended(runs, 5_091)).isEqualTo(Problem.RUNNING_TOO_LONG);

    Job proves =
        job(limits(null, 200L, 5_000L), 1)
            .apply(placed(90, BOB, CAROL))
            .apply(committed(200, BOB.replica(), CAROL.replica()));
    assertThat(ended(proves, 5_200)).isNull();
    assertThat(ended(proves, 5_201)).isEqualTo(Problem.VERIFYING_TOO_LONG);
  }

  @Test
  void doesNotCountTheTimeInWhichNobodyListened() {
    Job runs = job(limits(null, 5_000L, null), 1).apply(placed(90, BOB, CAROL));

    assertThat(Stage.passed(runs, 9_000, 8_000)).isNull();
    assertThat(Stage.passed(runs, 13_001, 8_000)).isNotNull();
  }

  @Test
  void replacesLostReplicasOnlyWithinTheBudgetOfTheJob() {
    var twice = new Scheduling(null, null, 2, null, null, null, null);
    Job job = job(twice, 3);
    for (int i = 0; i < 2; i++) {
      job = lose(job, i);
    }
    assertThat(JobRules.steps(job)).hasOnlyElementsOfType(JobRules.Step.Lease.class);

    Job spent = lose(job, 2);

    assertThat(JobRules.steps(spent))
        .containsExactly(
            new JobRules.Step.Finish(
                JobEvent.End.FAILED,
                Problem.RETRIES_EXHAUSTED,
                "3 replicas were lost and the job may retry 2 (3 × node-lost)"));
  }

  @Test
  void retriesOfItselfAsManyAsItNeedsAndSomeMore() {
    assertThat(RetryBudget.retries(job(Scheduling.USUAL, 10)))
        .isEqualTo(RetryBudget.STOCK + 10 * 2);
  }

  private static Job lose(Job job, int task) {
    Grant grant = grant(replica(task, 0), "node " + task, task + 1, 100);
    return job.apply(placed(1, grant)).apply(lost(2, grant.replica(), Problem.NODE_LOST));
  }

  private static @Nullable Problem ended(Job job, long nowMillis) {
    List<JobEvent> events = Consequences.overdue(job, Long.MIN_VALUE / 2, nowMillis);
    return events.isEmpty() || !(events.getFirst() instanceof JobEvent.Finished finished)
        ? null
        : finished.problem();
  }
}
