package xyz.openledger.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.actors.job.Cast.FUEL_MAX;
import static xyz.openledger.actors.job.Cast.grant;
import static xyz.openledger.actors.job.Cast.placed;
import static xyz.openledger.actors.job.Cast.policy;
import static xyz.openledger.actors.job.Cast.replica;
import static xyz.openledger.actors.job.Cast.reveal;
import static xyz.openledger.actors.job.Cast.revealed;
import static xyz.openledger.actors.job.Cast.said;
import static xyz.openledger.actors.job.Cast.verification;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Price;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.Scheduling;

class PreemptionsTest {
  private static final long PRICE = 1_000_000;
  private static final long NOTICE = 5_000;
  private static final String WHY = "makes room; its state is not saved, so it begins anew";
  private static final long FUEL_PER_SECOND = 50_000_000;
  private static final Grant BOB = grant(replica(0, 0), "bob", 1, PRICE);
  private static final Grant CAROL = grant(replica(0, 1), "carol", 2, PRICE);

  @Test
  void isStoppedAtTheEndOfItsNoticeAndAnotherNodeBringsTheSameResult() {
    Job job = noticed(job(true, 10_000_000), BOB, 3_000);
    assertThat(Consequences.overdue(job, 0, 7_999)).isEmpty();

    List<JobEvent> over = Consequences.overdue(job, 0, 8_000);
    // From the lease at one second to the end of the notice at eight.
    long fuel = 7 * FUEL_PER_SECOND;
    assertThat(over).containsExactly(new JobEvent.Preempted(job.id(), BOB.replica(), fuel, 8_000));
    job = job.apply(over.getFirst());
    assertThat(JobRules.steps(job).getFirst()).isInstanceOf(JobRules.Step.Lease.class);

    job = job.apply(placed(9_000, CAROL));
    job = job.apply(revealed(10_000, reveal(job, CAROL, said("42"))));
    Receipt receipt = Objects.requireNonNull(JobReceipt.of(job, null, 11_000));

    assertThat(receipt.tasks().getFirst().outcome()).isEqualTo(said("42"));
    var stopped = receipt.tasks().getFirst().replicas().getFirst();
    assertThat(stopped.standing()).isEqualTo(Receipt.Standing.RELEASED);
    assertThat(stopped.preempted()).isEqualTo(new Receipt.Preempted(fuel, WHY));
    assertThat(stopped.paidNanoOpen()).isEqualTo(Price.ofReplica(fuel, PRICE));
    assertThat(JobReceipt.charges(receipt))
        .extracting(charge -> charge.priceNanoOpen())
        .containsExactlyInAnyOrder(
            Price.ofReplica(fuel, PRICE), Price.ofReplica(said("42").fuelUsed(), PRICE));
  }

  @Test
  void isPaidNoMoreThanAllItsFuelAndOnlyOnce() {
    Job job = noticed(job(true, 10_000_000), BOB, 500_000);

    JobEvent over = Consequences.overdue(job, 0, 505_000).getFirst();
    job = job.apply(over).apply(over);

    assertThat(((JobEvent.Preempted) over).fuelUsed()).isEqualTo(FUEL_MAX);
    assertThat(Consequences.overdue(job, 0, 505_001)).isEmpty();
    JobReplica stopped = Objects.requireNonNull(job.replica(BOB.replica()));
    assertThat(SavedStates.fuelMax(stopped)).isEqualTo(FUEL_MAX);
  }

  @Test
  void goesOnAsIfNothingHadBeenWhenItIsDoneInTime() {
    Job job = noticed(job(true, 10_000_000), BOB, 3_000);
    job = job.apply(revealed(4_000, reveal(job, BOB, said("42"))));

    assertThat(JobRules.steps(job))
        .containsExactly(new JobRules.Step.Finish(JobEvent.End.SETTLED, null, ""));
    assertThat(
            Objects.requireNonNull(JobReceipt.of(job, null, 5_000))
                .tasks()
                .getFirst()
                .replicas()
                .getFirst()
                .preempted())
        .isNull();
  }

  @Test
  void runsToItsEndWhereItDidNotSayOtherwiseOrCouldNotPayForAnotherOrWasStoppedTwice() {
    assertThat(Preemptions.of(job(false, 10_000_000), preempt(BOB), 3_000)).isEmpty();
    // A replica may cost a thousandth of an OPEN; another one is not in the price limit.
    assertThat(Preemptions.of(job(true, 1_500_000), preempt(BOB), 3_000)).isEmpty();

    Job job = job(true, 10_000_000);
    for (Grant grant : List.of(BOB, CAROL)) {
      job = grant.equals(BOB) ? job : job.apply(placed(10_000, CAROL));
      job = noticed(job, grant, 11_000);
      job = job.apply(Consequences.overdue(job, 0, 20_000).getFirst());
    }
    Grant dan = grant(replica(0, 2), "dan", 3, PRICE);
    job = job.apply(placed(30_000, dan));

    assertThat(Preemptions.of(job, preempt(dan), 31_000)).isEmpty();
    assertThat(Preemptions.allowed(job, job.tasks().getFirst())).isFalse();
  }

  @Test
  void countsAsNoLossWhenTheNodeItselfEndsItInTime() {
    Job job = noticed(job(true, 10_000_000), BOB, 3_000);
    var word =
        new JobMessage.Lost(
            BOB.replica(), BOB.node(), BOB.fence(), Problem.DEADLINE_PASSED, "late", null);

    assertThat(Preemptions.instead(job, word, 8_100)).isInstanceOf(JobEvent.Preempted.class);
    assertThat(Preemptions.instead(job(true, 10_000_000), word, 8_100)).isNull();
  }

  private static Job noticed(Job job, Grant grant, long atMillis) {
    List<JobEvent> events = Preemptions.of(job, preempt(grant), atMillis);
    assertThat(events).hasSize(1);
    return job.apply(events.getFirst());
  }

  private static JobMessage.Preempt preempt(Grant grant) {
    return new JobMessage.Preempt(
        grant.replica(), grant.node(), grant.fence(), NOTICE, FUEL_PER_SECOND, "makes room");
  }

  private static Job job(boolean preemptible, long priceMax) {
    JobSpec plain = Cast.spec(policy(verification(1, 1), priceMax), 1);
    var spec =
        new JobSpec(
            plain.name(),
            plain.labels(),
            plain.workload(),
            plain.tasks(),
            plain.policy(),
            new Scheduling(null, null, null, null, null, null, null, preemptible));
    return Job.of(Cast.submitted(spec)).apply(placed(1_000, BOB));
  }
}
