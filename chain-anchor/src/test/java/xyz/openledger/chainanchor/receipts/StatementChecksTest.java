package xyz.openledger.chainanchor.receipts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.Tolerance;

/** A receipt whose node signed that its outcome is of one run, and not of the task. */
class StatementChecksTest {
  private static final Policy.Verification TOLERANT =
      new Policy.Verification(
          Policy.Method.QUORUM, null, null, null, new Tolerance(2, null, null), null, null);
  private static final Policy.Verification TRUSTED =
      new Policy.Verification(Policy.Method.TRUSTED, null);
  private static final Policy.Verification EXACT =
      new Policy.Verification(Policy.Method.QUORUM, null);

  private final Receipt receipt =
      ReceiptFixture.receipt(ReceiptFixture.REGISTRY, ReceiptFixture.CHAIN_ID);

  @Test
  void oneRunIsEnoughWhereHonestRunsMayDiffer() throws IOException {
    assertThat(checked(ofOneRun(TOLERANT)).outcome()).isEqualTo(Check.Outcome.PASSED);
  }

  @Test
  void whereBitsAreComparedTheTaskHasToBeNamed() throws IOException {
    assertThat(checked(ofOneRun(EXACT)).outcome()).isEqualTo(Check.Outcome.FAILED);
  }

  @Test
  void anotherRunIsNotThisOne() throws IOException {
    Receipt other = with(TOLERANT, ResultStatement.oneRun(task(), replica().replica(), 8));

    assertThat(checked(other).outcome()).isEqualTo(Check.Outcome.FAILED);
  }

  @Test
  void twoReceiptsWithinAToleranceShowNoEquivocation() {
    Receipt nearly = with(TOLERANT, task(), outcome(2));

    assertThat(Equivocation.between(with(EXACT, task()), with(EXACT, task(), outcome(2))))
        .as("where bits are compared they do")
        .isPresent();
    assertThat(Equivocation.between(with(TOLERANT, task()), nearly)).isEmpty();
  }

  @Test
  void twoReceiptsOnANodesWordAloneShowNoEquivocation() {
    Receipt other = with(TRUSTED, task(), outcome(2));

    assertThat(Equivocation.between(with(TRUSTED, task()), other)).isEmpty();
    assertThat(Equivocation.between(with(EXACT, task()), other)).isEmpty();
  }

  @Test
  void whatWasAcceptedWithoutASignatureIsCounted() throws IOException {
    assertThat(checked(with(EXACT, task())).reason())
        .isEqualTo("1 results signed by registered keys");

    var unsigned = with(EXACT, task(), Objects.requireNonNull(replica().outcome()), false);
    assertThat(checked(unsigned).reason())
        .isEqualTo(
            "0 results signed by registered keys; 1 accepted without a signature, on the member's"
                + " word");
  }

  private static Check checked(Receipt receipt) throws IOException {
    return new StatementChecks(new ReceiptFixture(ReceiptFixture.REGISTRY).chain()).check(receipt);
  }

  private Receipt ofOneRun(Policy.Verification verified) {
    return with(verified, ResultStatement.oneRun(task(), replica().replica(), replica().fence()));
  }

  private Receipt with(Policy.Verification verified, Digest stated) {
    return with(verified, stated, Objects.requireNonNull(replica().outcome()));
  }

  /** The receipt under that policy, whose node signed that outcome of that. */
  private Receipt with(Policy.Verification verified, Digest stated, Outcome outcome) {
    return with(verified, stated, outcome, true);
  }

  private Receipt with(
      Policy.Verification verified, Digest stated, Outcome outcome, boolean isSigned) {
    var old = replica();
    var said = new ResultStatement(old.replica(), stated, outcome.digest(), old.fence());
    Digest root = ResultStatement.root(List.of(said));
    var court = new ResultStatement.Court(ReceiptFixture.CHAIN_ID, ReceiptFixture.REGISTRY);
    byte[] signature =
        ReceiptFixture.RESULT_KEY.sign(ResultStatement.hash(court, old.node(), root, 1));
    var signed =
        new Receipt.ReplicaReceipt(
            old.replica(),
            old.node(),
            old.owner(),
            old.pool(),
            old.fence(),
            old.standing(),
            outcome,
            isSigned
                ? new Receipt.SignedStatement(
                    root, 1, 0, List.of(), HexFormat.of().formatHex(signature))
                : null,
            old.priceNanoOpenPerGigafuel(),
            old.paidNanoOpen(),
            old.region(),
            old.carbonGramsPerKwh());
    return new Receipt(
        receipt.version(),
        receipt.kind(),
        receipt.job(),
        receipt.revision(),
        receipt.tenant(),
        receipt.spec(),
        receipt.governanceEpoch(),
        receipt.ruleHash(),
        verified,
        null,
        List.of(new Receipt.TaskReceipt(0, task(), outcome, List.of(signed))),
        receipt.chargedNanoOpen(),
        receipt.submittedAtMillis(),
        receipt.finishedAtMillis());
  }

  private Digest task() {
    return receipt.tasks().getFirst().task();
  }

  private Receipt.ReplicaReceipt replica() {
    return receipt.tasks().getFirst().replicas().getFirst();
  }

  private static Outcome outcome(int output) {
    return new Outcome(Outcome.Status.FINISHED, 0, 42, Digest.of(new byte[] {(byte) output}), 1);
  }
}
