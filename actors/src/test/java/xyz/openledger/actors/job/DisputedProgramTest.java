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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.job.JobRules.Step;
import xyz.openledger.chainanchor.accounts.Withholding;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.Workload;
import xyz.openledger.verification.Evidence;

/** What follows for a program about which two owners do not agree. */
class DisputedProgramTest {
  private static final Grant BOB = grant(replica(0, 0), "bob", 1, 100);
  private static final Grant CAROL = grant(replica(0, 1), "carol", 2, 100);
  private static final Grant DAVE = grant(replica(0, 2), "dave", 3, 100);
  private static final Grant ERIN = grant(replica(0, 3), "erin", 4, 100);
  private static final Grant FRANK = grant(replica(0, 4), "frank", 5, 100);
  private static final Outcome RIGHT = said("right");
  private static final Outcome WRONG = said("wrong");

  private final Job asked =
      Job.of(
              submitted(
                  new JobSpec(
                      "",
                      Map.of(),
                      new Workload.Wasm(digest("module"), 1_000_000_000, 1 << 20, 1 << 20),
                      List.of(
                          new JobSpec.Task(List.of(Workload.Wasm.CHECKPOINTS), digest("input"))),
                      policy(
                          new Policy.Verification(
                              Policy.Method.DISPUTE, new Policy.Parameters(2, 5)),
                          10_000))))
          .apply(placed(1, BOB, CAROL))
          .apply(committed(2, BOB.replica(), CAROL.replica()));

  private Job parted() {
    Job job = asked.apply(revealed(3, reveal(asked, BOB, WRONG)));
    assertThat(Findings.rival(job, job.tasks().getFirst(), RIGHT)).isNull();
    return job.apply(revealed(4, reveal(job, CAROL, RIGHT)));
  }

  private static Job say(Job job, Grant grant, Outcome outcome) {
    return job.apply(revealed(7, reveal(job, grant, outcome)));
  }

  @Test
  void asksThreeOthersAndPaysThoseWhoCameToWhatTheirMajoritySays() {
    Job job = parted();
    assertThat(JobRules.steps(job))
        .containsExactly(new Step.Lease(0, 3, Set.of(owner("bob"), owner("carol")), Set.of()));
    job =
        job.apply(placed(5, DAVE, ERIN, FRANK))
            .apply(committed(6, DAVE.replica(), ERIN.replica(), FRANK.replica()));
    job = say(say(say(job, DAVE, WRONG), ERIN, RIGHT), FRANK, RIGHT);

    assertThat(JobRules.steps(job))
        .containsExactly(new Step.Finish(JobEvent.End.SETTLED, null, ""));
    Receipt receipt = Objects.requireNonNull(JobReceipt.of(job, null, 9));
    assertThat(receipt.tasks().getFirst().outcome()).isEqualTo(RIGHT);
    assertThat(JobReceipt.withheld(receipt))
        .extracting(Withholding::nodeId)
        .containsExactly(BOB.node().value(), DAVE.node().value());
    assertThat(JobReceipt.charges(receipt)).hasSize(3);
    assertThat(Evidence.faults(receipt)).isEmpty();
  }

  @Test
  void aReceiptWhoseCommitteeWasPassedOverIsFound() {
    Job job =
        parted()
            .apply(placed(5, DAVE, ERIN, FRANK))
            .apply(committed(6, DAVE.replica(), ERIN.replica(), FRANK.replica()));
    job = say(say(say(job, DAVE, WRONG), ERIN, RIGHT), FRANK, RIGHT);
    Receipt receipt = Objects.requireNonNull(JobReceipt.of(job, null, 9));
    var task = receipt.tasks().getFirst();
    // Without the committee's dissenting and one agreeing member two owners still agree.
    List<Receipt.ReplicaReceipt> fewer = new ArrayList<>(task.replicas());
    fewer.remove(4);
    fewer.remove(2);
    var evidence = Objects.requireNonNull(task.agreement());
    var witnesses = new ArrayList<>(evidence.witnesses());
    witnesses.remove(4);
    witnesses.remove(2);
    var forged =
        new Receipt.TaskReceipt(
            0,
            task.task(),
            task.outcome(),
            fewer,
            new xyz.openledger.protocol.AgreementEvidence(
                evidence.workloadClass(),
                evidence.saboteursPartsPerMillion(),
                Evidence.errorPartsPerMillion(
                    evidence.saboteursPartsPerMillion(), witnesses, fewer),
                evidence.equality(),
                evidence.committedFirst(),
                witnesses,
                Evidence.spread(fewer)));
    assertThat(Evidence.faults(with(receipt, forged)))
        .containsExactly(
            "task 0: its replicas do not come to what was accepted by the rule of disputes");
  }

  private static Receipt with(Receipt receipt, Receipt.TaskReceipt task) {
    return new Receipt(
        receipt.version(),
        receipt.kind(),
        receipt.job(),
        receipt.revision(),
        receipt.tenant(),
        receipt.spec(),
        receipt.governanceEpoch(),
        receipt.ruleHash(),
        receipt.verification(),
        receipt.problem(),
        List.of(task),
        receipt.chargedNanoOpen(),
        receipt.submittedAtMillis(),
        receipt.finishedAtMillis());
  }
}
