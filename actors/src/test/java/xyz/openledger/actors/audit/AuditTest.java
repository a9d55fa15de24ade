package xyz.openledger.actors.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.job.JobEvent;
import xyz.openledger.chainanchor.accounts.LedgerEvent;
import xyz.openledger.chainanchor.accounts.Payment;
import xyz.openledger.chainanchor.log.LogEvent;
import xyz.openledger.chainanchor.log.LogLeaf;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.merkle.MerkleTree;

/** Each planted fault makes the audit go red, by the sentence that names it. */
class AuditTest {
  private static final JobId JOB = JobId.of(new TenantId("ada"), "one");
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
  void findsACheckpointOverAnotherLog() {
    audit.log(new LogEvent.LeavesAppended(0, List.of(new LogLeaf("job/result/0", "00", "{}"))));
    audit.log(new LogEvent.CheckpointSealed(1, Digest.of(new byte[] {1}).hex(), "note"));

    assertThat(audit.report(null).findings()).anyMatch(it -> it.contains("is of another log"));
  }

  @Test
  void findsAChainThatHoldsSomethingElse() {
    fund();

    var report = audit.report(new ChainState(0, MerkleTree.EMPTY, 99, 0, 0, ""));

    assertThat(report.findings()).anyMatch(it -> it.contains("the escrow holds 99 nano-OPEN"));
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
