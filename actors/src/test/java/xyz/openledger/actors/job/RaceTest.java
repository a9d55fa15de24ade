package xyz.openledger.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.actors.job.Cast.ADA;
import static xyz.openledger.actors.job.Cast.JOB;
import static xyz.openledger.actors.job.Cast.committed;
import static xyz.openledger.actors.job.Cast.grant;
import static xyz.openledger.actors.job.Cast.lost;
import static xyz.openledger.actors.job.Cast.owner;
import static xyz.openledger.actors.job.Cast.placed;
import static xyz.openledger.actors.job.Cast.policy;
import static xyz.openledger.actors.job.Cast.replica;
import static xyz.openledger.actors.job.Cast.reveal;
import static xyz.openledger.actors.job.Cast.revealed;
import static xyz.openledger.actors.job.Cast.said;
import static xyz.openledger.actors.job.Cast.verification;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Price;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.Receipt.Standing;
import xyz.openledger.protocol.Scheduling;
import xyz.openledger.protocol.Tolerance;
import xyz.openledger.protocol.Workload;
import xyz.openledger.verification.Verdict;

class RaceTest {
  private static final Grant SLOW = grant(replica(0, 0), "slow", 1, 100);
  private static final Grant SECOND = grant(replica(0, 1), "second", 2, 90);
  private static final Grant THIRD = grant(replica(0, 2), "third", 3, 80);
  private static final long FUEL = said("42").fuelUsed();

  private static Job job(int agreement, long priceMax) {
    JobSpec plain = Cast.spec(policy(verification(agreement, agreement + 1), priceMax), 1);
    return Job.of(
        Cast.submitted(
            new JobSpec(
                plain.name(),
                plain.labels(),
                plain.workload(),
                plain.tasks(),
                plain.policy(),
                new Scheduling(null, null, null, true, null, null, null))));
  }

  private static Job trusted() {
    return hedging(verification(1, 1));
  }

  private static JobMessage.Straggles straggles(Grant grant) {
    return new JobMessage.Straggles(grant.replica(), grant.node(), grant.fence(), "runs long");
  }

  private static Job hedged(Job job, Grant grant) {
    List<JobEvent> events = Hedges.of(job, straggles(grant), 5);
    assertThat(events).hasSize(1);
    return job.apply(events.getFirst());
  }

  @Test
  void wantsOneMoreOfAnotherOwnerBesideAStraggler() {
    Job job = hedged(trusted().apply(placed(1, SLOW)), SLOW);

    assertThat(JobRules.verdict(job, job.tasks().getFirst()))
        .isEqualTo(new Verdict.Lease(1, Set.of(owner("slow")), Set.of()));
    assertThat(Reason.lines(job.explanation())).contains("task 0, replica r0: runs long");
  }

  @Test
  void hedgesATaskOnceAndOnlyWhereItWasAskedForAndCanBePaid() {
    Job job = trusted().apply(placed(1, SLOW));

    assertThat(Hedges.of(hedged(job, SLOW), straggles(SLOW), 6)).isEmpty();
    assertThat(Hedges.of(job, straggles(SECOND), 6)).as("of no such replica").isEmpty();
    Job unasked = Job.of(Cast.submitted(Cast.spec(policy(verification(1, 1), 1_000), 1)));
    assertThat(Hedges.of(unasked.apply(placed(1, SLOW)), straggles(SLOW), 6)).isEmpty();
    assertThat(Hedges.of(job(1, 199).apply(placed(1, SLOW)), straggles(SLOW), 6))
        .as("a second one could cost more than is left")
        .isEmpty();
  }

  @Test
  void takesWhoeverComesFirstAndPaysTheLaterOneItsFixedPart() {
    Job job = hedged(trusted().apply(placed(1, SLOW)), SLOW).apply(placed(6, SECOND));
    Job first = job.apply(revealed(7, reveal(job, SECOND, said("42"))));
    assertThat(JobRules.verdict(first, first.tasks().getFirst()))
        .isInstanceOf(Verdict.Accepted.class);

    Job both = first.apply(revealed(8, reveal(job, SLOW, said("42"))));

    assertThat(paid(both, SECOND)).isEqualTo(Price.ofReplica(FUEL, 90));
    assertThat(paid(both, SLOW)).isEqualTo(Price.ofReplica(FUEL, 100) / 2);
    assertThat(standing(both, SLOW)).isEqualTo(Standing.ACCEPTED);
  }

  private static Job hedging(Policy.Verification verification) {
    JobSpec plain = Cast.spec(policy(verification, 1_000_000), 2);
    return Job.of(
        Cast.submitted(
            new JobSpec(
                plain.name(),
                plain.labels(),
                plain.workload(),
                plain.tasks(),
                plain.policy(),
                new Scheduling(null, null, null, true, null, null, null))));
  }

  /** A number as float32, the whole output. */
  private static JobEvent.Reveal number(Job job, Grant grant, float number) {
    byte[] output =
        ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat(number).array();
    var outcome = new Outcome(Outcome.Status.FINISHED, 0, FUEL, Digest.of(output), output.length);
    JobEvent.Reveal plain = reveal(job, grant, outcome);
    return new JobEvent.Reveal(plain.replica(), outcome, plain.statement(), output);
  }

  @Test
  void paysTheLaterOneItsPartWhereItsAnswerDiffersWithinTheTolerance() {
    var near =
        new Policy.Verification(
            Policy.Method.ADAPTIVE, null, 100_000, null, new Tolerance(4, null, null), null, null);
    Grant beside = grant(replica(0, 1), "beside", 2, 90);
    Grant second = grant(replica(0, 2), "second", 3, 80);
    Job job = hedged(hedging(near).apply(placed(1, SLOW, beside)), SLOW).apply(placed(6, second));
    Job confirmed =
        job.apply(revealed(7, number(job, second, 1))).apply(revealed(9, number(job, beside, 1)));

    Job all = confirmed.apply(revealed(10, number(job, SLOW, Math.nextUp(1f))));

    assertThat(standing(all, SLOW)).isEqualTo(Standing.ACCEPTED);
    assertThat(paid(all, SLOW)).isEqualTo(Price.ofReplica(FUEL, 100) / 2);
    Job far = confirmed.apply(revealed(10, number(job, SLOW, 2)));
    assertThat(standing(far, SLOW))
        .as("it has dissented like any other")
        .isEqualTo(Standing.REJECTED);
  }

  /** A question whose answers commit to activations. */
  private static Job question() {
    var near = new Policy.Verification(Policy.Method.TOPLOC, null);
    var model = new Workload.Inference(Cast.digest("model"), 1_000_000_000, 1 << 20, 1 << 20);
    var task = new JobSpec.Task(List.of(Workload.Inference.ACTIVATIONS), Cast.digest("question"));
    return Job.of(
        Cast.submitted(
            new JobSpec(
                "a question",
                Map.of(),
                model,
                List.of(task),
                policy(near, 1_000),
                new Scheduling(null, null, null, true, null, null, null))));
  }

  private static JobEvent.Reveal checked(Job job, Grant grant, String says, boolean holds) {
    JobEvent.Reveal plain = reveal(job, grant, said(says));
    return new JobEvent.Reveal(
        plain.replica(),
        plain.outcome(),
        plain.statement(),
        null,
        new Receipt.ProductCheck(holds, 1, 0, ""));
  }

  @Test
  void hearsTheLaterOneWhereTheFirstWasFoundWrong() {
    Job job = hedged(question().apply(placed(1, SLOW)), SLOW).apply(placed(6, SECOND));
    Job refuted = job.apply(revealed(7, checked(job, SECOND, "lie", false)));

    Job both = refuted.apply(revealed(8, checked(job, SLOW, "42", true)));

    assertThat(JobRules.verdict(both, both.tasks().getFirst()))
        .isInstanceOfSatisfying(
            Verdict.Accepted.class,
            accepted -> assertThat(accepted.outcome()).isEqualTo(said("42")));
    assertThat(standing(both, SLOW)).isEqualTo(Standing.ACCEPTED);
    assertThat(paid(both, SLOW)).isEqualTo(Price.ofReplica(FUEL, 100));
    assertThat(standing(both, SECOND)).isEqualTo(Standing.REJECTED);
  }

  @Test
  void paysTheLaterOneItsPartWhereItsOwnCheckFindsItRight() {
    Job job = hedged(question().apply(placed(1, SLOW)), SLOW).apply(placed(6, SECOND));
    Job both =
        job.apply(revealed(7, checked(job, SECOND, "42", true)))
            .apply(revealed(8, checked(job, SLOW, "nearly 42", true)));

    assertThat(standing(both, SLOW)).isEqualTo(Standing.ACCEPTED);
    assertThat(paid(both, SLOW)).isEqualTo(Price.ofReplica(said("nearly 42").fuelUsed(), 100) / 2);
  }

  @Test
  void paysNothingToWhomStillRunsAndBlamesItForNothing() {
    Job job = hedged(trusted().apply(placed(1, SLOW)), SLOW).apply(placed(6, SECOND));
    Job first = job.apply(revealed(7, reveal(job, SECOND, said("42"))));

    assertThat(paid(first, SLOW)).isZero();
    assertThat(standing(first, SLOW)).isEqualTo(Standing.RELEASED);
  }

  @Test
  void letsALaterAnswerThatDiffersChangeNothingWhereOneWordIsEnough() {
    Job job = hedged(trusted().apply(placed(1, SLOW)), SLOW).apply(placed(6, SECOND));
    Job both =
        job.apply(revealed(7, reveal(job, SLOW, said("42"))))
            .apply(revealed(8, reveal(job, SECOND, said("else"))));

    assertThat(JobRules.verdict(both, both.tasks().getFirst()))
        .isInstanceOfSatisfying(
            Verdict.Accepted.class,
            accepted -> assertThat(accepted.outcome()).isEqualTo(said("42")));
    assertThat(standing(both, SECOND)).isEqualTo(Standing.RELEASED);
    assertThat(paid(both, SECOND)).isZero();
  }

  @Test
  void asksTheOthersToRevealWithoutTheStragglerOnceTheSecondHasCommitted() {
    Grant bob = grant(replica(0, 0), "bob", 1, 100);
    Grant slow = grant(replica(0, 1), "slow", 2, 100);
    Grant second = grant(replica(0, 2), "second", 3, 100);
    Job job = job(2, 1_000).apply(placed(1, bob, slow)).apply(committed(2, bob.replica()));
    Job raced = hedged(job, slow).apply(placed(6, second));
    assertThat(JobRules.steps(raced)).isEmpty();

    Job come = raced.apply(committed(7, second.replica()));

    assertThat(JobRules.steps(come))
        .containsExactly(new JobRules.Step.Reveal(List.of(bob.replica(), second.replica())));
  }

  @Test
  void waitsForTheStragglerAgainWhereTheSecondOneIsLost() {
    Job job = hedged(trusted().apply(placed(1, SLOW)), SLOW).apply(placed(6, SECOND));

    Job alone = job.apply(lost(7, SECOND.replica(), Problem.NODE_LOST));

    assertThat(JobRules.verdict(alone, alone.tasks().getFirst())).isInstanceOf(Verdict.Wait.class);
  }

  @Test
  void takesBackWhatWasAskedForOnceTheStragglerHasCome() {
    Job job = hedged(trusted().apply(placed(1, SLOW)), SLOW);
    assertThat(Race.isPointless(job.tasks().getFirst())).isFalse();

    Job come = job.apply(revealed(7, reveal(job, SLOW, said("42"))));

    assertThat(Race.isPointless(come.tasks().getFirst())).isTrue();
  }

  @Test
  void paysInFullWhomTheResultNeeded() {
    Job job = job(2, 1_000).apply(placed(1, SLOW, SECOND)).apply(committed(2, SECOND.replica()));
    Job raced = hedged(job, SLOW).apply(placed(6, THIRD));
    Job left = raced.apply(lost(7, SECOND.replica(), Problem.NODE_LOST));
    Job both =
        left.apply(revealed(8, reveal(job, SLOW, said("42")), reveal(job, THIRD, said("42"))));

    assertThat(paid(both, SLOW)).isEqualTo(Price.ofReplica(FUEL, 100));
    assertThat(paid(both, THIRD)).isEqualTo(Price.ofReplica(FUEL, 80));
  }

  /**
   * Whatever the order of what happens: one race at the most, nobody is paid beyond its price, a
   * loser that was not needed is paid its part, and all of it together fits the price limit.
   */
  @ParameterizedTest
  @MethodSource("seeds")
  void paysWhatIsRightInAnyOrder(long seed) {
    var random = new SplittableRandom(seed);
    int agreement = random.nextInt(1, 4);
    Job job = job(agreement, 100L * random.nextInt(agreement, 8));
    int number = 0;
    for (int step = 0; step < 60 && job.finished() == null; step++) {
      long now = step + 1;
      for (JobRules.Step each : JobRules.steps(job)) {
        if (each instanceof JobRules.Step.Lease lease && JobRules.leftNanoOpen(job) >= 100) {
          Grant grant = grant(replica(0, number), "owner " + number, number + 1, 100);
          assertThat(lease.ownersExcluded()).doesNotContain(grant.owner());
          number++;
          job = job.apply(placed(now, grant));
        }
      }
      job = happen(job, agreement, random, now);
    }
    check(job, agreement);
  }

  private static Job happen(Job job, int agreement, SplittableRandom random, long now) {
    List<JobReplica> live =
        job.tasks().getFirst().replicas().stream().filter(JobReplica::live).toList();
    if (live.isEmpty()) {
      return job;
    }
    JobReplica one = live.get(random.nextInt(live.size()));
    Grant grant = one.grant();
    int what = random.nextInt(10);
    if (what == 0) {
      return job.apply(lost(now, grant.replica(), Problem.NODE_LOST));
    }
    if (what < 4) {
      List<JobEvent> hedge = Hedges.of(job, straggles(grant), now);
      return hedge.isEmpty() ? job : job.apply(hedge.getFirst());
    }
    if (agreement > 1 && one.phase() == JobReplica.Phase.LEASED) {
      return job.apply(committed(now, grant.replica()));
    }
    Outcome outcome = said(random.nextInt(5) == 0 ? "wrong" : "42");
    return job.apply(revealed(now, reveal(job, grant, outcome)));
  }

  private static void check(Job job, int agreement) {
    Receipt receipt = JobReceipt.of(job, null, 99);
    if (receipt == null) {
      return;
    }
    Job.Task task = job.tasks().getFirst();
    Receipt.TaskReceipt said = receipt.tasks().getFirst();
    Race race = task.race();
    long inFull = 0;
    for (Receipt.ReplicaReceipt each : said.replicas()) {
      Outcome outcome = each.outcome();
      long price = outcome == null ? 0 : Price.ofReplica(outcome.fuelUsed(), 100);
      assertThat(each.paidNanoOpen()).isBetween(0L, price);
      inFull += price > 0 && each.paidNanoOpen() == price ? 1 : 0;
      if (each.paidNanoOpen() > 0 && each.paidNanoOpen() < price) {
        assertThat(race).isNotNull();
        assertThat(Objects.requireNonNull(race).first()).isNotEqualTo(each.replica());
      }
    }
    if (said.outcome() != null) {
      assertThat(inFull).isGreaterThanOrEqualTo(agreement);
    }
    assertThat(receipt.chargedNanoOpen())
        .isLessThanOrEqualTo(job.spec().policy().limits().priceMaxNanoOpen());
    assertThat(receipt.tenant()).isEqualTo(ADA);
    assertThat(receipt.job()).isEqualTo(JOB);
  }

  static LongStream seeds() {
    return LongStream.range(0, 300).map(i -> Long.getLong("run.seed", 1) * 1_000 + i);
  }

  private static long paid(Job job, Grant grant) {
    return of(job, grant).paidNanoOpen();
  }

  private static Standing standing(Job job, Grant grant) {
    return of(job, grant).standing();
  }

  private static Receipt.ReplicaReceipt of(Job job, Grant grant) {
    return Objects.requireNonNull(JobReceipt.of(job, null, 9))
        .tasks()
        .getFirst()
        .replicas()
        .stream()
        .filter(each -> each.replica().equals(grant.replica()))
        .findFirst()
        .orElseThrow();
  }
}
