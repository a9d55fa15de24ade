package xyz.openledger.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.verification.Cast.node;
import static xyz.openledger.verification.Cast.owner;
import static xyz.openledger.verification.Cast.replica;
import static xyz.openledger.verification.Cast.said;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.Receipt.DisputePlayed;
import xyz.openledger.protocol.Receipt.ProductCheck;
import xyz.openledger.protocol.Receipt.Standing;
import xyz.openledger.protocol.TenantId;

/** Receipts that say more, or other things, than the checks in them bear out. */
class ProductEvidenceTest {
  private static final ProductCheck HOLDS = new ProductCheck(true, 2, -61, "");
  private static final ProductCheck WRONG = new ProductCheck(false, 0, -61, "a product is wrong");

  private static Receipt.ReplicaReceipt says(
      int number, String says, Standing standing, @Nullable ProductCheck check) {
    return new Receipt.ReplicaReceipt(
        replica(number),
        node("n" + number),
        owner("o" + number),
        PoolId.of("ada", "attic"),
        1,
        standing,
        said(says),
        null,
        1,
        0,
        "eu",
        1,
        check);
  }

  private static List<String> faults(Policy.Method method, Receipt.ReplicaReceipt... replicas) {
    return ProductEvidence.faults(receipt(method, replicas));
  }

  private static Receipt receipt(Policy.Method method, Receipt.ReplicaReceipt... replicas) {
    return new Receipt(
        Receipt.VERSION,
        Receipt.Kind.RESULT,
        JobId.of(new TenantId("requester"), "verification"),
        0,
        new TenantId("requester"),
        Cast.digest("spec"),
        0,
        Receipt.NO_RULES,
        new Policy.Verification(method, null),
        null,
        List.of(new Receipt.TaskReceipt(0, Cast.digest("task"), said("right"), List.of(replicas))),
        0,
        0,
        1);
  }

  private static ProductCheck disputed(boolean holds, boolean rivalHolds, int rounds) {
    return new ProductCheck(
        holds, 0, -61, "", new DisputePlayed(replica(0), rivalHolds, rounds, 9), null);
  }

  @Test
  void areBelievedWhereAcceptedIsWhatHolds() {
    Receipt honest =
        receipt(
            Policy.Method.FREIVALDS,
            says(0, "wrong", Standing.REJECTED, WRONG),
            says(1, "right", Standing.ACCEPTED, HOLDS));
    assertThat(ProductEvidence.concerns(honest)).isTrue();
    assertThat(ProductEvidence.faults(honest)).isEmpty();
    assertThat(ProductEvidence.words(honest))
        .contains("1 of 2 checked outcomes hold")
        .contains("2^-61");
  }

  @Test
  void areRefusedIfWhatWasAcceptedWasNotCheckedOrIsWrong() {
    assertThat(faults(Policy.Method.FREIVALDS, says(0, "right", Standing.ACCEPTED, null)))
        .singleElement()
        .asString()
        .contains("accepted and not checked");
    assertThat(faults(Policy.Method.SUMCHECK, says(0, "right", Standing.ACCEPTED, WRONG)))
        .singleElement()
        .asString()
        .contains("says that it is wrong");
    assertThat(faults(Policy.Method.FREIVALDS, says(0, "right", Standing.REJECTED, HOLDS)))
        .singleElement()
        .asString()
        .contains("says that it is right");
    assertThat(
            faults(
                Policy.Method.FREIVALDS,
                says(0, "right", Standing.ACCEPTED, new ProductCheck(true, 2, -3, ""))))
        .singleElement()
        .asString()
        .contains("as little as 2^-3");
    assertThat(faults(Policy.Method.SUMCHECK, says(0, "right", Standing.ACCEPTED, HOLDS)))
        .singleElement()
        .asString()
        .contains("how long its proofs are");
    assertThat(faults(Policy.Method.ZK, says(0, "right", Standing.ACCEPTED, HOLDS)))
        .singleElement()
        .asString()
        .contains("carries no proof");
  }

  @Test
  void areRefusedIfADisputeCameToSomethingElseThanWhatWasDecided() {
    var liar = says(0, "wrong", Standing.REJECTED, null);
    assertThat(
            faults(
                Policy.Method.DISPUTE,
                liar,
                says(1, "right", Standing.ACCEPTED, disputed(true, false, 5))))
        .isEmpty();
    assertThat(
            faults(
                Policy.Method.DISPUTE,
                liar,
                says(1, "right", Standing.ACCEPTED, disputed(true, true, 5))))
        .singleElement()
        .asString()
        .contains("both right");
    assertThat(
            faults(
                Policy.Method.DISPUTE,
                says(0, "wrong", Standing.ACCEPTED, null),
                says(1, "right", Standing.ACCEPTED, disputed(true, false, 5))))
        .singleElement()
        .asString()
        .contains("not what the dispute with it came to");
    assertThat(
            faults(
                Policy.Method.DISPUTE,
                liar,
                says(1, "right", Standing.ACCEPTED, disputed(true, false, 10))))
        .singleElement()
        .asString()
        .contains("at most 9");
    assertThat(
            faults(
                Policy.Method.DISPUTE,
                says(0, "right", Standing.ACCEPTED, null),
                says(1, "right", Standing.ACCEPTED, disputed(true, false, 5))))
        .singleElement()
        .asString()
        .contains("nobody who said otherwise");
  }
}
