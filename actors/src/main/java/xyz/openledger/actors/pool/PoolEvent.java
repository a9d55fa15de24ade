package xyz.openledger.actors.pool;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.queue.Quotas;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TenantId;

/** What happened to a pool. */
public sealed interface PoolEvent {

  /** Which pool. */
  PoolId pool();

  /**
   * It was opened by its operator.
   *
   * @param prefer absent where it likes all nodes alike
   */
  record Opened(
      PoolId pool,
      String name,
      String operator,
      int scoreMargin,
      int explorationBasisPoints,
      int queueMax,
      @Nullable String admit,
      long clearingMillis,
      long preemptAfterMillis,
      long noticeMillis,
      @Nullable String prefer,
      long atMillis)
      implements PoolEvent {}

  /** A node offers this from now on. */
  record Listed(PoolId pool, NodeOffer offer, long atMillis) implements PoolEvent {}

  /** A node has left for good. */
  record Delisted(PoolId pool, NodeId node, long atMillis) implements PoolEvent {}

  /**
   * A tenant may use so many slots at once from now on.
   *
   * @param tenant absent for all that have no quota of their own
   * @param quota absent for none
   */
  record QuotaSet(
      PoolId pool, @Nullable TenantId tenant, Quotas.@Nullable Quota quota, long atMillis)
      implements PoolEvent {}

  /** Fences up to this one may have been given out; the next start begins above it. */
  record Fenced(PoolId pool, long upTo, long atMillis) implements PoolEvent {}

  /**
   * Its spot market has cleared.
   *
   * @param resourceClass what was traded
   * @param round 1 for the first
   * @param priceNanoOpen of a unit, the same for all
   * @param bidUnits leases that were bid for
   * @param askUnits leases that were for sale
   * @param awards the leases that were sold
   */
  record Cleared(
      PoolId pool,
      String resourceClass,
      long round,
      long priceNanoOpen,
      long bidUnits,
      long askUnits,
      List<Award> awards,
      long atMillis)
      implements PoolEvent {}

  /** A lease that was sold. */
  record Award(ReplicaId replica, NodeId node) {}

  /** Slots were bought ahead; their money is to be held. */
  record Booked(PoolId pool, List<Booking> bookings, long atMillis) implements PoolEvent {}

  /** A booking's money is held: its time begins. */
  record BookingBegan(PoolId pool, JobId booking, long atMillis) implements PoolEvent {}

  /**
   * A booking is over: it is to be paid.
   *
   * @param earnedNanoOpen of its price; the rest goes back
   */
  record BookingEnded(PoolId pool, JobId booking, long earnedNanoOpen, String detail, long atMillis)
      implements PoolEvent {}

  /** A booking's money has moved, or was never held. */
  record BookingClosed(PoolId pool, JobId booking, long atMillis) implements PoolEvent {}
}
