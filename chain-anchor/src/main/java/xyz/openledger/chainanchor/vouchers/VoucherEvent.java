package xyz.openledger.chainanchor.vouchers;

import java.util.List;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.voucher.SessionKey;
import xyz.openledger.protocol.voucher.SignedVoucher;

/** What happened to session keys. Written down before anything is done about it. */
public sealed interface VoucherEvent {

  /** A key that the chain knows pays for what comes under an API key. */
  record Opened(String apiKey, TenantId tenant, SessionKey terms) implements VoucherEvent {}

  /** A voucher was taken. */
  record Promised(SignedVoucher voucher) implements VoucherEvent {}

  /** A job may start, and cost so much at the most. */
  record Started(Address key, JobId job, long mostNanoOpen) implements VoucherEvent {}

  /** A job is over, and came to this. */
  record Ended(Address key, JobId job, List<PoolCost> costs) implements VoucherEvent {
    /** Keeps its own copy. */
    public Ended {
      costs = List.copyOf(costs);
    }
  }

  /** The chain's final state says what vouchers have paid to a pool. */
  record Settled(Address key, PoolId pool, long cumulativeNanoOpen) implements VoucherEvent {}

  /** A key that expired, and has nothing left to do, is no longer kept. */
  record Forgotten(Address key) implements VoucherEvent {}
}
