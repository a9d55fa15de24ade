package xyz.openledger.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.actors.job.Cast.committed;
import static xyz.openledger.actors.job.Cast.digest;
import static xyz.openledger.actors.job.Cast.grant;
import static xyz.openledger.actors.job.Cast.owner;
import static xyz.openledger.actors.job.Cast.placed;
import static xyz.openledger.actors.job.Cast.policy;
import static xyz.openledger.actors.job.Cast.replica;
import static xyz.openledger.actors.job.Cast.reveal;
import static xyz.openledger.actors.job.Cast.revealed;
import static xyz.openledger.actors.job.Cast.said;
import static xyz.openledger.actors.job.Cast.submitted;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.job.JobRules.Step;
import xyz.openledger.chainanchor.accounts.Withholding;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.Workload;
import xyz.openledger.verification.Evidence;

/** What follows for a job whose disagreements are disputed. */
class DisputedProductsTest {
  private static final Grant BOB = grant(replica(0, 0), "bob", 1, 100);
  private static final Grant CAROL = grant(replica(0, 1), "carol", 2, 100);
  private static final Grant DAVE = grant(replica(0, 2), "dave", 3, 100);
  private static final Outcome RIGHT = said("right");
  private static final Outcome WRONG = said("wrong");

  private final Job asked = asked(3);

  private static Job asked(int replicasMax) {
    return Job.of(
            submitted(
                new JobSpec(
                    "",
                    Map.of(),
                    new Workload.Matmul(digest("network"), 1_000_000_000, 1 << 20, 1 << 20),
                    List.of(new JobSpec.Task(List.of("trace"), digest("input"))),
                    policy(
                        new Policy.Verification(
                            Policy.Method.DISPUTE, new Policy.Parameters(2, replicasMax)),
                        10_000))))
        .apply(placed(1, BOB, CAROL))
        .apply(committed(2, BOB.replica(), CAROL.replica()));
  }

  private Job bobSays(Outcome outcome) {
    return asked.apply(revealed(3, reveal(asked, BOB, outcome)));
  }

  private Job carolSays(Job job, Outcome outcome, boolean holds, boolean rivalHolds) {
    JobEvent.Reveal plain = reveal(job, CAROL, outcome);
    return job.apply(
        revealed(
            4,
            new JobEvent.Reveal(
                plain.replica(),
                outcome,
                plain.statement(),
                null,
                new Receipt.ProductCheck(
                    holds,
                    holds ? 2 : 0,
                    -61,
                    "the other side has another number",
                    new Receipt.DisputePlayed(BOB.replica(), rivalHolds, 5, 9),
                    null))));
  }

  private static List<Receipt.ReplicaReceipt> replicas(Job job, @Nullable Problem problem) {
    return Objects.requireNonNull(JobReceipt.of(job, problem, 9)).tasks().getFirst().replicas();
  }

  @Test
  void needsNoDisputeWhereOwnersAgreeAndSaysWhoAgreed() {
    Job job = bobSays(RIGHT);
    assertThat(Findings.rival(job, job.tasks().getFirst(), RIGHT)).isNull();
    job = job.apply(revealed(4, reveal(job, CAROL, RIGHT)));
    assertThat(JobRules.steps(job))
        .containsExactly(new Step.Finish(JobEvent.End.SETTLED, null, ""));
    var receipt = Objects.requireNonNull(JobReceipt.of(job, null, 9));
    assertThat(receipt.tasks().getFirst().agreement()).isNotNull();
  }

  @Test
  void isDisputedWithWhoeverSaidOtherwiseBefore() {
    Job job = bobSays(RIGHT);
    assertThat(Findings.rival(job, job.tasks().getFirst(), WRONG))
        .extracting(rival -> rival.grant().replica())
        .isEqualTo(BOB.replica());
  }

  @Test
  void paysTheHonestAndWithholdsTheLiarsRewardWhoeverCameFirst() {
    Job liarLast = carolSays(bobSays(RIGHT), WRONG, false, true);
    Job liarFirst = carolSays(bobSays(WRONG), RIGHT, true, false);
    for (Job job : List.of(liarLast, liarFirst)) {
      assertThat(JobRules.steps(job))
          .containsExactly(new Step.Finish(JobEvent.End.SETTLED, null, ""));
      Receipt receipt = Objects.requireNonNull(JobReceipt.of(job, null, 9));
      assertThat(receipt.tasks().getFirst().outcome()).isEqualTo(RIGHT);
      assertThat(receipt.tasks().getFirst().agreement()).isNull();
      Grant liar = job.equals(liarLast) ? CAROL : BOB;
      assertThat(JobReceipt.withheld(receipt))
          .extracting(Withholding::nodeId)
          .containsExactly(liar.node().value());
      assertThat(JobReceipt.charges(receipt)).hasSize(1);
      assertThat(replicas(job, null).getLast().check())
          .extracting(Receipt.ProductCheck::dispute)
          .isEqualTo(new Receipt.DisputePlayed(BOB.replica(), job.equals(liarLast), 5, 9));
    }
  }

  @Test
  void aReceiptOfOwnersWhoAgreedAfterADisputeRefutedOthersBearsOutWhatItClaims() {
    Grant erin = grant(replica(0, 3), "erin", 4, 100);
    Job job =
        carolSays(
                asked(7).apply(revealed(3, reveal(asked(7), BOB, WRONG))),
                said("wrong too"),
                false,
                false)
            .apply(placed(5, DAVE, erin))
            .apply(committed(6, DAVE.replica(), erin.replica()));
    job = job.apply(revealed(7, reveal(job, DAVE, RIGHT)));
    job = job.apply(revealed(8, reveal(job, erin, RIGHT)));
    assertThat(JobRules.steps(job))
        .containsExactly(new Step.Finish(JobEvent.End.SETTLED, null, ""));
    Receipt receipt = Objects.requireNonNull(JobReceipt.of(job, null, 9));
    assertThat(receipt.tasks().getFirst().agreement()).isNotNull();
    assertThat(Evidence.faults(receipt)).isEmpty();
  }

  @Test
  void asksFurtherOwnersWhereBothWereWrongAndCallsBothWrongInTheEnd() {
    Job job = carolSays(bobSays(WRONG), said("wrong too"), false, false);
    assertThat(JobRules.steps(job))
        .containsExactly(
            new Step.Finish(
                JobEvent.End.FAILED,
                Problem.NO_AGREEMENT,
                "task 0: of 2 replicas no 2 agree, and no dispute left one that is right"));
    assertThat(replicas(job, Problem.NO_AGREEMENT))
        .extracting(Receipt.ReplicaReceipt::standing)
        .containsOnly(Receipt.Standing.REJECTED);
    assertThat(
            JobReceipt.withheld(
                Objects.requireNonNull(JobReceipt.of(job, Problem.NO_AGREEMENT, 9))))
        .hasSize(2);
  }

  @Test
  void leasesAThirdOwnerIfOneWasLost() {
    Job job =
        asked
            .apply(Cast.lost(3, CAROL.replica(), Problem.NODE_LOST))
            .apply(revealed(4, reveal(asked, BOB, RIGHT)));
    assertThat(JobRules.steps(job))
        .containsExactly(new Step.Lease(0, 1, Set.of(owner("bob")), Set.of()));
    job = job.apply(placed(5, DAVE));
    assertThat(JobRules.steps(job)).isEmpty();
  }
}
