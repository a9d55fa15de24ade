package xyz.openledger.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.actors.job.Cast.committed;
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

import java.util.List;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.job.JobRules.Step;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.verification.Evidence;
import xyz.openledger.verification.Replica.Standing;
import xyz.openledger.verification.Verdicts;

/** A job whose policy wants an answer at once and verifies it then. */
class FirstAnswerTest {
  private static final Policy.Verification ANSWERS_FIRST =
      new Policy.Verification(Policy.Method.ADAPTIVE, null, null, null, null, true);
  private static final Grant BOB = grant(replica(0, 0), "bob", 1, 100);
  private static final List<Grant> OTHERS =
      List.of(
          grant(replica(0, 1), "carol", 2, 100),
          grant(replica(0, 2), "dora", 3, 100),
          grant(replica(0, 3), "emil", 4, 100));

  private static Job fresh() {
    return Job.of(submitted(spec(policy(ANSWERS_FIRST, 1_000), 1)));
  }

  private static Job given(String answer) {
    Job job = fresh().apply(placed(1, BOB));
    for (JobEvent event : Consequences.of(job, revealed(2, reveal(job, BOB, said(answer))), 2)) {
      job = job.apply(event);
    }
    return job;
  }

  /** What the others come to; the last event, if it ends the job, with its consequence. */
  private static Job verified(Job answered, String... answers) {
    Job job = answered;
    for (int i = 0; i < answers.length; i++) {
      job = job.apply(placed(3, OTHERS.get(i)));
    }
    for (int i = 0; i < answers.length; i++) {
      Grant grant = OTHERS.get(i);
      job = job.apply(committed(4, grant.replica()));
      for (JobEvent event :
          Consequences.of(job, revealed(5, reveal(job, grant, said(answers[i]))), 5)) {
        job = job.apply(event);
      }
    }
    return job;
  }

  @Test
  void oneNodeWorksAloneUntilThereIsAnAnswer() {
    assertThat(JobRules.steps(fresh()))
        .singleElement()
        .isInstanceOfSatisfying(Step.Lease.class, lease -> assertThat(lease.count()).isOne());
    assertThat(JobRules.steps(fresh().apply(placed(1, BOB)))).isEmpty();
    Job again = fresh().apply(placed(1, BOB)).apply(lost(2, BOB.replica(), Problem.NODE_LOST));
    assertThat(JobRules.steps(again))
        .singleElement()
        .isInstanceOfSatisfying(Step.Lease.class, lease -> assertThat(lease.count()).isOne());
  }

  @Test
  void itsNodeShowsTheAnswerAtOnceHoweverLittleItHasProven() {
    assertThat(Verdicts.showsAtOnce(ANSWERS_FIRST, 0, true)).isTrue();
    assertThat(Verdicts.showsAtOnce(ANSWERS_FIRST, 40, false)).isFalse();
    assertThat(Verdicts.showsAtOnce(new Policy.Verification(Policy.Method.ADAPTIVE, null), 0, true))
        .isFalse();
  }

  @Test
  void theAnswerHasAReceiptThatPaysNobodyAndIsThenVerified() {
    Job job = given("42");

    assertThat(job.answered()).isNotNull();
    Receipt first = job.answered().receipt();
    assertThat(first.kind()).isEqualTo(Receipt.Kind.RESULT);
    assertThat(first.chargedNanoOpen()).isZero();
    assertThat(first.tasks().getFirst().outcome()).isEqualTo(said("42"));
    assertThat(first.tasks().getFirst().agreement()).isNull();
    assertThat(Evidence.faults(first)).isEmpty();
    assertThat(job.state()).isEqualTo("verifying");
    assertThat(JobRules.steps(job))
        .singleElement()
        .isInstanceOfSatisfying(
            Step.Lease.class, lease -> assertThat(lease.count() + lease.later()).isEqualTo(3));
  }

  @Test
  void whatANodeSignedIsEvidenceOnlyOnceItIsVerified() {
    Job job = verified(given("42"), "42", "42", "42");

    assertThat(replicas(job.answered().receipt())).allMatch(replica -> replica.statement() == null);
    assertThat(replicas(job.finished().receipt())).allMatch(replica -> replica.statement() != null);
  }

  private static List<Receipt.ReplicaReceipt> replicas(Receipt receipt) {
    return receipt.tasks().getFirst().replicas();
  }

  @Test
  void anAnswerThatIsConfirmedIsPaidByTheReceiptOfItsVerification() {
    Job job = verified(given("42"), "42", "42", "42");

    assertThat(job.finished()).isNotNull();
    assertThat(job.finished().end()).isEqualTo(JobEvent.End.SETTLED);
    assertThat(job.finished().detail()).contains("was confirmed");
    Receipt last = job.finished().receipt();
    assertThat(last.kind()).isEqualTo(Receipt.Kind.VERIFICATION);
    assertThat(last.leaf().key()).isNotEqualTo(job.answered().receipt().leaf().key());
    assertThat(last.tasks().getFirst().replicas())
        .allMatch(replica -> replica.standing() == Receipt.Standing.ACCEPTED)
        .allMatch(replica -> replica.paidNanoOpen() > 0);
    assertThat(Evidence.faults(last)).isEmpty();
  }

  @Test
  void anAnswerThatIsRefutedCostsItsNodeThePayAndIsSaidInTheJob() {
    Job settled = given("41");
    settled = settled.apply(placed(3, OTHERS.get(0), OTHERS.get(1), OTHERS.get(2)));
    Grant[] more = {
      grant(replica(0, 4), "finn", 5, 100).of(new Standing(40, 0, false)),
      grant(replica(0, 5), "gina", 6, 100).of(new Standing(40, 0, false))
    };
    settled = settled.apply(placed(3, more));
    for (Grant grant : List.of(OTHERS.get(0), OTHERS.get(1), OTHERS.get(2), more[0], more[1])) {
      if (settled.finished() != null) {
        break;
      }
      settled = settled.apply(committed(4, grant.replica()));
      for (JobEvent event :
          Consequences.of(settled, revealed(5, reveal(settled, grant, said("42"))), 5)) {
        settled = settled.apply(event);
      }
    }

    assertThat(settled.finished()).isNotNull();
    assertThat(settled.finished().detail()).contains("given first was wrong");
    Receipt last = settled.finished().receipt();
    assertThat(last.tasks().getFirst().outcome()).isEqualTo(said("42"));
    assertThat(last.tasks().getFirst().replicas().getFirst())
        .satisfies(
            bob -> {
              assertThat(bob.node()).isEqualTo(BOB.node());
              assertThat(bob.standing()).isEqualTo(Receipt.Standing.REJECTED);
              assertThat(bob.paidNanoOpen()).isZero();
            });
  }

  @Test
  void whoGaveAnAnswerThatNobodyCouldVerifyIsPaidAndNothingIsClaimedOfIt() {
    Job job = given("42").apply(placed(3, OTHERS.get(0)));
    var late =
        Consequences.finish(
            job, new Step.Finish(JobEvent.End.EXPIRED, Problem.DEADLINE_PASSED, "too late"), 9);

    assertThat(late.detail())
        .isEqualTo("too late; the answer that was given first was not verified");
    Receipt.TaskReceipt task = late.receipt().tasks().getFirst();
    assertThat(task.outcome()).isEqualTo(said("42"));
    assertThat(task.agreement()).isNull();
    assertThat(task.replicas().getFirst().paidNanoOpen()).isPositive();
    assertThat(task.replicas().getLast().paidNanoOpen()).isZero();
  }

  @Test
  void aProvenNodeThatIsNotAuditedNeedsNoSecondReceipt() {
    Job job = fresh().apply(placed(1, BOB.of(new Standing(40, 0, false))));
    List<JobEvent> events = Consequences.of(job, revealed(2, reveal(job, BOB, said("42"))), 2);

    assertThat(events).noneMatch(JobEvent.Answered.class::isInstance);
    assertThat(events.getLast())
        .isInstanceOfSatisfying(
            JobEvent.Finished.class,
            end -> assertThat(end.receipt().kind()).isEqualTo(Receipt.Kind.RESULT));
  }
}
