package xyz.openledger.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
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

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xyz.openledger.chainanchor.accounts.Books;
import xyz.openledger.chainanchor.accounts.Decision;
import xyz.openledger.chainanchor.accounts.LedgerCommand;
import xyz.openledger.chainanchor.accounts.Origin;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Price;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt;

/** The table of {@code docs/refunds.md}, line by line, on the books themselves. */
class RefundRulesTest {
  private static final long DEPOSIT = 10_000;
  private static final long HELD = 5_000;
  private static final Grant BOB = grant(replica(0, 0), "bob", 1, 100);
  private static final Grant CAROL = grant(replica(0, 1), "carol", 2, 90);
  private static final Grant DAVE = grant(replica(1, 0), "dave", 3, 80);
  private static final Grant ERIN = grant(replica(1, 1), "erin", 4, 70);

  /** What Bob and Carol earn with the first task. */
  private static final long FIRST_TASK = price(BOB, said("42")) + price(CAROL, said("42"));

  private final Books books = new Books();
  private final Job fresh = Job.of(submitted(spec(policy(verification(2, 2), HELD), 2)));

  @BeforeEach
  void theRequesterDepositsAndTheLimitIsHeld() {
    String address = "0x" + "1".repeat(40);
    book(
        new LedgerCommand.Deposit(
            Cast.ADA.value(), address, DEPOSIT, address, "0x" + "2".repeat(64) + "/0", 1));
    book(
        new LedgerCommand.Hold(
            Cast.JOB.value(), Cast.ADA.value(), HELD, new Origin("partition-1", 1)));
  }

  /** Bob and Carol have agreed on the first task; Dave and Erin have the second. */
  private Job firstTaskAccepted() {
    Job job = fresh.apply(placed(1, BOB, CAROL, DAVE, ERIN));
    return job.apply(revealed(2, reveal(job, BOB, said("42")), reveal(job, CAROL, said("42"))));
  }

  @Test
  void settledPaysEveryAcceptedReplica() {
    Job job = firstTaskAccepted();
    job = job.apply(revealed(3, reveal(job, DAVE, said("7")), reveal(job, ERIN, said("7"))));

    end(job, null);

    paid(FIRST_TASK + price(DAVE, said("7")) + price(ERIN, said("7")));
  }

  @Test
  void aTaskThatFailsIsPaidLikeOneThatDoesNot() {
    var trapped = new Outcome(Outcome.Status.TRAPPED, 0, 300_000_000, Cast.digest(""), 0);
    Job job = firstTaskAccepted();
    job = job.apply(revealed(3, reveal(job, DAVE, trapped), reveal(job, ERIN, trapped)));

    end(job, Problem.TASK_TRAPPED);

    paid(FIRST_TASK + price(DAVE, trapped) + price(ERIN, trapped));
  }

  @Test
  void withoutAgreementNobodyIsPaidForThatTask() {
    Job job = firstTaskAccepted();
    job = job.apply(revealed(3, reveal(job, DAVE, said("7")), reveal(job, ERIN, said("8"))));

    Receipt receipt = end(job, Problem.NO_AGREEMENT);

    paid(FIRST_TASK);
    assertThat(JobReceipt.withheld(receipt)).as("nobody is called wrong").isEmpty();
  }

  @Test
  void cancelledPaysTheTasksThatWereAcceptedBefore() {
    end(firstTaskAccepted(), Problem.CANCELLED);

    paid(FIRST_TASK);
  }

  @Test
  void expiredPaysTheTasksThatWereAcceptedBefore() {
    Job job = firstTaskAccepted().apply(lost(3, DAVE.replica(), Problem.NODE_LOST));

    end(job, Problem.DEADLINE_PASSED);

    paid(FIRST_TASK);
  }

  @Test
  void refusedReturnsEverything() {
    assertThat(JobReceipt.of(fresh, Problem.UNSATISFIABLE_POLICY, 9)).isNull();
    book(new LedgerCommand.Release(Cast.JOB.value(), "refused"));

    paid(0);
  }

  /** Ends the job as its partition does: by a receipt, and what the books make of it. */
  private Receipt end(Job job, @Nullable Problem problem) {
    Receipt receipt = JobReceipt.of(job, problem, 9);
    assertThat(receipt).isNotNull();
    book(
        new LedgerCommand.Settle(
            Cast.JOB.value(), JobReceipt.charges(receipt), JobReceipt.withheld(receipt), 0));
    return receipt;
  }

  private void paid(long nanoOpen) {
    var balance = books.requester(Cast.ADA.value());
    assertThat(balance.availableNanoOpen()).isEqualTo(DEPOSIT - nanoOpen);
    assertThat(balance.heldNanoOpen()).isZero();
    long earned = 0;
    for (String name : new String[] {"bob", "carol", "dave", "erin"}) {
      earned += books.payee(owner(name).value()).earnedNanoOpen();
    }
    assertThat(earned).isEqualTo(nanoOpen);
    assertThat(books.audit()).isEmpty();
  }

  private void book(LedgerCommand command) {
    assertThat(books.decide(command))
        .isInstanceOfSatisfying(
            Decision.Accepted.class, accepted -> accepted.events().forEach(books::apply));
  }

  private static long price(Grant grant, Outcome outcome) {
    return Price.ofReplica(outcome.fuelUsed(), grant.priceNanoOpenPerGigafuel());
  }
}
