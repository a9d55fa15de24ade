package xyz.openledger.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.actors.job.Cast.committed;
import static xyz.openledger.actors.job.Cast.grant;
import static xyz.openledger.actors.job.Cast.placed;
import static xyz.openledger.actors.job.Cast.policy;
import static xyz.openledger.actors.job.Cast.replica;
import static xyz.openledger.actors.job.Cast.reveal;
import static xyz.openledger.actors.job.Cast.revealed;
import static xyz.openledger.actors.job.Cast.said;
import static xyz.openledger.actors.job.Cast.spec;
import static xyz.openledger.actors.job.Cast.submitted;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.job.JobRules.Step;
import xyz.openledger.protocol.AgreementEvidence;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.Tolerance;
import xyz.openledger.verification.Evidence;
import xyz.openledger.verification.Replica.Standing;
import xyz.openledger.verification.Verdict;

class AdaptiveJobTest {
  private static final Policy.Verification ADAPTIVE =
      new Policy.Verification(Policy.Method.ADAPTIVE, null);
  private static final Grant PROVEN =
      grant(replica(0, 0), "bob", 1, 100).of(new Standing(40, 0, false));
  private static final Grant AUDITED =
      grant(replica(0, 0), "bob", 1, 100).of(new Standing(40, 0, true));
  private static final Grant CAROL =
      grant(replica(0, 1), "carol", 2, 100).of(new Standing(40, 0, false));

  private static Job job(Policy.Verification verification) {
    return Job.of(submitted(spec(policy(verification, 1_000), 1)));
  }

  @Test
  void believesOneNodeThatHasProvenItselfAndSaysSo() {
    Job job = job(ADAPTIVE).apply(placed(1, PROVEN));
    job = job.apply(revealed(2, reveal(job, PROVEN, said("42"))));

    assertThat(JobRules.steps(job))
        .containsExactly(new Step.Finish(JobEvent.End.SETTLED, null, ""));
    Receipt receipt = JobReceipt.of(job, null, 3);
    AgreementEvidence evidence = receipt.tasks().getFirst().agreement();
    assertThat(evidence.errorPartsPerMillion()).isEqualTo(5_000);
    assertThat(evidence.committedFirst()).isFalse();
    assertThat(evidence.spread()).isEqualTo(new AgreementEvidence.Spread(1, 1, 1));
    assertThat(Evidence.faults(receipt)).isEmpty();
  }

  @Test
  void repeatsAnAuditedTaskAtAnotherOwnerWhateverTheFirstHasProven() {
    Job job = job(ADAPTIVE).apply(placed(1, AUDITED));

    assertThat(JobRules.steps(job)).singleElement().isInstanceOf(Step.Lease.class);
    Job both = job.apply(placed(2, CAROL)).apply(revealed(3, reveal(job, AUDITED, said("42"))));
    assertThat(JobRules.steps(both)).isEmpty();
    Job done =
        both.apply(committed(4, CAROL.replica()))
            .apply(revealed(5, reveal(both, CAROL, said("42"))));
    assertThat(JobRules.verdict(done, done.tasks().getFirst()))
        .isInstanceOf(Verdict.Accepted.class);
  }

  @Test
  void asksSeveralOfWhomItKnowsNothing() {
    Job job = job(ADAPTIVE).apply(placed(1, grant(replica(0, 0), "bob", 1, 100)));

    assertThat(JobRules.steps(job))
        .singleElement()
        .isInstanceOfSatisfying(
            Step.Lease.class,
            lease -> {
              assertThat(lease.count()).isOne();
              assertThat(lease.later()).isEqualTo(2);
            });
  }

  private static byte[] floats(float... values) {
    var bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static JobEvent.Reveal shows(Job job, Grant grant, byte[] output) {
    var outcome = new Outcome(Outcome.Status.FINISHED, 0, 500, Digest.of(output), output.length);
    JobEvent.Reveal reveal = reveal(job, grant, outcome);
    return new JobEvent.Reveal(reveal.replica(), outcome, reveal.statement(), output);
  }

  private static Job both(Policy.Verification verification, byte[] left, byte[] right) {
    Job job = job(verification).apply(placed(1, PROVEN, CAROL));
    return job.apply(committed(2, PROVEN.replica(), CAROL.replica()))
        .apply(revealed(3, shows(job, PROVEN, left), shows(job, CAROL, right)));
  }

  @Test
  void takesOutputsWithinATolerantPolicysToleranceForEqualAndNamesIt() {
    var tolerant =
        new Policy.Verification(
            Policy.Method.QUORUM, new Policy.Parameters(2, 2), null, null, Tolerance.ulps(2));
    byte[] left = floats(1, 2);
    byte[] near = floats(Math.nextUp(1f), 2);

    Job job = both(tolerant, left, near);
    Receipt receipt = JobReceipt.of(job, null, 4);
    Receipt.TaskReceipt task = receipt.tasks().getFirst();

    assertThat(task.replicas())
        .extracting(Receipt.ReplicaReceipt::standing)
        .containsOnly(Receipt.Standing.ACCEPTED);
    assertThat(task.outcome().outputDigest()).isEqualTo(Digest.of(left));
    assertThat(task.replicas().get(1).outcome().outputDigest()).isEqualTo(Digest.of(near));
    assertThat(task.agreement().equality()).isEqualTo(AgreementEvidence.TOLERANT);
    assertThat(Evidence.faults(receipt)).isEmpty();
    assertThat(JobRules.steps(both(tolerant, left, floats(1.1f, 2))))
        .singleElement()
        .isInstanceOfSatisfying(
            Step.Finish.class, it -> assertThat(it.end()).isEqualTo(JobEvent.End.FAILED));
  }

  @Test
  void comparesExactlyWhereThePolicySaysNothing() {
    var exact = new Policy.Verification(Policy.Method.QUORUM, new Policy.Parameters(2, 2));

    assertThat(JobRules.steps(both(exact, floats(1), floats(Math.nextUp(1f)))))
        .singleElement()
        .isInstanceOfSatisfying(
            Step.Finish.class, it -> assertThat(it.end()).isEqualTo(JobEvent.End.FAILED));
    assertThat(List.of(JobRules.steps(both(exact, floats(1), floats(1)))))
        .containsExactly(List.of(new Step.Finish(JobEvent.End.SETTLED, null, "")));
  }
}
