package xyz.openledger.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.actors.job.Cast.committed;
import static xyz.openledger.actors.job.Cast.finished;
import static xyz.openledger.actors.job.Cast.grant;
import static xyz.openledger.actors.job.Cast.lost;
import static xyz.openledger.actors.job.Cast.owner;
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
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xyz.openledger.actors.job.JobRules.Step;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Problem;
import xyz.openledger.verification.Verdict;

class JobRulesTest {
  private static final Grant BOB = grant(replica(0, 0), "bob", 1, 100);
  private static final Grant CAROL = grant(replica(0, 1), "carol", 2, 100);
  private static final Step.Finish SETTLED = new Step.Finish(JobEvent.End.SETTLED, null, "");

  private static Job job(int agreement, int tasks) {
    return Job.of(submitted(spec(policy(verification(agreement, agreement), 1_000), tasks)));
  }

  @Test
  void leasesAReplicaOfEveryTaskAtFirst() {
    assertThat(JobRules.steps(job(1, 2)))
        .containsExactly(
            new Step.Lease(0, 1, Set.of(), Set.of()), new Step.Lease(1, 1, Set.of(), Set.of()));
  }

  @Test
  void leasesOnlyOfOwnersThatHaveNoPartInTheTask() {
    Job job = job(2, 1).apply(placed(1, BOB));

    assertThat(JobRules.steps(job))
        .containsExactly(new Step.Lease(0, 1, Set.of(owner("bob")), Set.of()));
  }

  @Test
  void asksForOutcomesOnceAllHaveCommitted() {
    Job job = job(2, 1).apply(placed(1, BOB, CAROL)).apply(committed(2, BOB.replica()));

    assertThat(JobRules.steps(job)).isEmpty();
    assertThat(JobRules.steps(job.apply(committed(3, CAROL.replica()))))
        .containsExactly(new Step.Reveal(List.of(BOB.replica(), CAROL.replica())));
  }

  @Test
  void finishesWhenEveryTaskHasItsResultAndNotBefore() {
    Grant other = grant(replica(1, 0), "carol", 2, 100);
    Job job = job(1, 2).apply(placed(1, BOB, other));
    Job half = job.apply(revealed(2, reveal(job, BOB, said("42"))));

    assertThat(JobRules.steps(half)).isEmpty();
    assertThat(JobRules.steps(half.apply(revealed(3, reveal(job, other, said("43"))))))
        .containsExactly(SETTLED);
  }

  @Test
  void quarantinesATaskThatManyOwnersLostAndNobodyAnsweredAndSaysWhoAndHow() {
    Job job = lostBy(Poison.OWNERS - 1, job(1, 1));
    assertThat(JobRules.steps(job)).hasOnlyElementsOfType(Step.Lease.class);

    Job quarantined = lostBy(Poison.OWNERS, job(1, 1));

    assertThat(JobRules.steps(quarantined))
        .singleElement()
        .isInstanceOfSatisfying(
            Step.Finish.class,
            finish -> {
              assertThat(finish.problem()).isEqualTo(Problem.NODE_LOST);
              assertThat(finish.detail())
                  .startsWith("task 0 is quarantined: 5 owners lost it and nobody answered; node-")
                  .contains(Cast.node("owner 4") + ": sandbox-failed");
            });
  }

  @Test
  void blamesTheNodesWhileOneOwnerAloneLosesATask() {
    Job job = job(1, 1);
    for (int i = 0; i < Poison.OWNERS; i++) {
      Grant grant = grant(replica(0, i), "bob", i + 1, 100);
      job = job.apply(placed(1, grant)).apply(lost(2, grant.replica(), Problem.SANDBOX_FAILED));
    }

    assertThat(JobRules.steps(job)).hasOnlyElementsOfType(Step.Lease.class);
  }

  private static Job lostBy(int owners, Job job) {
    for (int i = 0; i < owners; i++) {
      Grant grant = grant(replica(0, i), "owner " + i, i + 1, 100);
      job = job.apply(placed(1, grant)).apply(lost(2, grant.replica(), Problem.SANDBOX_FAILED));
    }
    return job;
  }

  @Test
  void leasesAnotherForALostOneOfTheSameOwnerToo() {
    Job job = job(1, 1).apply(placed(1, BOB)).apply(lost(2, BOB.replica(), Problem.NODE_LOST));

    assertThat(JobRules.steps(job)).containsExactly(new Step.Lease(0, 1, Set.of(), Set.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "FINISHED, 3, TASK_FAILED, ended with exit code 3",
    "TRAPPED, 0, TASK_TRAPPED, task 0: ",
    "FUEL_EXHAUSTED, 0, FUEL_EXHAUSTED, task 0: ",
    "OUTPUT_EXCEEDED, 0, OUTPUT_EXCEEDED, task 0: "
  })
  void failsAsAWholeWithItsFirstTaskThatFailed(
      Outcome.Status status, int exitCode, Problem problem, String detail) {
    Job job = job(1, 2).apply(placed(1, BOB));
    var outcome = new Outcome(status, exitCode, 5, said("").outputDigest(), 0);

    var steps = JobRules.steps(job.apply(revealed(2, reveal(job, BOB, outcome))));

    assertThat(steps)
        .singleElement()
        .isInstanceOfSatisfying(
            Step.Finish.class,
            finish -> {
              assertThat(finish.end()).isEqualTo(JobEvent.End.FAILED);
              assertThat(finish.problem()).isEqualTo(problem);
              assertThat(finish.detail()).contains(detail);
            });
  }

  @Test
  void failsWithoutAgreementAndSaysHowManyDidNotAgree() {
    Job job = job(2, 1).apply(placed(1, BOB, CAROL));
    Job differing =
        job.apply(
            revealed(2, reveal(job, BOB, said("42")), reveal(job, CAROL, said("something else"))));

    assertThat(JobRules.verdict(differing, differing.tasks().getFirst()))
        .isEqualTo(new Verdict.NoAgreement(Problem.NO_AGREEMENT));
    assertThat(JobRules.steps(differing))
        .containsExactly(
            new Step.Finish(
                JobEvent.End.FAILED, Problem.NO_AGREEMENT, "task 0: of 2 replicas no 2 agree"));
  }

  @Test
  void hasNothingToDoForAJobThatIsFinished() {
    assertThat(JobRules.steps(job(2, 3).apply(finished(JobEvent.End.CANCELLED, null)))).isEmpty();
  }

  /** The lease burns 10^9 fuel at the most, so it costs as many nano-OPEN as its price says. */
  @Test
  void leavesForFurtherReplicasWhatTheLeasedOnesCannotCost() {
    Job job = job(2, 1);
    assertThat(JobRules.replicaBudgetNanoOpen(job, 2)).isEqualTo(500);

    Job placed = job.apply(placed(1, BOB));
    assertThat(JobRules.replicaBudgetNanoOpen(placed, 1)).isEqualTo(900);

    Job revealed = placed.apply(revealed(2, reveal(placed, BOB, said("42"))));
    assertThat(JobRules.replicaBudgetNanoOpen(revealed, 1))
        .as("half of the fuel was used, rounded up")
        .isEqualTo(1_000 - 51);

    Job lost = placed.apply(lost(2, BOB.replica(), Problem.NODE_LOST));
    assertThat(JobRules.replicaBudgetNanoOpen(lost, 1)).isEqualTo(1_000);
    assertThat(JobRules.replicaBudgetNanoOpen(lost, 0)).isEqualTo(1_000);
  }
}
