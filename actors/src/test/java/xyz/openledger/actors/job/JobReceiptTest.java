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
import static xyz.openledger.actors.job.Cast.verification;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import xyz.openledger.chainanchor.accounts.Charge;
import xyz.openledger.chainanchor.accounts.Withholding;
import xyz.openledger.pools.governance.Floors;
import xyz.openledger.pools.governance.Governed;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Division;
import xyz.openledger.protocol.FeeSplit;
import xyz.openledger.protocol.Price;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.Receipt.Standing;

class JobReceiptTest {
  private static final Grant BOB = grant(replica(0, 0), "bob", 1, 100);
  private static final Grant CAROL = grant(replica(0, 1), "carol", 2, 90);
  private static final Grant EVE = grant(replica(0, 2), "eve", 3, 80);

  private static final Address OWNER = Address.parse("0x" + "cd".repeat(20));

  private final Job fresh = Job.of(submitted(spec(policy(verification(2, 3), 1_000), 1)));

  /** Bob and Carol say 42, Eve something else. */
  private Job outvoted() {
    Job job = fresh.apply(placed(1, BOB, CAROL, EVE));
    return job.apply(
        revealed(
            2,
            reveal(job, BOB, said("42")),
            reveal(job, EVE, said("43")),
            reveal(job, CAROL, said("42"))));
  }

  @Test
  void chargesWhoAgreedForTheirFuelAtTheirPrice() {
    Receipt receipt = receipt(outvoted());

    long fuel = said("42").fuelUsed();
    assertThat(JobReceipt.charges(receipt))
        .containsExactly(
            new Charge(
                BOB.replica().toString(),
                BOB.node().value(),
                BOB.owner().value(),
                Price.ofReplica(fuel, 100)),
            new Charge(
                CAROL.replica().toString(),
                CAROL.node().value(),
                CAROL.owner().value(),
                Price.ofReplica(fuel, 90)));
    assertThat(receipt.chargedNanoOpen())
        .isEqualTo(JobReceipt.charges(receipt).stream().mapToLong(Charge::priceNanoOpen).sum());
    assertThat(receipt.tasks().getFirst().outcome()).isEqualTo(said("42"));
  }

  @Test
  void saysWhoGetsWhichPartWhereThePriceIsSplit() {
    var split = new FeeSplit(500, 333, 125, 25);
    JobEvent.Submitted plain = submitted(spec(policy(verification(1, 1), 1_000), 1));
    var governed = new Governed(List.of(), List.of(), List.of(), Floors.NONE, 0, split, null);
    Job job =
        Job.of(
            new JobEvent.Submitted(
                plain.job(),
                plain.tenant(),
                plain.spec(),
                plain.code(),
                plain.holdNumber(),
                1,
                plain.ruleHash(),
                plain.atMillis(),
                governed,
                OWNER,
                null));
    job = job.apply(placed(1, BOB));
    Receipt receipt = receipt(job.apply(revealed(2, reveal(job, BOB, said("42")))));

    assertThat(receipt.chargedNanoOpen()).isPositive();
    assertThat(Objects.requireNonNull(receipt.division()).split()).isEqualTo(split);
    assertThat(receipt.division().heldNanoOpen()).isEqualTo(1_000);
    assertThat(receipt.division().modelOwner()).isEqualTo(OWNER);
    assertThat(Division.faults(receipt)).isEmpty();
    Receipt whole = receipt(outvoted());
    assertThat(Objects.requireNonNull(whole.division()).nodesNanoOpen())
        .as("where it is not")
        .isEqualTo(whole.chargedNanoOpen());
    assertThat(whole.division().split()).isEqualTo(FeeSplit.NONE);
  }

  @Test
  void withholdsFromADissenterWhatItWouldHaveEarned() {
    Receipt receipt = receipt(outvoted());

    assertThat(of(receipt, EVE).standing()).isEqualTo(Standing.REJECTED);
    assertThat(of(receipt, EVE).paidNanoOpen()).isZero();
    assertThat(JobReceipt.withheld(receipt))
        .containsExactly(
            new Withholding(
                EVE.replica().toString(),
                EVE.node().value(),
                EVE.owner().value(),
                Price.ofReplica(said("43").fuelUsed(), 80),
                "dissent"));
  }

  @Test
  void paysNothingForWhatWasLostOrCalledBack() {
    Job job = fresh.apply(placed(1, BOB, CAROL)).apply(lost(2, BOB.replica(), Problem.NODE_LOST));
    Receipt receipt = receipt(job.apply(committed(3, CAROL.replica())));

    assertThat(of(receipt, BOB).standing()).isEqualTo(Standing.LOST);
    assertThat(of(receipt, CAROL).standing()).isEqualTo(Standing.RELEASED);
    assertThat(of(receipt, CAROL).statement()).isNull();
    assertThat(receipt.chargedNanoOpen()).isZero();
    assertThat(JobReceipt.charges(receipt)).isEmpty();
    assertThat(JobReceipt.withheld(receipt)).isEmpty();
  }

  @Test
  void callsNobodyWrongBeforeThereIsAVerdict() {
    Job job = fresh.apply(placed(1, BOB, CAROL));
    Receipt receipt = receipt(job.apply(revealed(2, reveal(job, BOB, said("42")))));

    assertThat(of(receipt, BOB).standing()).isEqualTo(Standing.RELEASED);
    assertThat(receipt.tasks().getFirst().outcome()).isNull();
    assertThat(receipt.chargedNanoOpen()).isZero();
  }

  @Test
  void isNotWrittenForAJobThatNeverRan() {
    assertThat(JobReceipt.of(fresh, Problem.CANCELLED, 5)).isNull();
  }

  @Test
  void saysWhatWasAskedAndWhenItWasAnswered() {
    Receipt receipt = Objects.requireNonNull(JobReceipt.of(outvoted(), null, 77));

    assertThat(receipt.spec()).isEqualTo(fresh.spec().digest());
    assertThat(receipt.verification()).isEqualTo(verification(2, 3));
    assertThat(receipt.finishedAtMillis()).isEqualTo(77);
    assertThat(of(receipt, CAROL).fence()).isEqualTo(2);
    assertThat(of(receipt, CAROL).priceNanoOpenPerGigafuel()).isEqualTo(90);
  }

  private static Receipt receipt(Job job) {
    return Objects.requireNonNull(JobReceipt.of(job, null, 5));
  }

  private static Receipt.ReplicaReceipt of(Receipt receipt, Grant grant) {
    return receipt.tasks().getFirst().replicas().stream()
        .filter(replica -> replica.replica().equals(grant.replica()))
        .findFirst()
        .orElseThrow();
  }
}
