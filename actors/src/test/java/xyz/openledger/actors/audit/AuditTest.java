package xyz.openledger.actors.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.job.Cast;
import xyz.openledger.actors.job.JobEvent;
import xyz.openledger.chainanchor.accounts.ChainMoney;
import xyz.openledger.chainanchor.accounts.LedgerEvent;
import xyz.openledger.chainanchor.accounts.Payment;
import xyz.openledger.chainanchor.log.LogEvent;
import xyz.openledger.chainanchor.log.LogLeaf;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.merkle.MerkleTree;

/** Each planted fault makes the audit go red, by the sentence that names it. */
class AuditTest {
  private static final JobId JOB = Cast.JOB;
  private static final ReplicaId REPLICA = Cast.replica(0, 0);
  private static final JobSpec SPEC = Cast.spec(Cast.policy(Cast.verification(1, 1), 40), 1);
  private static final String ESCROW = "0x00000000000000000000000000000000000000e5";
  private static final String OWNER = "0x00000000000000000000000000000000000000aa";

  private final Audit audit = new Audit();

  @Test
  void findsNothingWrongWithBooksThatAddUp() {
    fund();
    audit.ledger(new LedgerEvent.Released(JOB.value(), "ada", 40, "cancelled"));

    assertThat(audit.report(null).findings()).isEmpty();
  }

  @Test
  void findsAJobThatEndedTwice() {
    audit.job(end());
    audit.job(end());

    assertThat(audit.report(null).findings()).anyMatch(it -> it.contains("ended twice"));
  }

  @Test
  void findsAJobThatWasSettledTwice() {
    audit.job(end());
    audit.job(new JobEvent.Settled(JOB, -1, 3));
    audit.job(new JobEvent.Settled(JOB, -1, 4));

    assertThat(audit.report(null).findings()).anyMatch(it -> it.contains("settled twice"));
  }

  @Test
  void findsAJobThatWasPaidTwice() {
    fund();
    audit.job(end());
    audit.ledger(payment());
    audit.ledger(payment());

    assertThat(audit.report(null).findings())
        .anyMatch(it -> it.equals(JOB + " was paid twice"))
        .anyMatch(it -> it.contains("/0/r0 was paid twice"))
        .anyMatch(it -> it.startsWith("books: "));
  }

  @Test
  void findsAPaymentOfAJobThatNeverEnded() {
    fund();
    audit.ledger(payment());

    assertThat(audit.report(null).findings())
        .anyMatch(it -> it.contains("was paid without having ended"));
  }

  @Test
  void findsNothingWrongWithAJobThatWasRunPaidAndLogged() {
    honest(receipt(1, true));
    audit.log(new LogEvent.LeavesAppended(0, List.of(LogLeaf.of(receipt(1, true)))));

    assertThat(audit.report(null).findings()).isEmpty();
  }

  @Test
  void findsASettledJobWhoseReceiptWasLost() {
    honest(receipt(1, true));

    assertThat(audit.report(null).findings())
        .containsExactly(LogLeaf.of(receipt(1, true)).key() + " is not in the log");
  }

  @Test
  void findsASettledJobWhosePaymentWasLost() {
    fund();
    run(receipt(1, true));
    audit.log(new LogEvent.LeavesAppended(0, List.of(LogLeaf.of(receipt(1, true)))));

    assertThat(audit.report(null).findings())
        .containsExactly(JOB + ": the receipt says 30, the books paid 0");
  }

  @Test
  void findsAJobThatWasSettledBeforeItEnded() {
    audit.job(new JobEvent.Settled(JOB, -1, 3));

    assertThat(audit.report(null).findings()).containsExactly(JOB + " was settled before it ended");
  }

  @Test
  void findsAJobThatWasSubmittedTwice() {
    var submitted = Cast.submitted(SPEC);
    audit.job(submitted);
    audit.job(submitted);

    assertThat(audit.report(null).findings()).containsExactly(JOB + " was submitted twice");
  }

  @Test
  void findsAResultThatWasSignedUnderAStaleFence() {
    Receipt receipt = receipt(7, true);
    Receipt stale = receipt(6, true);
    Receipt mixed = with(receipt, statement(stale));
    honest(mixed);
    audit.log(new LogEvent.LeavesAppended(0, List.of(LogLeaf.of(mixed))));

    assertThat(audit.report(null).findings())
        .containsExactly(REPLICA + ": its node has not signed that result");
  }

  @Test
  void findsAnAcceptedReplicaThatNobodySignedFor() {
    Receipt unsigned = with(receipt(7, true), null);
    honest(unsigned);
    audit.log(new LogEvent.LeavesAppended(0, List.of(LogLeaf.of(unsigned))));

    assertThat(audit.report(null).findings())
        .containsExactly(REPLICA + ": its node has not signed that result");
  }

  @Test
  void findsAFenceThatWasGivenTwice() {
    audit.job(Cast.placed(1, Cast.grant(Cast.replica(0, 0), "bob", 7, 1)));
    audit.job(Cast.placed(2, Cast.grant(Cast.replica(0, 1), "carol", 7, 1)));
    audit.job(Cast.placed(3, Cast.grant(Cast.replica(0, 2), "bob", 7, 1)));

    assertThat(audit.report(null).findings())
        .containsExactly(
            "%s: node %s had another lease under fence 7"
                .formatted(Cast.replica(0, 2), Cast.node("bob")));
  }

  @Test
  void findsAReplicaThatWasLeasedTwice() {
    audit.job(Cast.placed(1, Cast.grant(Cast.replica(0, 0), "bob", 7, 1)));
    audit.job(Cast.placed(2, Cast.grant(Cast.replica(0, 0), "carol", 8, 1)));

    assertThat(audit.report(null).findings())
        .containsExactly(Cast.replica(0, 0) + " was leased twice");
  }

  @Test
  void findsAPaidDissenter() {
    Receipt dissent = receipt(7, false);
    honest(dissent);
    audit.log(new LogEvent.LeavesAppended(0, List.of(LogLeaf.of(dissent))));

    assertThat(audit.report(null).findings())
        .containsExactly(REPLICA + " was paid and not accepted");
  }

  @Test
  void findsAnotherReceiptInTheLog() {
    honest(receipt(7, true));
    audit.log(new LogEvent.LeavesAppended(0, List.of(LogLeaf.of(receipt(8, true)))));

    assertThat(audit.report(null).findings())
        .containsExactly(
            LogLeaf.of(receipt(7, true)).key() + " stands in the log as another receipt");
  }

  @Test
  void findsAGapInTheLogAndALeafThatCameTwice() {
    var leaf = new LogLeaf("job/result/0", "00", "{}");
    audit.log(new LogEvent.LeavesAppended(0, List.of(leaf)));
    audit.log(new LogEvent.LeavesAppended(2, List.of(leaf)));

    assertThat(audit.report(null).findings())
        .contains("log: leaves at 2 after 1", "log: job/result/0 has two leaves");
  }

  @Test
  void findsAChainThatKnowsAnotherLogOrALongerOne() {
    audit.log(new LogEvent.LeavesAppended(0, List.of(new LogLeaf("job/result/0", "00", "{}"))));

    assertThat(
            audit.report(new ChainState(1, Cast.digest("forged"), money(0, 0), 0, "")).findings())
        .contains("chain: its log of 1 leaves is another");
    assertThat(
            audit.report(new ChainState(2, Cast.digest("forged"), money(0, 0), 0, "")).findings())
        .contains("chain: it knows 2 leaves, the journal 1");
  }

  @Test
  void findsACheckpointOverAnotherLog() {
    audit.log(new LogEvent.LeavesAppended(0, List.of(new LogLeaf("job/result/0", "00", "{}"))));
    audit.log(new LogEvent.CheckpointSealed(1, Digest.of(new byte[] {1}).hex(), "note"));

    assertThat(audit.report(null).findings()).anyMatch(it -> it.contains("is of another log"));
  }

  @Test
  void findsAChainThatHoldsSomethingElse() {
    fund();

    assertThat(held(money(99, 99)).findings())
        .containsExactly(
            "chain: the escrow holds 99 nano-OPEN, the books say 100 (0 in flight, 0 not of the"
                + " books)");
  }

  @Test
  void findsNothingWrongWithWhatAStrangerSent() {
    fund();

    var report = held(money(100, 1_100));

    assertThat(report.findings()).isEmpty();
    assertThat(report.lines())
        .contains(
            "chain: the escrow holds 100 nano-OPEN, as the books say",
            "chain: 1000 nano-OPEN were sent to the escrow past its doors");
  }

  @Test
  void findsNothingWrongWithADepositForAnAccountOfOthers() {
    fund();

    var report = held(money(170, 170, DEPOSIT, deposit("eve", 70, 3)));

    assertThat(report.findings()).isEmpty();
    assertThat(report.lines())
        .contains("chain: 70 nano-OPEN were deposited for accounts that are not of these books");
  }

  @Test
  void saysWhichDepositTheMemberHasStillToRead() {
    fund();

    var report = held(money(170, 170, DEPOSIT, deposit("ada", 70, 6)));

    assertThat(report.findings()).isEmpty();
    assertThat(report.lines())
        .contains("chain: 70 nano-OPEN were deposited, and wait for the member to read them");
  }

  @Test
  void findsADepositThatTheBooksPassedOver() {
    fund();

    assertThat(held(money(170, 170, DEPOSIT, deposit("ada", 70, 4))).findings())
        .singleElement()
        .asString()
        .contains("of 70 nano-OPEN for ada in block 4 is not in the books, which know of block 5");
  }

  @Test
  void findsAContractThatHasLessThanItShould() {
    fund();

    assertThat(held(money(100, 90)).findings())
        .containsExactly("chain: the escrow should hold 100 nano-OPEN and has 90");
  }

  @Test
  void takesNoMoreForAWithdrawalOnItsWayThanWasAskedFor() {
    fund();
    audit.ledger(new LedgerEvent.WithdrawalRequested("w1", "ada", OWNER, 20));

    assertThat(held(withdrawn(20)).findings()).isEmpty();
    assertThat(held(withdrawn(21)).findings())
        .singleElement()
        .asString()
        .startsWith("chain: the escrow holds 79 nano-OPEN, the books say 100");
  }

  private static final ChainMoney.Moved DEPOSIT =
      new ChainMoney.Moved("0x" + "0".repeat(64) + "/0", 5, account("ada"), 100);

  private static ChainMoney.Moved deposit(String tenant, long nanoOpen, long block) {
    return new ChainMoney.Moved("0x" + "1".repeat(64) + "/0", block, account(tenant), nanoOpen);
  }

  private static String account(String tenant) {
    return TenantId.parse(tenant).account().hex();
  }

  private AuditReport held(ChainMoney money) {
    return audit.report(new ChainState(0, MerkleTree.EMPTY, money, 0, ""));
  }

  private static ChainMoney money(long deposited, long balance, ChainMoney.Moved... deposits) {
    return new ChainMoney(9, deposited, 0, 0, 0, balance, 0, List.of(deposits), List.of());
  }

  private static ChainMoney withdrawn(long nanoOpen) {
    long left = 100 - nanoOpen;
    return new ChainMoney(9, 100, nanoOpen, 0, 0, left, 0, List.of(DEPOSIT), List.of());
  }

  /** A job that ran and was paid; its receipt is not in the log yet. */
  private void honest(Receipt receipt) {
    fund();
    run(receipt);
    audit.ledger(payment());
  }

  private void run(Receipt receipt) {
    audit.job(Cast.submitted(SPEC));
    audit.job(Cast.finished(JobEvent.End.SETTLED, receipt));
    audit.job(new JobEvent.Settled(JOB, 0, 10));
  }

  /** Of one replica, which was paid 30. */
  private static Receipt receipt(long fence, boolean accepted) {
    var outcome = Cast.said("42");
    var said = new ResultStatement(REPLICA, Cast.digest("task"), outcome.digest(), fence);
    var replica =
        new Receipt.ReplicaReceipt(
            REPLICA,
            Cast.node("bob"),
            Address.parse(OWNER),
            Cast.POOL,
            fence,
            accepted ? Receipt.Standing.ACCEPTED : Receipt.Standing.REJECTED,
            outcome,
            Cast.statement(said),
            60,
            30,
            "eu-west",
            300);
    return new Receipt(
        Receipt.VERSION,
        Receipt.Kind.RESULT,
        JOB,
        0,
        Cast.ADA,
        SPEC.digest(),
        0,
        Receipt.NO_RULES,
        SPEC.policy().verification(),
        null,
        List.of(new Receipt.TaskReceipt(0, Cast.digest("task"), outcome, List.of(replica))),
        30,
        0,
        9);
  }

  private static Receipt.@Nullable SignedStatement statement(Receipt receipt) {
    return receipt.tasks().getFirst().replicas().getFirst().statement();
  }

  private static Receipt with(Receipt receipt, Receipt.@Nullable SignedStatement statement) {
    var task = receipt.tasks().getFirst();
    var replica = task.replicas().getFirst();
    var changed =
        new Receipt.ReplicaReceipt(
            replica.replica(),
            replica.node(),
            replica.owner(),
            replica.pool(),
            replica.fence(),
            replica.standing(),
            replica.outcome(),
            statement,
            replica.priceNanoOpenPerGigafuel(),
            replica.paidNanoOpen(),
            replica.region(),
            replica.carbonGramsPerKwh());
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
        List.of(
            new Receipt.TaskReceipt(task.index(), task.task(), task.outcome(), List.of(changed))),
        receipt.chargedNanoOpen(),
        receipt.submittedAtMillis(),
        receipt.finishedAtMillis());
  }

  private void fund() {
    audit.ledger(
        new LedgerEvent.Deposited("ada", OWNER, 100, ESCROW, "0x" + "0".repeat(64) + "/0", 5));
    audit.ledger(new LedgerEvent.Held(JOB.value(), "ada", 40, "partition-0", 1));
  }

  private static LedgerEvent payment() {
    return new LedgerEvent.Settled(
        JOB.value(),
        "ada",
        40,
        List.of(new Payment(JOB + "/0/r0", "node", OWNER, 30, 0)),
        List.of(),
        10,
        "");
  }

  private static JobEvent end() {
    return new JobEvent.Finished(
        JOB, JobEvent.End.CANCELLED, Problem.CANCELLED, "cancelled", null, 2);
  }
}
