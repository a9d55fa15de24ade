package xyz.openledger.actors.wire;

import java.util.Map;
import java.util.function.Supplier;
import xyz.openledger.actors.claim.ClaimEvent;
import xyz.openledger.actors.files.FilesEvent;
import xyz.openledger.actors.governance.GovernanceEvent;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.job.JobEvent;
import xyz.openledger.actors.job.PartitionSnapshot;
import xyz.openledger.actors.keys.KeyEvent;
import xyz.openledger.actors.keys.KeysSnapshot;
import xyz.openledger.actors.models.CatalogueEvent;
import xyz.openledger.actors.node.NodeEvent;
import xyz.openledger.actors.pool.NodeOffer;
import xyz.openledger.actors.pool.PoolEvent;
import xyz.openledger.actors.pool.PoolSnapshot;
import xyz.openledger.actors.tuning.TuningEvent;
import xyz.openledger.actors.tuning.TuningPlan;
import xyz.openledger.chainanchor.accounts.BooksSnapshot;
import xyz.openledger.chainanchor.accounts.LedgerEvent;
import xyz.openledger.chainanchor.log.LogEvent;
import xyz.openledger.chainanchor.outbox.Intent;
import xyz.openledger.chainanchor.outbox.OutboxEvent;
import xyz.openledger.chainanchor.outbox.OutboxSnapshot;
import xyz.openledger.chainanchor.vouchers.SessionsSnapshot;
import xyz.openledger.chainanchor.vouchers.VoucherEvent;
import xyz.openledger.pools.PoolTerms;
import xyz.openledger.pools.Traits;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.TuningId;
import xyz.openledger.protocol.Workload;

/**
 * Everything that this product journals, by name and version. Append here; see {@link EventCodecs}
 * for what may change.
 */
public final class Events implements Supplier<EventCodecs> {

  @Override
  public EventCodecs get() {
    var codecs = EventCodecs.builder();
    forms(codecs);
    jobs(codecs);
    nodesAndPools(codecs);
    ledger(codecs);
    log(codecs);
    vouchers(codecs);
    keys(codecs);
    return codecs.build();
  }

  private static void forms(EventCodecs.Builder codecs) {
    codecs
        .as(Digest.class, byte[].class, Digest::bytes, Digest::wrap)
        .as(JobId.class, String.class, JobId::toString, JobId::parse)
        .as(NodeId.class, String.class, NodeId::toString, NodeId::parse)
        .as(PoolId.class, String.class, PoolId::toString, PoolId::parse)
        .as(ReplicaId.class, String.class, ReplicaId::toString, ReplicaId::parse)
        .as(TenantId.class, String.class, TenantId::toString, TenantId::parse)
        .as(TuningId.class, String.class, TuningId::toString, TuningId::parse)
        .as(Address.class, String.class, Address::toString, Address::parse)
        .as(Problem.class, String.class, Problem::code, Problem::parse)
        .union(
            Workload.class,
            Map.of(
                "wasm", Workload.Wasm.class,
                "matmul", Workload.Matmul.class,
                "inference", Workload.Inference.class,
                "finetune", Workload.Finetune.class,
                "onnx", Workload.Onnx.class,
                "private-model", Workload.PrivateModel.class))
        .union(
            Intent.class,
            Map.of(
                "anchor", Intent.Anchor.class,
                "publish-root", Intent.PublishRoot.class,
                "fund", Intent.Fund.class,
                "withdraw", Intent.Withdraw.class,
                "register-node", Intent.RegisterNode.class,
                "settle-vouchers", Intent.SettleVouchers.class));
  }

  private static void jobs(EventCodecs.Builder codecs) {
    codecs
        .event("job.submitted", 1, JobEvent.Submitted.class)
        .event("job.placed", 1, JobEvent.Placed.class)
        .event("job.claimed", 1, JobEvent.Claimed.class)
        .added(Grant.class, "confirmed", 0L)
        .added(Grant.class, "contribution", 0L)
        .added(Grant.class, "audited", false)
        .event("job.hedged", 1, JobEvent.Hedged.class)
        .event("job.noticed", 1, JobEvent.Noticed.class)
        .event("job.preempted", 1, JobEvent.Preempted.class)
        .event("job.committed", 1, JobEvent.Committed.class)
        .event("job.revealed", 1, JobEvent.Revealed.class)
        .event("job.lost", 1, JobEvent.Lost.class)
        .event("job.finished", 1, JobEvent.Finished.class)
        .event("job.answered", 1, JobEvent.Answered.class)
        .event("job.settled", 1, JobEvent.Settled.class)
        .event("job.partition-snapshot", 1, PartitionSnapshot.class)
        .union(
            JobEvent.class,
            Map.ofEntries(
                Map.entry("submitted", JobEvent.Submitted.class),
                Map.entry("placed", JobEvent.Placed.class),
                Map.entry("claimed", JobEvent.Claimed.class),
                Map.entry("hedged", JobEvent.Hedged.class),
                Map.entry("noticed", JobEvent.Noticed.class),
                Map.entry("preempted", JobEvent.Preempted.class),
                Map.entry("committed", JobEvent.Committed.class),
                Map.entry("revealed", JobEvent.Revealed.class),
                Map.entry("lost", JobEvent.Lost.class),
                Map.entry("answered", JobEvent.Answered.class),
                Map.entry("finished", JobEvent.Finished.class),
                Map.entry("settled", JobEvent.Settled.class)));
  }

  private static void nodesAndPools(EventCodecs.Builder codecs) {
    codecs
        .event("node.enrolled", 1, NodeEvent.Enrolled.class)
        .event("node.challenge-passed", 1, NodeEvent.ChallengePassed.class)
        .event("node.challenge-failed", 1, NodeEvent.ChallengeFailed.class)
        .event("node.registered", 1, NodeEvent.Registered.class)
        .event("node.downgraded", 1, NodeEvent.Downgraded.class)
        .event("node.restored", 1, NodeEvent.Restored.class)
        .event("node.fuel-downgraded", 1, NodeEvent.FuelDowngraded.class)
        .event("node.fuel-restored", 1, NodeEvent.FuelRestored.class)
        .event("node.drained", 1, NodeEvent.Drained.class)
        .event("node.left", 1, NodeEvent.Left.class)
        .event("pool.opened", 1, PoolEvent.Opened.class)
        .event("pool.listed", 1, PoolEvent.Listed.class)
        .added(NodeOffer.class, "traits", Traits.UNKNOWN)
        .event("pool.delisted", 1, PoolEvent.Delisted.class)
        .event("pool.quota-set", 1, PoolEvent.QuotaSet.class)
        .event("pool.fenced", 1, PoolEvent.Fenced.class)
        .added(PoolEvent.Opened.class, "clearingMillis", PoolTerms.CLEARING_MILLIS)
        .added(PoolEvent.Opened.class, "preemptAfterMillis", PoolTerms.PREEMPT_AFTER_MILLIS)
        .added(PoolEvent.Opened.class, "noticeMillis", PoolTerms.NOTICE_MILLIS)
        .event("pool.cleared", 1, PoolEvent.Cleared.class)
        .event("pool.booked", 1, PoolEvent.Booked.class)
        .event("pool.booking-began", 1, PoolEvent.BookingBegan.class)
        .event("pool.booking-ended", 1, PoolEvent.BookingEnded.class)
        .event("pool.booking-closed", 1, PoolEvent.BookingClosed.class)
        .event("pool.snapshot", 1, PoolSnapshot.class)
        .event("claim.issued", 1, ClaimEvent.Issued.class)
        .event("claim.spent", 1, ClaimEvent.Spent.class)
        .event("governance.adopted", 1, GovernanceEvent.Adopted.class)
        .event("catalogue.published", 1, CatalogueEvent.Published.class)
        .event("catalogue.withdrawn", 1, CatalogueEvent.Withdrawn.class)
        .event("files.kept", 1, FilesEvent.Kept.class)
        .event("files.deleted", 1, FilesEvent.Deleted.class)
        .event("files.batch-begun", 1, FilesEvent.Begun.class)
        .event("files.batch-unwanted", 1, FilesEvent.Unwanted.class)
        .event("files.batch-ended", 1, FilesEvent.Ended.class)
        .added(TuningPlan.class, "fuelPerPiece", 0L)
        .event("tuning.started", 1, TuningEvent.Started.class)
        .event("tuning.ordered", 1, TuningEvent.Ordered.class)
        .event("tuning.made", 1, TuningEvent.Made.class)
        .event("tuning.missed", 1, TuningEvent.Missed.class)
        .event("tuning.drawn", 1, TuningEvent.Drawn.class)
        .event("tuning.checked", 1, TuningEvent.Checked.class)
        .event("tuning.finished", 1, TuningEvent.Finished.class);
  }

  private static void ledger(EventCodecs.Builder codecs) {
    codecs
        .event("ledger.deposited", 1, LedgerEvent.Deposited.class)
        .event("ledger.held", 1, LedgerEvent.Held.class)
        .event("ledger.settled", 1, LedgerEvent.Settled.class)
        .event("ledger.released", 1, LedgerEvent.Released.class)
        .event("ledger.acknowledged", 1, LedgerEvent.Acknowledged.class)
        .event("ledger.withdrawal-requested", 1, LedgerEvent.WithdrawalRequested.class)
        .event("ledger.withdrawal-completed", 1, LedgerEvent.WithdrawalCompleted.class)
        .event("ledger.withdrawal-returned", 1, LedgerEvent.WithdrawalReturned.class)
        .event("ledger.payout-epoch-closed", 1, LedgerEvent.PayoutEpochClosed.class)
        .event("ledger.payout-epoch-published", 1, LedgerEvent.PayoutEpochPublished.class)
        .event("ledger.payout-epoch-reopened", 1, LedgerEvent.PayoutEpochReopened.class)
        .event("ledger.claimed", 1, LedgerEvent.Claimed.class)
        .event("ledger.books-snapshot", 1, BooksSnapshot.class)
        .union(
            LedgerEvent.class,
            Map.ofEntries(
                Map.entry("deposited", LedgerEvent.Deposited.class),
                Map.entry("held", LedgerEvent.Held.class),
                Map.entry("settled", LedgerEvent.Settled.class),
                Map.entry("released", LedgerEvent.Released.class),
                Map.entry("acknowledged", LedgerEvent.Acknowledged.class),
                Map.entry("withdrawal-requested", LedgerEvent.WithdrawalRequested.class),
                Map.entry("withdrawal-completed", LedgerEvent.WithdrawalCompleted.class),
                Map.entry("withdrawal-returned", LedgerEvent.WithdrawalReturned.class),
                Map.entry("payout-epoch-closed", LedgerEvent.PayoutEpochClosed.class),
                Map.entry("payout-epoch-published", LedgerEvent.PayoutEpochPublished.class),
                Map.entry("payout-epoch-reopened", LedgerEvent.PayoutEpochReopened.class),
                Map.entry("claimed", LedgerEvent.Claimed.class)));
  }

  private static void log(EventCodecs.Builder codecs) {
    codecs
        .event("log.leaves-appended", 1, LogEvent.LeavesAppended.class)
        .event("log.checkpoint-sealed", 1, LogEvent.CheckpointSealed.class)
        .event("log.checkpoint-cosigned", 1, LogEvent.CheckpointCosigned.class)
        .event("outbox.planned", 1, OutboxEvent.Planned.class)
        .event("outbox.anchor-grown", 1, OutboxEvent.AnchorGrown.class)
        .event("outbox.anchor-shifted", 1, OutboxEvent.AnchorShifted.class)
        .event("outbox.signed", 1, OutboxEvent.Signed.class)
        .event("outbox.sent", 1, OutboxEvent.Sent.class)
        .event("outbox.mined", 1, OutboxEvent.Mined.class)
        .event("outbox.safe", 1, OutboxEvent.Safe.class)
        .event("outbox.finalized", 1, OutboxEvent.Finalized.class)
        .event("outbox.rewound", 1, OutboxEvent.Rewound.class)
        .event("outbox.reverted", 1, OutboxEvent.Reverted.class)
        .event("outbox.nonce-taken", 1, OutboxEvent.NonceTaken.class)
        .event("outbox.satisfied", 1, OutboxEvent.Satisfied.class)
        .event("outbox.unsatisfied", 1, OutboxEvent.Unsatisfied.class)
        .event("outbox.conflicted", 1, OutboxEvent.Conflicted.class)
        .event("outbox.abandoned", 1, OutboxEvent.Abandoned.class)
        .event("outbox.renumbered", 1, OutboxEvent.Renumbered.class)
        .event("outbox.rolled-back", 1, OutboxEvent.RolledBack.class)
        .event("outbox.snapshot", 1, OutboxSnapshot.class);
  }

  private static void vouchers(EventCodecs.Builder codecs) {
    codecs
        .event("voucher.opened", 1, VoucherEvent.Opened.class)
        .event("voucher.promised", 1, VoucherEvent.Promised.class)
        .event("voucher.started", 1, VoucherEvent.Started.class)
        .event("voucher.ended", 1, VoucherEvent.Ended.class)
        .event("voucher.settled", 1, VoucherEvent.Settled.class)
        .event("voucher.forgotten", 1, VoucherEvent.Forgotten.class)
        .event("voucher.sessions-snapshot", 1, SessionsSnapshot.class);
  }

  private static void keys(EventCodecs.Builder codecs) {
    codecs
        .event("key.issued", 1, KeyEvent.Issued.class)
        .event("key.revoked", 1, KeyEvent.Revoked.class)
        .event("key.moved", 1, KeyEvent.Moved.class)
        .event("key.reserved", 1, KeyEvent.Reserved.class)
        .event("key.began-nothing", 1, KeyEvent.BeganNothing.class)
        .event("key.ended", 1, KeyEvent.Ended.class)
        .event("key.snapshot", 1, KeysSnapshot.class);
  }
}
