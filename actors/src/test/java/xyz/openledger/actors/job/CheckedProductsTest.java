package xyz.openledger.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xyz.openledger.actors.job.Cast.digest;
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

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.job.JobRules.Step;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.Workload;

/** What follows for a job whose products are checked. */
class CheckedProductsTest {
  private static final Policy.Verification FREIVALDS =
      new Policy.Verification(Policy.Method.FREIVALDS, new Policy.Parameters(1, 2));
  private static final Grant BOB = grant(replica(0, 0), "bob", 1, 100);
  private static final Grant CAROL = grant(replica(0, 1), "carol", 2, 100);
  private static final Receipt.ProductCheck HOLDS = new Receipt.ProductCheck(true, 2, -61, "");
  private static final Receipt.ProductCheck WRONG =
      new Receipt.ProductCheck(false, 0, -61, "operator 0: the product is wrong");

  private static JobSpec job(Workload workload, List<String> arguments) {
    return new JobSpec(
        "",
        Map.of(),
        workload,
        List.of(new JobSpec.Task(arguments, digest("input"))),
        policy(FREIVALDS, 1_000));
  }

  private static Job job() {
    return Job.of(
        submitted(
            job(
                new Workload.Matmul(digest("network"), 1_000_000_000, 1 << 20, 1 << 20),
                List.of("trace"))));
  }

  private static JobEvent.Reveal checked(
      Job job, Grant grant, Outcome outcome, Receipt.ProductCheck check) {
    JobEvent.Reveal said = reveal(job, grant, outcome);
    return new JobEvent.Reveal(
        said.replica(), said.outcome(), said.statement(), said.output(), check);
  }

  @Test
  void settlesWithOneReplicaWhoseProductsHold() {
    Job job = job();
    assertThat(JobRules.steps(job)).containsExactly(new Step.Lease(0, 1, Set.of(), Set.of()));
    job = job.apply(placed(1, BOB));
    assertThat(JobRules.steps(job)).isEmpty();
    job = job.apply(revealed(2, checked(job, BOB, said("right"), HOLDS)));
    assertThat(JobRules.steps(job))
        .containsExactly(new Step.Finish(JobEvent.End.SETTLED, null, ""));
  }

  @Test
  void asksAnotherOwnerAfterAWrongProductAndPaysOnlyTheRight() {
    Job job = job().apply(placed(1, BOB));
    job = job.apply(revealed(2, checked(job, BOB, said("wrong"), WRONG)));
    assertThat(JobRules.steps(job))
        .containsExactly(new Step.Lease(0, 1, Set.of(owner("bob")), Set.of()));
    job = job.apply(placed(3, CAROL));
    job = job.apply(revealed(4, checked(job, CAROL, said("right"), HOLDS)));

    Receipt receipt = Objects.requireNonNull(JobReceipt.of(job, null, 5));
    List<Receipt.ReplicaReceipt> replicas = receipt.tasks().getFirst().replicas();
    assertThat(replicas)
        .extracting(Receipt.ReplicaReceipt::standing)
        .containsExactly(Receipt.Standing.REJECTED, Receipt.Standing.ACCEPTED);
    assertThat(replicas.getFirst().paidNanoOpen()).isZero();
    assertThat(replicas.getLast().paidNanoOpen()).isPositive();
    assertThat(replicas).extracting(Receipt.ReplicaReceipt::check).containsExactly(WRONG, HOLDS);
    assertThat(receipt.tasks().getFirst().outcome()).isEqualTo(said("right"));
  }

  @Test
  void takesNothingForProvenThatWasNotChecked() {
    Job job = job().apply(placed(1, BOB));
    job = job.apply(revealed(2, reveal(job, BOB, said("unchecked"))));
    assertThat(JobRules.steps(job))
        .containsExactly(new Step.Lease(0, 1, Set.of(owner("bob")), Set.of()));
  }

  @Test
  void givesUpOnceAsManyHaveLiedAsThePolicyAllows() {
    Job job = job().apply(placed(1, BOB));
    job = job.apply(revealed(2, checked(job, BOB, said("wrong"), WRONG))).apply(placed(3, CAROL));
    job = job.apply(revealed(4, checked(job, CAROL, said("too"), WRONG)));
    assertThat(JobRules.steps(job))
        .singleElement()
        .isInstanceOfSatisfying(
            Step.Finish.class,
            finish -> assertThat(finish.problem()).isEqualTo(Problem.NO_AGREEMENT));

    // Nobody is left, and all who were refuted are: the receipt of a failed job says so too.
    Receipt receipt = Objects.requireNonNull(JobReceipt.of(job, Problem.NO_AGREEMENT, 5));
    assertThat(receipt.tasks().getFirst().replicas())
        .hasSize(2)
        .allMatch(it -> it.standing() == Receipt.Standing.REJECTED && it.paidNanoOpen() == 0);
    assertThat(receipt.chargedNanoOpen()).isZero();
  }

  @Test
  void replacesAReplicaThatWasLost() {
    Job job = job().apply(placed(1, BOB)).apply(lost(2, BOB.replica(), Problem.NODE_LOST));
    assertThat(JobRules.steps(job)).containsExactly(new Step.Lease(0, 1, Set.of(), Set.of()));
  }

  @Test
  void isRefusedForWorkWithoutProductsAndWithoutATrace() {
    assertThatThrownBy(() -> spec(policy(FREIVALDS, 1_000), 1))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("matmul");
    var matmul = new Workload.Matmul(digest("network"), 1_000, 1 << 20, 1 << 20);
    assertThatThrownBy(() -> job(matmul, List.of()))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("trace");
  }
}
