package xyz.openledger.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.actors.job.Cast.digest;
import static xyz.openledger.actors.job.Cast.grant;
import static xyz.openledger.actors.job.Cast.owner;
import static xyz.openledger.actors.job.Cast.policy;
import static xyz.openledger.actors.job.Cast.replica;
import static xyz.openledger.actors.job.Cast.reveal;
import static xyz.openledger.actors.job.Cast.revealed;
import static xyz.openledger.actors.job.Cast.verification;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Price;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.SavedState;
import xyz.openledger.protocol.Scheduling;
import xyz.openledger.protocol.Workload;

class SavedStatesTest {
  private static final long PRICE = 1_000_000;
  private static final long FUEL = 900_000_000;
  private static final Outcome RIGHT = trained("right");
  private static final Grant BOB = grant(replica(0, 0), "bob", 1, PRICE);
  private static final Grant CAROL = grant(replica(0, 1), "carol", 2, PRICE);
  private static final Grant DAN = grant(replica(0, 2), "dan", 3, PRICE);
  private static final Grant EVE = grant(replica(0, 3), "eve", 4, PRICE);
  private static final SavedState AT_12 = new SavedState(digest("12"), 12, 300_000_000);
  private static final SavedState AT_30 = new SavedState(digest("30"), 30, 700_000_000);

  @Test
  void theNextReplicaGoesOnAndBothArePaidForTheirOwnSteps() {
    Job job = stopped(started(verification(1, 1), BOB), BOB, AT_12);

    job = placed(job, CAROL);
    assertThat(resumed(job, CAROL)).isEqualTo(new Receipt.Resumed(BOB.replica(), AT_12));
    job = job.apply(revealed(20_000, reveal(job, CAROL, RIGHT)));

    Receipt receipt = receipt(job);
    assertThat(paid(receipt))
        .containsExactly(
            Price.ofReplica(AT_12.fuel(), PRICE), Price.ofReplica(FUEL - AT_12.fuel(), PRICE));
    assertThat(receipt.tasks().getFirst().outcome())
        .as("as if nobody had stopped it, down to the fuel")
        .isEqualTo(RIGHT);
    assertThat(replicas(receipt).getFirst().preempted())
        .extracting(Receipt.Preempted::saved)
        .isEqualTo(AT_12);
    assertThat(replicas(receipt).get(1).resumed())
        .isEqualTo(new Receipt.Resumed(BOB.replica(), AT_12));
  }

  @Test
  void aTaskStoppedTwiceGoesOnFromWhereItCameLast() {
    Job job = stopped(started(verification(1, 1), BOB), BOB, AT_12);
    job = stopped(placed(job, CAROL), CAROL, AT_30);

    job = placed(job, DAN);
    job = job.apply(revealed(20_000, reveal(job, DAN, RIGHT)));

    assertThat(resumed(job, DAN)).isEqualTo(new Receipt.Resumed(CAROL.replica(), AT_30));
    assertThat(paid(receipt(job)))
        .containsExactly(
            Price.ofReplica(300_000_000, PRICE),
            Price.ofReplica(400_000_000, PRICE),
            Price.ofReplica(200_000_000, PRICE));
  }

  @Test
  void aFalseStateLosesAgainstTheOtherReplicaAndNobodyWhoTrustedItIsAccused() {
    Job job = stopped(started(verification(2, 4), BOB, CAROL), BOB, AT_12);
    job = placed(job, DAN);
    job = job.apply(revealed(20_000, reveal(job, DAN, trained("wrong"))));
    job = job.apply(revealed(20_000, reveal(job, CAROL, RIGHT)));
    job = placed(job, EVE);
    job = job.apply(revealed(30_000, reveal(job, EVE, RIGHT)));

    assertThat(resumed(job, DAN)).isEqualTo(new Receipt.Resumed(BOB.replica(), AT_12));
    assertThat(resumed(job, EVE)).as("it begins at the beginning").isNull();
    Receipt receipt = receipt(job);
    assertThat(receipt.tasks().getFirst().outcome()).isEqualTo(RIGHT);
    assertThat(replicas(receipt))
        .extracting(Receipt.ReplicaReceipt::standing)
        .containsExactly(
            Receipt.Standing.RELEASED,
            Receipt.Standing.ACCEPTED,
            Receipt.Standing.RELEASED,
            Receipt.Standing.ACCEPTED);
    assertThat(paid(receipt).get(2)).isZero();
    assertThat(JobReceipt.withheld(receipt)).isEmpty();
  }

  @Test
  void aStateThatNothingRestsOnIsWorthNoMoreThanTheTimeItTook() {
    Job job = stopped(started(verification(1, 1), BOB), BOB, AT_12);
    // Seven seconds at two gigafuel a minute.
    long time = 7 * 33_000_000L;
    assertThat(AT_12.fuel()).isGreaterThan(time);

    JobEvent.Finished end =
        Consequences.finish(
            job, new JobRules.Step.Finish(JobEvent.End.CANCELLED, Problem.CANCELLED, ""), 9_000);

    assertThat(paid(Objects.requireNonNull(end.receipt())))
        .containsExactly(Price.ofReplica(time, PRICE));
  }

  @Test
  void anOwnerOfAStateHasNoOtherSayInTheTask() {
    Job job = stopped(started(verification(2, 4), BOB, CAROL), BOB, AT_12);
    assertThat(SavedStates.ownersApart(job, job.tasks().getFirst())).isEmpty();

    job = placed(job, DAN);

    assertThat(SavedStates.ownersApart(job, job.tasks().getFirst()))
        .containsExactlyInAnyOrder(owner("bob"), owner("dan"));
    assertThat(Asking.request(job, job.tasks().getFirst(), 1).ownersExcluded())
        .contains(owner("bob"));
  }

  @Test
  void aStateGoesToOneReplicaAndNotToTheOneItsOwnerVotesAgainst() {
    Job job = started(verification(2, 4), BOB, CAROL);
    job = stopped(stopped(job, BOB, AT_12), CAROL, AT_30);

    List<Grant> assigned = SavedStates.assign(job, List.of(DAN, EVE));

    assertThat(assigned)
        .extracting(Grant::resumed)
        .containsExactly(
            new Receipt.Resumed(CAROL.replica(), AT_30), new Receipt.Resumed(BOB.replica(), AT_12));

    // Bob comes back himself. What he saved is his; Carol's state would let him vote with her word
    // and leave his own to the other.
    Grant bobAgain = grant(replica(0, 2), "bob", 5, PRICE);
    Job back = stopped(started(verification(2, 4), BOB, CAROL), BOB, AT_12);
    assertThat(SavedStates.assign(back, List.of(bobAgain)).getFirst().resumed())
        .isEqualTo(new Receipt.Resumed(BOB.replica(), AT_12));
    Job both = placed(stopped(back, CAROL, AT_30), DAN);
    assertThat(resumed(both, DAN)).isEqualTo(new Receipt.Resumed(CAROL.replica(), AT_30));
    Grant carolAgain = grant(replica(0, 3), "carol", 6, PRICE);
    assertThat(SavedStates.assign(both, List.of(carolAgain)).getFirst().resumed()).isNull();
  }

  @Test
  void aStateThatANodeRefusedIsNotTriedAgainAndALostNodesIsOnce() {
    Job job = placed(stopped(started(verification(1, 1), BOB), BOB, AT_12), CAROL);

    Job refused = lost(job, CAROL, Problem.SAVED_STATE_REFUSED);
    assertThat(SavedStates.assign(refused, List.of(DAN)).getFirst().resumed()).isNull();

    Job gone = placed(lost(job, CAROL, Problem.NODE_LOST), DAN);
    assertThat(resumed(gone, DAN)).isEqualTo(new Receipt.Resumed(BOB.replica(), AT_12));
    Job goneTwice = lost(gone, DAN, Problem.NODE_LOST);
    assertThat(SavedStates.assign(goneTwice, List.of(EVE)).getFirst().resumed()).isNull();
  }

  @Test
  void aClaimThatCannotBeIsNotWrittenDown() {
    Job job = started(verification(1, 1), BOB);
    var tooMuch = new SavedState(digest("12"), 12, Cast.FUEL_MAX);
    assertThat(stopped(job, BOB, tooMuch).replica(BOB.replica()))
        .extracting(JobReplica::saved)
        .isNull();

    Job later = placed(stopped(job, BOB, AT_30), CAROL);
    assertThat(stopped(later, CAROL, AT_12).replica(CAROL.replica()))
        .as("it cannot have gone back")
        .extracting(JobReplica::saved)
        .isNull();
  }

  @Test
  void whereANodesRecordIsTheEvidenceNobodyGoesOnFromAnothersState() {
    var verification = new Policy.Verification(Policy.Method.ADAPTIVE, new Policy.Parameters(1, 3));
    Job job = stopped(started(verification, BOB), BOB, AT_12);

    assertThat(SavedStates.allowed(job)).isFalse();
    assertThat(Objects.requireNonNull(job.replica(BOB.replica())).saved()).isNull();
    assertThat(Reason.lines(job.explanation()).toString())
        .contains("its policy lets nobody go on from another node's state");
  }

  @Test
  void noChainOfStatesCostsMoreThanTheLimitThatWasHeld() {
    Job job = started(verification(1, 1), BOB);
    long limit = job.spec().policy().limits().priceMaxNanoOpen();
    job = stopped(job, BOB, AT_12);
    job = stopped(placed(job, CAROL), CAROL, AT_30);
    job = placed(job, DAN);
    assertThat(JobRules.leftNanoOpen(job)).isNotNegative();
    job = job.apply(revealed(20_000, reveal(job, DAN, RIGHT)));

    Receipt receipt = receipt(job);
    assertThat(receipt.chargedNanoOpen()).isLessThanOrEqualTo(limit);
    assertThat(receipt.chargedNanoOpen()).isEqualTo(Price.ofReplica(FUEL, PRICE));
  }

  private static Outcome trained(String output) {
    return new Outcome(Outcome.Status.FINISHED, 0, FUEL, digest(output), output.length());
  }

  private static Job started(Policy.Verification verification, Grant... grants) {
    JobSpec plain = Cast.spec(policy(verification, 10_000_000), 1);
    var spec =
        new JobSpec(
            plain.name(),
            plain.labels(),
            new Workload.Finetune(digest("base"), Cast.FUEL_MAX, 16 * 65_536, Cast.OUTPUT_MAX),
            List.of(
                new JobSpec.Task(
                    List.of(Workload.Finetune.TUNE, digest("data").toString()), digest("input"))),
            plain.policy(),
            new Scheduling(null, null, null, null, null, null, null, true));
    Job job = Job.of(Cast.submitted(spec));
    for (Grant grant : Arrays.asList(grants)) {
      job = job.apply(Cast.placed(1_000, grant));
    }
    return job;
  }

  /** Notice at three seconds, five seconds long; the node answers at its end. */
  private static Job stopped(Job job, Grant grant, SavedState saved) {
    var preempt =
        new JobMessage.Preempt(
            grant.replica(), grant.node(), grant.fence(), 5_000, 33_000_000, "makes room");
    Job noticed = job.apply(Preemptions.of(job, preempt, 3_000).getFirst());
    var word =
        new JobMessage.Lost(
            grant.replica(),
            grant.node(),
            grant.fence(),
            Problem.DEADLINE_PASSED,
            "made room",
            null,
            saved);
    return noticed.apply(Objects.requireNonNull(Preemptions.instead(noticed, word, 7_500)));
  }

  private static Job placed(Job job, Grant grant) {
    return job.apply(Cast.placed(1_000, SavedStates.assign(job, List.of(grant)).getFirst()));
  }

  private static Job lost(Job job, Grant grant, Problem problem) {
    return job.apply(
        new JobEvent.Lost(
            job.id(), List.of(new JobEvent.Loss(grant.replica(), problem, "")), 9_000));
  }

  private static Receipt.@Nullable Resumed resumed(Job job, Grant grant) {
    return Objects.requireNonNull(job.replica(grant.replica())).grant().resumed();
  }

  private static Receipt receipt(Job job) {
    return Objects.requireNonNull(JobReceipt.of(job, null, 40_000));
  }

  private static List<Receipt.ReplicaReceipt> replicas(Receipt receipt) {
    return receipt.tasks().getFirst().replicas();
  }

  private static List<Long> paid(Receipt receipt) {
    return replicas(receipt).stream().map(Receipt.ReplicaReceipt::paidNanoOpen).toList();
  }
}
