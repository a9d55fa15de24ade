package xyz.openledger.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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

import java.util.Objects;
import org.junit.jupiter.api.Test;
import xyz.openledger.chainanchor.accounts.Charge;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.Receipt.Standing;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TaskId;

class ClaimsTest {
  private static final JobId EARLIER = JobId.of(Cast.ADA, "earlier");
  private static final Grant LIAR =
      grant(new ReplicaId(new TaskId(EARLIER, 0), 0), "liar", 9, 1_000_000);
  private static final Grant BOB = grant(replica(0, 1), "bob", 1, 100);
  private static final Grant CAROL = grant(replica(0, 2), "carol", 2, 90);

  private static Job begun(String claim) {
    JobEvent.Submitted submitted = submitted(spec(policy(verification(2, 5), 1_000), 1));
    Job plain = Job.of(submitted);
    var said =
        new JobMessage.Claim(
            plain.tasks().getFirst().identity(), LIAR, reveal(plain, LIAR, said(claim)));
    Job job = plain;
    for (JobEvent event : Claims.with(submitted, said).subList(1, 2)) {
      job = job.apply(event);
    }
    return job;
  }

  private static Receipt.ReplicaReceipt of(Receipt receipt, Grant grant) {
    return receipt.tasks().getFirst().replicas().stream()
        .filter(each -> each.replica().equals(grant.replica()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void oneMoreOwnerIsAskedAndNotTheOneWhoSpoke() {
    Job job = begun("42");

    assertThat(JobRules.steps(job))
        .singleElement()
        .isInstanceOfSatisfying(
            JobRules.Step.Lease.class,
            lease -> {
              assertThat(lease.count()).isEqualTo(1);
              assertThat(lease.ownersExcluded()).containsExactly(LIAR.owner());
            });
    assertThat(job.state()).isEqualTo("queued");
    assertThat(JobRules.replicaBudgetNanoOpen(job, 1)).as("it is paid elsewhere").isEqualTo(1_000);
  }

  @Test
  void whoComesToTheSameConfirmsItAndAloneIsPaid() {
    Job job = begun("42").apply(placed(1, BOB));
    job = job.apply(revealed(2, reveal(job, BOB, said("42"))));

    assertThat(JobRules.steps(job))
        .containsExactly(new JobRules.Step.Finish(JobEvent.End.SETTLED, null, ""));
    Receipt receipt = Objects.requireNonNull(JobReceipt.of(job, null, 5));
    assertThat(of(receipt, LIAR).standing()).isEqualTo(Standing.ACCEPTED);
    assertThat(of(receipt, LIAR).paidNanoOpen()).isZero();
    assertThat(JobReceipt.charges(receipt))
        .extracting(Charge::replicaId)
        .containsExactly(BOB.replica().toString());
    assertThat(JobReceipt.withheld(receipt)).isEmpty();
  }

  @Test
  void aLieIsOutvotedAndStandsSignedInTheReceipt() {
    Job job = begun("43").apply(placed(1, BOB));
    job = job.apply(revealed(2, reveal(job, BOB, said("42"))));
    assertThat(JobRules.steps(job)).singleElement().isInstanceOf(JobRules.Step.Lease.class);
    job = job.apply(placed(3, CAROL));
    job = job.apply(revealed(4, reveal(job, CAROL, said("42"))));

    Receipt receipt = Objects.requireNonNull(JobReceipt.of(job, null, 5));
    assertThat(receipt.tasks().getFirst().outcome()).isEqualTo(said("42"));
    assertThat(of(receipt, LIAR).standing()).isEqualTo(Standing.REJECTED);
    assertThat(of(receipt, LIAR).statement()).isNotNull();
    assertThat(JobReceipt.withheld(receipt)).as("what is paid elsewhere").isEmpty();
    assertThat(JobReceipt.charges(receipt)).hasSize(2);
  }

  @Test
  void whatWasSaidOfAnotherTaskIsNoClaim() {
    JobEvent.Submitted submitted = submitted(spec(policy(verification(2, 5), 1_000), 1));
    var other =
        new JobMessage.Claim(
            Cast.digest("another task"), LIAR, reveal(Job.of(submitted), LIAR, said("42")));
    assertThatThrownBy(() -> Claims.with(submitted, other)).isInstanceOf(ProblemException.class);
    assertThat(Claims.with(submitted, null)).containsExactly(submitted);
  }
}
