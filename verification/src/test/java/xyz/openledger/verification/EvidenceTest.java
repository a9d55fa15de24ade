package xyz.openledger.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.verification.Cast.node;
import static xyz.openledger.verification.Cast.owner;
import static xyz.openledger.verification.Cast.replica;
import static xyz.openledger.verification.Cast.said;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.protocol.AgreementEvidence;
import xyz.openledger.protocol.AgreementEvidence.Witness;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.verification.Replica.Standing;

class EvidenceTest {
  private static final Policy.Verification ADAPTIVE =
      new Policy.Verification(Policy.Method.ADAPTIVE, null);
  private static final int A_FIFTH = 200_000;

  private static Receipt.ReplicaReceipt replicaOf(int number, String owner, String says) {
    return new Receipt.ReplicaReceipt(
        replica(number),
        node("n" + number),
        owner(owner),
        PoolId.of("ada", "attic"),
        1,
        says.equals("right") ? Receipt.Standing.ACCEPTED : Receipt.Standing.REJECTED,
        said(says),
        null,
        1,
        0,
        "eu",
        1);
  }

  private static Receipt receipt(
      Policy.Verification policy,
      List<Receipt.ReplicaReceipt> replicas,
      List<Witness> witnesses,
      int error) {
    return receipt(policy, replicas, witnesses, A_FIFTH, error);
  }

  private static Receipt receipt(
      Policy.Verification policy,
      List<Receipt.ReplicaReceipt> replicas,
      List<Witness> witnesses,
      int saboteurs,
      int error) {
    var evidence =
        new AgreementEvidence(
            "wasm-7-12",
            saboteurs,
            error,
            AgreementEvidence.EXACT,
            true,
            witnesses,
            Evidence.spread(replicas));
    var task = new Receipt.TaskReceipt(0, Cast.digest("task"), said("right"), replicas, evidence);
    return new Receipt(
        Receipt.VERSION,
        Receipt.Kind.RESULT,
        JobId.of(new TenantId("requester"), "verification"),
        0,
        new TenantId("requester"),
        Cast.digest("spec"),
        0,
        Receipt.NO_RULES,
        policy,
        null,
        List.of(task),
        0,
        0,
        1);
  }

  private static Witness witness(int number, long confirmed, boolean agrees) {
    return new Witness(replica(number), confirmed, 0, agrees);
  }

  private static final List<Receipt.ReplicaReceipt> TWO_AND_ONE =
      List.of(
          replicaOf(0, "ada", "right"), replicaOf(1, "bob", "right"), replicaOf(2, "eve", "lie"));
  private static final List<Witness> WITNESSES =
      List.of(witness(0, 40, true), witness(1, 15, true), witness(2, 3, false));

  private static int error() {
    return Evidence.errorPartsPerMillion(A_FIFTH, WITNESSES, TWO_AND_ONE);
  }

  @Test
  void bearsOutWhatItClaims() {
    assertThat(error()).isBetween(1, 10_000);
    assertThat(Evidence.faults(receipt(ADAPTIVE, TWO_AND_ONE, WITNESSES, error()))).isEmpty();
  }

  private static Receipt.ReplicaReceipt signed(Receipt.ReplicaReceipt replica) {
    return new Receipt.ReplicaReceipt(
        replica.replica(),
        replica.node(),
        replica.owner(),
        replica.pool(),
        replica.fence(),
        replica.standing(),
        replica.outcome(),
        new Receipt.SignedStatement(Cast.digest("batch"), 1, 0, List.of(), "00".repeat(65)),
        replica.priceNanoOpenPerGigafuel(),
        replica.paidNanoOpen(),
        replica.region(),
        replica.carbonGramsPerKwh());
  }

  /** The same receipt, and whether its tasks say who agreed. */
  private static Receipt receipt(
      Policy.Verification policy,
      Receipt.Kind kind,
      List<Receipt.ReplicaReceipt> replicas,
      boolean saysWhoAgreed) {
    Receipt said = receipt(policy, replicas, WITNESSES, error());
    Receipt.TaskReceipt task = said.tasks().getFirst();
    return new Receipt(
        Receipt.VERSION,
        kind,
        said.job(),
        0,
        said.tenant(),
        said.spec(),
        0,
        Receipt.NO_RULES,
        policy,
        null,
        List.of(
            new Receipt.TaskReceipt(
                0, task.task(), task.outcome(), replicas, saysWhoAgreed ? task.agreement() : null)),
        0,
        0,
        1);
  }

  @Test
  void lacksTheWordOfANodeThatWasAccepted() {
    var signed = TWO_AND_ONE.stream().map(EvidenceTest::signed).toList();
    var oneIsNot = List.of(signed.get(0), TWO_AND_ONE.get(1), signed.get(2));

    assertThat(Evidence.gaps(receipt(ADAPTIVE, Receipt.Kind.RESULT, signed, true))).isEmpty();
    assertThat(Evidence.gaps(receipt(ADAPTIVE, Receipt.Kind.RESULT, oneIsNot, true)))
        .singleElement()
        .asString()
        .contains("its node signed nothing");
  }

  @Test
  void lacksWhoAgreedOrThatAnybodyDid() {
    var signed = TWO_AND_ONE.stream().map(EvidenceTest::signed).toList();

    assertThat(Evidence.gaps(receipt(ADAPTIVE, Receipt.Kind.RESULT, signed, false)))
        .singleElement()
        .asString()
        .contains("nothing says who agreed");
    assertThat(Evidence.gaps(receipt(ADAPTIVE, Receipt.Kind.RESULT, signed.subList(2, 3), true)))
        .singleElement()
        .asString()
        .contains("nobody came to what was accepted");
  }

  @Test
  void ofAnAnswerThatIsGivenFirstIsOneNodesWordAndSaidToBe() {
    var first = new Policy.Verification(Policy.Method.ADAPTIVE, null, null, null, null, true, null);
    Receipt given = receipt(first, Receipt.Kind.RESULT, TWO_AND_ONE, false);

    assertThat(Evidence.gaps(given)).isEmpty();
    assertThat(Evidence.unverified(given)).isOne();
    assertThat(Evidence.gaps(receipt(first, Receipt.Kind.VERIFICATION, TWO_AND_ONE, false)))
        .as("what is paid was signed")
        .isNotEmpty();
  }

  @Test
  void isRefusedIfItsNumbersComeToAnotherBound() {
    assertThat(Evidence.faults(receipt(ADAPTIVE, TWO_AND_ONE, WITNESSES, error() - 1)))
        .singleElement()
        .asString()
        .contains("its numbers come to " + error());
  }

  @Test
  void isRefusedIfItAssumesThatHardlyAnybodyLies() {
    var alone = List.of(replicaOf(0, "ada", "right"));
    var newcomer = List.of(witness(0, 0, true));
    int error = Evidence.errorPartsPerMillion(1, newcomer, alone);

    assertThat(error).as("little enough for the policy, by that word").isLessThan(10_000);
    assertThat(Evidence.faults(receipt(ADAPTIVE, alone, newcomer, 1, error)))
        .singleElement()
        .asString()
        .contains("it assumes that 1 of a million machines lie, members assume 200000");
  }

  @Test
  void isRefusedIfAWitnessWasLeftOutOrMadeUpOrTurnedRound() {
    assertThat(Evidence.faults(receipt(ADAPTIVE, TWO_AND_ONE, WITNESSES.subList(0, 2), 1)))
        .singleElement()
        .asString()
        .contains("answered and is no witness");
    var madeUp = new ArrayList<>(WITNESSES);
    madeUp.add(witness(3, 9_999, true));
    assertThat(Evidence.faults(receipt(ADAPTIVE, TWO_AND_ONE, madeUp, 1)))
        .singleElement()
        .asString()
        .contains("no witness of this task");
    var turned = List.of(WITNESSES.get(0), WITNESSES.get(1), witness(2, 3, true));
    assertThat(Evidence.faults(receipt(ADAPTIVE, TWO_AND_ONE, turned, 1)))
        .singleElement()
        .asString()
        .contains("was not accepted");
  }

  @Test
  void isRefusedIfItIsLessThanThePolicyAsks() {
    var alone = List.of(replicaOf(0, "ada", "right"));
    var newcomer = List.of(witness(0, 0, true));
    int error = Evidence.errorPartsPerMillion(A_FIFTH, newcomer, alone);

    assertThat(error).isEqualTo(A_FIFTH);
    assertThat(Evidence.faults(receipt(ADAPTIVE, alone, newcomer, error)))
        .singleElement()
        .asString()
        .contains("above the policy's 10000");
    var quorum = new Policy.Verification(Policy.Method.QUORUM, null);
    assertThat(Evidence.faults(receipt(quorum, alone, newcomer, error)))
        .singleElement()
        .asString()
        .contains("1 owners agree, the policy asks for 2");
    var trust = new Policy.Verification(Policy.Method.TRUST, null, null, 10, null);
    assertThat(Evidence.faults(receipt(trust, alone, newcomer, error)))
        .singleElement()
        .asString()
        .contains("does not weigh enough");
  }

  @Test
  void hearsAnOwnerOnceHoweverManyNodes() {
    var twice = List.of(replicaOf(0, "ada", "right"), replicaOf(1, "ada", "right"));
    var witnesses = List.of(witness(0, 5, true), witness(1, 5, true));

    assertThat(Evidence.errorPartsPerMillion(A_FIFTH, witnesses, twice))
        .isEqualTo(
            Evidence.errorPartsPerMillion(A_FIFTH, witnesses.subList(0, 1), twice.subList(0, 1)));
  }

  /** The bound in the evidence is the one that the rule decided by, to the last millionth. */
  @ParameterizedTest
  @ValueSource(longs = {7, 11, 13})
  void comesToWhatTheRuleDecidedBy(long seed) {
    var random = new SplittableRandom(seed);
    for (int life = 0; life < 2_000; life++) {
      var replicas = new ArrayList<Replica>();
      var receipts = new ArrayList<Receipt.ReplicaReceipt>();
      var witnesses = new ArrayList<Witness>();
      Verdict verdict = Adaptive.decide(ADAPTIVE, replicas);
      while (verdict instanceof Verdict.Lease) {
        int number = replicas.size();
        long confirmed = random.nextInt(4) == 0 ? 0 : random.nextLong(60);
        boolean lies = random.nextInt(8) == 0;
        Outcome outcome = said(lies ? "lie" : "right");
        replicas.add(
            Replica.leased(replica(number), node("n" + number), owner("o" + number))
                .of(new Standing(confirmed, random.nextInt(5) == 0))
                .revealed(outcome));
        receipts.add(replicaOf(number, "o" + number, lies ? "lie" : "right"));
        witnesses.add(witness(number, confirmed, !lies));
        verdict = Adaptive.decide(ADAPTIVE, replicas);
      }
      if (verdict instanceof Verdict.Accepted accepted
          && accepted.outcome().equals(said("right"))) {
        int error = Evidence.errorPartsPerMillion(A_FIFTH, witnesses, receipts);
        assertThat(error)
            .isEqualTo(Adaptive.errorPartsPerMillion(replicas, Adaptive.SABOTEURS))
            .isLessThanOrEqualTo(10_000);
        assertThat(Evidence.faults(receipt(ADAPTIVE, receipts, witnesses, error))).isEmpty();
      }
    }
  }
}
